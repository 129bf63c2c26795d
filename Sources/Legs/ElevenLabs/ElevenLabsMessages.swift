import Codecs
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

/// What arrives on a `stream-input` socket. Fields that are not known are ignored.
package struct ElevenLabsMessage: Decodable, Sendable {
    /// When each character of a chunk sounds, in milliseconds from the start of that chunk.
    package struct Alignment: Decodable, Sendable {
        package var chars: [String]
        package var charStartTimesMs: [Double]
        package var charDurationsMs: [Double]

        /// As long as it says, with times that are times.
        var isWhole: Bool {
            chars.count == charStartTimesMs.count && chars.count == charDurationsMs.count
                && (charStartTimesMs + charDurationsMs).allSatisfy { (0...Self.longestMs).contains($0) }
        }

        /// An hour: no chunk is longer.
        private static let longestMs = 3_600_000.0
    }

    /// Base64.
    package var audio: String?
    package var isFinal: Bool?
    /// Of the text as it was sent.
    package var alignment: Alignment?
    /// Of the text as it is read: numbers and abbreviations are words.
    package var normalizedAlignment: Alignment?
    /// A word such as `input_timeout_exceeded`.
    package var error: String?
    /// The close code that will follow.
    package var code: Int?
    /// What went wrong, in prose that may quote the text: never shown.
    package var message: String?

    /// - Throws: `DecodingError` for what is no message.
    package init(parsing text: String) throws {
        self = try JSONDecoder().decode(Self.self, from: Data(text.utf8))
    }

    /// - Throws: `Base64Error`.
    package func audioBytes() throws -> [UInt8] {
        guard let audio, !audio.isEmpty else { return [] }
        let text = Array(audio.utf8)
        var bytes = [UInt8](repeating: 0, count: Base64.decodedCapacity(for: text.count))
        var room = bytes.mutableSpan
        let count = try Base64.decode(text.span, into: &room)
        bytes.removeSubrange(count...)
        return bytes
    }
}
