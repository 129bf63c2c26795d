import NIOCore

/// Writes the provider's side of a stream: the JSON text frames, numbered as the vendor numbers them.
///
/// Counters are JSON strings; `sequenceNumber` counts every message from 1 (`start`), `chunk` the media from 1.
/// - Source: twilio.com/docs/voice/media-streams/websocket-messages.
public struct ProviderMessages: Sendable {
    private let streamSid: String
    private let callSid: String
    private let accountSid: String
    private let customParameters: [String: String]
    private let tail: String
    private var sequence = 0
    private var chunk = 0

    public init(streamSid: String, callSid: String, accountSid: String, customParameters: [String: String]) {
        self.streamSid = streamSid
        self.callSid = callSid
        self.accountSid = accountSid
        self.customParameters = customParameters
        tail = #""},"streamSid":"\#(streamSid)"}"#
    }

    /// Media messages written so far.
    public var mediaCount: Int { chunk }

    /// The first frame; it has neither number nor stream.
    public static let connected = #"{"event":"connected","protocol":"Call","version":"1.0.0"}"#

    public mutating func start() -> String {
        sequence += 1
        let parameters = customParameters.sorted { $0.key < $1.key }
            .map { "\"\(Self.escape($0.key))\":\"\(Self.escape($0.value))\"" }
            .joined(separator: ",")
        return #"{"event":"start","sequenceNumber":"\#(sequence)","start":{"accountSid":"\#(Self.escape(accountSid))","#
            + #""streamSid":"\#(streamSid)","callSid":"\#(Self.escape(callSid))","tracks":["inbound"],"#
            + #""mediaFormat":{"encoding":"audio/x-mulaw","sampleRate":8000,"channels":1},"#
            + #""customParameters":{\#(parameters)}},"streamSid":"\#(streamSid)"}"#
    }

    /// Appends one media message.
    ///
    /// - Parameter timestamp: milliseconds since the stream started.
    public mutating func media(_ payload: ArraySlice<UInt8>, timestamp: Int, into buffer: inout ByteBuffer) {
        sequence += 1
        chunk += 1
        buffer.writeString(#"{"event":"media","sequenceNumber":""#)
        buffer.writeString(String(sequence))
        buffer.writeString(#"","media":{"track":"inbound","chunk":""#)
        buffer.writeString(String(chunk))
        buffer.writeString(#"","timestamp":""#)
        buffer.writeString(String(timestamp))
        buffer.writeString(#"","payload":""#)
        buffer.writeBytes(LineCodec.base64(payload))
        buffer.writeString(tail)
    }

    public mutating func mark(_ name: String) -> String {
        sequence += 1
        return #"{"event":"mark","sequenceNumber":"\#(sequence)","streamSid":"\#(streamSid)","#
            + #""mark":{"name":"\#(Self.escape(name))"}}"#
    }

    public mutating func stop() -> String {
        sequence += 1
        return #"{"event":"stop","sequenceNumber":"\#(sequence)","stop":{"accountSid":"\#(Self.escape(accountSid))","#
            + #""callSid":"\#(Self.escape(callSid))"},"streamSid":"\#(streamSid)"}"#
    }

    /// Escapes a string for JSON (RFC 8259 section 7).
    static func escape(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
