import Foundation

/// What is sent on a `stream-input` socket.
enum ElevenLabsRequest {
    /// First, and only here are voice settings allowed: sent again they close the socket (1008).
    struct Opening: Encodable {
        var text = " "
        var voiceSettings: ElevenLabsVoiceSettings

        enum CodingKeys: String, CodingKey {
            case text
            case voiceSettings = "voice_settings"
        }
    }

    /// The piece. Its text ends with a space, so that the vendor takes its last word for whole; the flush makes it at once.
    struct Text: Encodable {
        var text: String
        var flush = true
    }

    /// No more text: the rest is made, the last message comes, the socket closes.
    struct Ending: Encodable {
        var text = ""
    }

    /// The body of `POST /v1/text-to-speech/{voice}/stream`.
    struct Body: Encodable {
        var text: String
        var model: String
        var language: String?
        var settings: ElevenLabsVoiceSettings
        var textNormalization: String?

        enum CodingKeys: String, CodingKey {
            case text
            case model = "model_id"
            case language = "language_code"
            case settings = "voice_settings"
            case textNormalization = "apply_text_normalization"
        }
    }

    static func text(of message: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        return String(decoding: try encoder.encode(message), as: UTF8.self)
    }
}
