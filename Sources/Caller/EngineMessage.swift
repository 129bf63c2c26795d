/// What an engine may send on a bidirectional stream.
///
/// - Source: twilio.com/docs/voice/media-streams/websocket-messages, "Send WebSocket messages to Twilio".
public enum EngineMessage: Sendable, Equatable {
    /// Headerless mu-law at 8 kHz, any length; other formats were decoded to it.
    case media([UInt8])
    case mark(String)
    case clear
    /// The caller is to be put through to this number. Ringover only.
    case transfer(String)
    /// Keys to be sent to the caller. Ringover only.
    case digits(String)

    /// One text frame, judged as the provider judges it.
    ///
    /// - Parameter streamSid: the stream of this socket.
    /// - Returns: the message, unless it cannot be acted on, and the first breach of the protocol found, if any.
    public static func read(_ text: [UInt8], streamSid: String) -> (message: EngineMessage?, fault: ProtocolFault?) {
        guard case .object(let fields)? = MessageScanner.scan(text) else { return (nil, .undecodable) }
        func string(_ name: String, in fields: [MessageScanner.Field]) -> [UInt8]? {
            guard case .string(let bytes)? = fields.first(where: { $0.name == name })?.value else { return nil }
            return bytes
        }
        guard let event = string("event", in: fields) else { return (nil, .missingField) }
        let kind = String(decoding: event, as: UTF8.self)
        guard kind == "media" || kind == "mark" || kind == "clear" else { return (nil, .unknownEvent) }
        guard let stream = string("streamSid", in: fields) else { return (nil, .missingField) }
        guard stream.elementsEqual(streamSid.utf8) else { return (nil, .wrongStream) }
        if kind == "clear" { return (.clear, fields.count > 2 ? .extraField : nil) }
        guard case .object(let inner)? = fields.first(where: { $0.name == kind })?.value,
            let content = string(kind == "media" ? "payload" : "name", in: inner)
        else { return (nil, .missingField) }
        let extra: ProtocolFault? = fields.count > 3 || inner.count > 1 ? .extraField : nil
        if kind == "mark" { return (.mark(String(decoding: content, as: UTF8.self)), extra) }
        guard let audio = LineCodec.bytes(base64: content), !audio.isEmpty else { return (nil, .badPayload) }
        return (.media(audio), audio.starts(with: Array("RIFF".utf8)) ? .fileHeader : extra)
    }
}
