import Foundation

/// What is sent on a Speak socket, as JSON text.
enum AuraCommand: Encodable {
    case speak(String)
    case flush
    case clear

    private enum CodingKeys: String, CodingKey { case type, text }

    func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        switch self {
        case .speak(let text):
            try fields.encode("Speak", forKey: .type)
            try fields.encode(text, forKey: .text)
        case .flush: try fields.encode("Flush", forKey: .type)
        case .clear: try fields.encode("Clear", forKey: .type)
        }
    }

    /// The message as it is sent. Strings always encode.
    var text: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        guard let bytes = try? encoder.encode(self) else { preconditionFailure("two strings encode as JSON") }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// What arrives on a Speak socket besides audio. Other types and fields are ignored.
struct AuraEvent: Decodable {
    enum Kind: String {
        case metadata = "Metadata"
        case flushed = "Flushed"
        case cleared = "Cleared"
        case warning = "Warning"
        case error = "Error"
    }

    private var type: String
    /// A word of the vendor's: `DATA-0000`. Its prose is never shown.
    private var code: String?
    private var errCode: String?

    /// nil for what this version of the protocol does not know.
    var kind: Kind? { Kind(rawValue: type) }
    var word: String? { VendorErrorWord.checked(code) ?? VendorErrorWord.checked(errCode) }

    private enum CodingKeys: String, CodingKey {
        case type, code
        case errCode = "err_code"
    }

    /// - Throws: `DecodingError` for what is no message.
    init(parsing text: String) throws {
        self = try JSONDecoder().decode(Self.self, from: Data(text.utf8))
    }
}
