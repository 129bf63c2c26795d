import Actors
import Foundation
import NIOCore

extension VendorHTTP {
    /// Sends a recording and reads the whole answer as JSON.
    ///
    /// - Throws: `LegError` "protocol" for an answer that is no such JSON; what `send` throws.
    func transcribe<Answer: Decodable>(
        _ path: String,
        body: ByteBuffer,
        contentType: String,
        as answer: Answer.Type
    ) async throws -> Answer {
        let response = try await send(
            "POST",
            path,
            body: body,
            contentType: contentType,
            headers: [("Accept", "application/json")]
        )
        let bytes = try await response.collect(upTo: limits.bodyBytes)
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        do {
            return try decoder.decode(answer, from: Data(bytes.readableBytesView))
        } catch {
            throw failure.protocol("the answer is not one of the interface")
        }
    }

    /// - Throws: `LegError` "refused", which names the limit.
    func check(_ recording: RecordingAudio, atMost limit: Int) throws {
        guard !recording.bytes.isEmpty else { throw failure.refused("the recording is empty") }
        guard recording.bytes.count <= limit else {
            throw failure.refused("the recording is longer than \(limit) bytes, the largest that is taken")
        }
    }
}

extension VendorLimits {
    /// A recording is answered when all of it has been heard.
    public static let recording = VendorLimits(
        response: .seconds(600),
        idle: .seconds(60),
        whole: .seconds(600),
        bodyBytes: 64 << 20
    )
}
