import Codecs
import Foundation

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
