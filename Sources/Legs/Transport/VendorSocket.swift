import Actors
import NIOCore
import NIOWebSocket

/// One WebSocket client connection to a vendor (RFC 6455). Letting go of it closes it, also while its messages are read.
///
/// Reading is paused while `VendorLimits.queuedMessages` wait for the reader; a quiet socket is asked for a sign of life, so
/// that a half-open one is noticed.
public final class VendorSocket: Sendable {
    public enum Message: Sendable, Equatable {
        case text(String)
        case binary(ByteBuffer)
        /// The other side closed; the code is missing when its close frame had none, the reason is its own text and may hold
        /// anything. Last.
        case closed(code: UInt16?, reason: String)

        var size: Int {
            switch self {
            case .text(let text): text.utf8.count
            case .binary(let bytes): bytes.readableBytes
            case .closed: 0
            }
        }
    }

    private let channel: any Channel
    private let inbox: SocketInbox
    private let outbox: SocketOutbox
    private let limits: VendorLimits

    init(channel: any Channel, inbox: SocketInbox, outbox: SocketOutbox, limits: VendorLimits) {
        self.channel = channel
        self.inbox = inbox
        self.outbox = outbox
        self.limits = limits
    }

    deinit { if isOpen { channel.close(promise: nil) } }

    /// Everything that arrives, for one reader at a time. Cancelling the reading task closes the socket at once; leaving off
    /// does not, and another reader may go on.
    ///
    /// - Throws (inside the sequence): `LegError`: "unavailable" when the connection breaks, "timeout" when nobody answers
    ///   there, "protocol" for what is no WebSocket, no UTF-8 or longer than `VendorLimits.messageBytes`.
    public var messages: Messages { Messages(inbox: inbox, channel: channel) }

    public struct Messages: AsyncSequence, Sendable {
        public typealias Element = Message
        let inbox: SocketInbox
        let channel: any Channel

        public func makeAsyncIterator() -> Iterator { Iterator(messages: self) }

        public struct Iterator: AsyncIteratorProtocol {
            let messages: Messages

            public mutating func next() async throws -> Message? {
                let channel = messages.channel, inbox = messages.inbox
                return try await withTaskCancellationHandler {
                    try await inbox.next { channel.triggerUserOutboundEvent(SocketCommand.resume, promise: nil) }
                } onCancel: {
                    inbox.abandon()
                    channel.close(promise: nil)
                }
            }
        }
    }

    /// Queues a text message, from any thread, without waiting.
    ///
    /// - Returns: false when the queue is full or the socket is closed.
    @discardableResult
    public func send(text: String) -> Bool { put(.init(opcode: .text, data: ByteBuffer(string: text))) }

    /// Queues a binary message; as `send(text:)`.
    @discardableResult
    public func send(binary: [UInt8]) -> Bool { put(.init(opcode: .binary, data: ByteBuffer(bytes: binary))) }

    /// Sends what is queued, then closes with a closing handshake, for which it waits at most `VendorLimits.close`. What
    /// still arrives is read as before.
    ///
    /// - Parameter code: RFC 6455 section 7.4.
    public func close(code: UInt16 = 1000) {
        outbox.close()
        channel.triggerUserOutboundEvent(SocketCommand.close(code: code), promise: nil)
    }

    /// Closes at once: nothing more is sent or read.
    public func abort() {
        outbox.close()
        inbox.abandon()
        channel.close(promise: nil)
    }

    /// False once closing has begun, from either side.
    public var isOpen: Bool { outbox.isOpen }

    private func put(_ item: SocketOutbox.Item) -> Bool {
        switch outbox.put(item) {
        case .refused: return false
        case .taken: return true
        case .firstOfBatch:
            channel.triggerUserOutboundEvent(SocketCommand.send, promise: nil)
            return true
        }
    }
}

/// What a socket's owner asks of its handler.
enum SocketCommand: Sendable {
    case send
    /// The reader has caught up.
    case resume
    case close(code: UInt16)
}
