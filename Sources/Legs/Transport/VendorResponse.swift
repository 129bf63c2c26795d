import Actors
import NIOCore
import NIOHTTP1

/// A vendor's 2xx answer: its head is there, its body arrives.
public struct VendorResponse: Sendable {
    public let status: Int
    public let headers: HTTPHeaders
    /// For one reader. Giving it up closes the request.
    public let body: VendorBody

    /// The whole body.
    ///
    /// - Throws: `LegError` "protocol" when it is longer than `limit` bytes; what the body throws.
    public func collect(upTo limit: Int) async throws -> ByteBuffer {
        var whole = ByteBuffer()
        for try await part in body {
            guard whole.readableBytes + part.readableBytes <= limit else {
                throw body.failure.protocol("the answer is longer than \(limit) bytes")
            }
            whole.writeImmutableBuffer(part)
        }
        return whole
    }
}

/// The body of an answer, in pieces as they arrive.
///
/// - Throws: `LegError`: "timeout" after `VendorLimits.idle` without a byte or `whole` altogether, "protocol" past
///   `bodyBytes`, "unavailable" when the connection breaks. `CancellationError` when the reading task is cancelled: half
///   an answer never looks whole.
public struct VendorBody: AsyncSequence, Sendable {
    public typealias Element = ByteBuffer
    let pieces: AsyncThrowingStream<ByteBuffer, any Error>
    let failure: VendorFailure

    public func makeAsyncIterator() -> Iterator { Iterator(base: pieces.makeAsyncIterator()) }

    public struct Iterator: AsyncIteratorProtocol {
        var base: AsyncThrowingStream<ByteBuffer, any Error>.Iterator

        public mutating func next() async throws -> ByteBuffer? {
            if let piece = try await base.next() { return piece }
            try Task.checkCancellation()
            return nil
        }
    }
}
