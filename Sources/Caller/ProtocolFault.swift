/// What an engine can do wrong on the stream. The provider logs a warning and drops the message, or plays what it can.
public enum ProtocolFault: String, Codable, Sendable, CaseIterable {
    case binaryFrame
    case undecodable
    case unknownEvent
    case missingField
    case extraField
    case wrongStream
    case badPayload
    /// A WAV header inside a payload, which must be headerless mu-law. The provider plays it as a click and says
    /// nothing.
    case fileHeader

    /// The provider's code, from twilio.com/docs/api/errors.
    public var vendorCode: Int? {
        switch self {
        case .binaryFrame, .undecodable: 31950
        case .unknownEvent, .missingField, .extraField, .wrongStream, .badPayload: 31951
        case .fileHeader: nil
        }
    }
}
