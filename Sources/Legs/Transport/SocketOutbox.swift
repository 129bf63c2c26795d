import Engine
import NIOCore
import NIOWebSocket

/// What waits to be sent on a socket, bounded. Filled by any thread, emptied on the event loop, which also tells what has
/// left for the network.
final class SocketOutbox: Sendable {
    struct Item: Sendable {
        let opcode: WebSocketOpcode
        let data: ByteBuffer
    }

    private struct State {
        var waiting: [Item] = []
        /// Waiting here and written to a channel that has not taken them yet.
        var messages = 0
        var bytes = 0
        var isOpen = true
    }

    private let state = Locked(State())
    private let messages: Int
    private let bytes: Int

    init(limits: VendorLimits) {
        messages = limits.queuedMessages
        bytes = limits.queuedBytes
    }

    enum Admission { case refused, taken, firstOfBatch }

    /// - Returns: `firstOfBatch` asks the caller to have the event loop empty the box.
    func put(_ item: Item) -> Admission {
        state.withLock { state in
            guard state.isOpen, state.messages < messages, state.bytes + item.data.readableBytes <= bytes else {
                return .refused
            }
            state.waiting.append(item)
            state.messages += 1
            state.bytes += item.data.readableBytes
            return state.waiting.count == 1 ? .firstOfBatch : .taken
        }
    }

    func takeAll() -> [Item] {
        state.withLock { state in
            defer { state.waiting = [] }
            return state.waiting
        }
    }

    func left(_ item: Item) {
        state.withLock { state in
            state.messages -= 1
            state.bytes -= item.data.readableBytes
        }
    }

    /// Nothing is taken any more; what waits may still be sent.
    func close() { state.withLock { $0.isOpen = false } }

    var isOpen: Bool { state.withLock { $0.isOpen } }
}
