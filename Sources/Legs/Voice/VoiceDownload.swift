import Actors
import NIOCore

/// Reads a piece whose audio is the body of an HTTP answer.
package enum VoiceDownload {
    /// Bytes at the start of the body that are looked at before any is played.
    private static let headBytes = 16

    /// - Parameters:
    ///   - open: sends the request; the answer's media type and body.
    ///   - bytes: of one element of the body.
    /// - Throws: what `open` and the body throw; `LegError` "protocol" for a body that is text or a file where raw samples
    ///   belong: played, it would be noise.
    package static func read<Body: AsyncSequence & SendableMetatype>(
        _ piece: SpeechPiece,
        open: @escaping @Sendable () async throws -> (mediaType: String?, body: Body),
        bytes: @escaping @Sendable (Body.Element) -> [UInt8]
    ) async throws where Body.AsyncIterator: SendableMetatype {
        // A task of its own: the piece's work is not cancelled with its reader, the request is.
        let reading = Task {
            let (mediaType, body) = try await open()
            if let fault = fault(mediaType: mediaType) { throw piece.errors.malformed(fault) }
            var head: [UInt8]? = []
            for try await element in body {
                guard let begun = head else {
                    try piece.audio(bytes(element))
                    continue
                }
                head = begun + bytes(element)
                if begun.count + bytes(element).count >= headBytes { try flush(&head, piece) }
            }
            try flush(&head, piece)
        }
        piece.onStop { _ in reading.cancel() }
        try await reading.value
    }

    /// The same for an answer of `VendorHTTP`.
    static func read(_ piece: SpeechPiece, from open: @escaping @Sendable () async throws -> VendorResponse)
        async throws
    {
        try await read(piece) {
            let answer = try await open()
            return (answer.headers.first(name: "Content-Type"), answer.body)
        } bytes: {
            [UInt8](buffer: $0)
        }
    }

    private static func flush(_ head: inout [UInt8]?, _ piece: SpeechPiece) throws {
        guard let bytes = head else { return }
        if let fault = fault(head: bytes) { throw piece.errors.malformed(fault) }
        head = nil
        try piece.audio(bytes)
    }

    package static func fault(mediaType: String?) -> String? {
        let type = mediaType?.lowercased() ?? ""
        let isText =
            type.hasPrefix("text/") || type.hasPrefix("application/json") || type.hasPrefix("application/problem")
        return isText ? "the answer is text where audio was asked for" : nil
    }

    /// - Parameter bytes: the beginning of the audio.
    package static func fault(head bytes: [UInt8]) -> String? {
        if bytes.starts(with: "RIFF".utf8) { return "the answer is a WAV file where raw samples were asked for" }
        let head = bytes.prefix(headBytes)
        // Samples of a quiet beginning are near zero, or near 0x7F and 0xFF in mu-law: not sixteen letters in a row.
        let isText = head.count > 1 && head.allSatisfy { (0x20...0x7E).contains($0) || (0x09...0x0D).contains($0) }
        return isText ? "the answer is text where audio was asked for" : nil
    }
}
