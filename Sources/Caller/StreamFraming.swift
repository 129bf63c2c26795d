import NIOCore
import NIOWebSocket

/// A provider's side of one media stream: what it sends, and how it reads what the engine sends.
///
/// A class, because one call owns it and what it holds (resamplers) cannot be copied. Used on the call's event loop only.
protocol StreamFraming: AnyObject {
    /// The first messages, text.
    func opening() -> [String]
    /// Writes one frame of the caller's audio, 20 ms of mu-law.
    /// - Parameter timestamp: milliseconds since the stream started.
    /// - Returns: the kind of message it is.
    func audio(_ payload: ArraySlice<UInt8>, timestamp: Int, into buffer: inout ByteBuffer) -> WebSocketOpcode
    /// A mark is given back; nil where the provider gives none back.
    func mark(_ name: String) -> String?
    /// The last message; nil where the socket's end says it.
    func closing() -> String?
    /// One text message of the engine, judged as the provider judges it.
    func read(_ text: [UInt8]) -> (message: EngineMessage?, fault: ProtocolFault?)
    /// Audio messages written so far.
    var audioCount: Int { get }
}

/// Twilio's Media Streams.
final class TwilioStream: StreamFraming {
    private var messages: ProviderMessages
    private let streamSid: String

    init(configuration: TwilioCallConfiguration, streamSid: String, parameters: [String: String]) {
        self.streamSid = streamSid
        messages = ProviderMessages(
            streamSid: streamSid,
            callSid: configuration.callSid,
            accountSid: configuration.accountSid,
            customParameters: parameters
        )
    }

    func opening() -> [String] { [ProviderMessages.connected, messages.start()] }

    func audio(_ payload: ArraySlice<UInt8>, timestamp: Int, into buffer: inout ByteBuffer) -> WebSocketOpcode {
        messages.media(payload, timestamp: timestamp, into: &buffer)
        return .text
    }

    func mark(_ name: String) -> String? { messages.mark(name) }
    func closing() -> String? { messages.stop() }
    func read(_ text: [UInt8]) -> (message: EngineMessage?, fault: ProtocolFault?) {
        EngineMessage.read(text, streamSid: streamSid)
    }
    var audioCount: Int { messages.mediaCount }
}
