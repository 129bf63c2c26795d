import Actors
import Engine
import NIOCore
import Synchronization

/// A socket that empties its call's outbound ring when told, on its event loop.
protocol SocketFlushing: AnyObject {
    func flush()
}

/// Wakes one event loop once per media slot, however many of its calls have something to send, and lets it look only at
/// the sockets of those calls.
///
/// SAFETY of `@unchecked Sendable`: `sockets` is touched only on `loop`; everything else is immutable or atomic.
final class SocketFlusher: SlotObserver, @unchecked Sendable {
    /// Sockets beyond this share a bit with another one and are looked at a little more often.
    private static let words = 32
    private static var bits: Int { words * 64 }

    private let loop: any EventLoop
    private let isDirty = Atomic<Bool>(false)
    /// One bit per socket: it has something to send.
    private let dirty = DirtyBits()
    private var sockets: [[any SocketFlushing]] = Array(repeating: [], count: bits)
    /// Made once, so that a wake-up allocates no closure.
    private var wake: (@Sendable () -> Void)?

    private struct DirtyBits: ~Copyable {
        let words = InlineArray<32, Atomic<UInt64>> { _ in Atomic(0) }
    }

    init(loop: any EventLoop) {
        self.loop = loop
        // Weak, because a wake-up may still be queued on the loop when the engine is gone.
        wake = { [weak self] in self?.flush() }
    }

    func slotEnded() {
        guard isDirty.exchange(false, ordering: .acquiringAndReleasing), let wake else { return }
        loop.execute(wake)
    }

    /// Adds a socket.
    /// - Returns: what its call tells when it has something to send.
    func add(_ socket: any SocketFlushing) -> SocketSignal {
        loop.preconditionInEventLoop()
        var bit = 0
        for candidate in sockets.indices where sockets[candidate].count < sockets[bit].count {
            bit = candidate
            break
        }
        sockets[bit].append(socket)
        return SocketSignal(flusher: self, bit: bit)
    }

    func remove(_ socket: any SocketFlushing, _ signal: SocketSignal) {
        loop.preconditionInEventLoop()
        sockets[signal.bit].removeAll { $0 === socket }
    }

    fileprivate func mark(_ bit: Int) {
        dirty.words[bit / 64].bitwiseOr(1 << UInt64(bit % 64), ordering: .releasing)
        isDirty.store(true, ordering: .releasing)
    }

    private func flush() {
        for word in 0..<Self.words {
            // Most calls have nothing to send in this slot, and most words no call: look before writing.
            guard dirty.words[word].load(ordering: .relaxed) != 0 else { continue }
            var bits = dirty.words[word].exchange(0, ordering: .acquiring)
            while bits != 0 {
                let bit = bits.trailingZeroBitCount
                bits &= bits - 1
                for socket in sockets[word * 64 + bit] { socket.flush() }
            }
        }
    }
}

/// One call's way of saying that its socket has something to send.
final class SocketSignal: OutboundSignal {
    private let flusher: SocketFlusher
    fileprivate let bit: Int

    init(flusher: SocketFlusher, bit: Int) {
        self.flusher = flusher
        self.bit = bit
    }

    func markDirty() { flusher.mark(bit) }
}

/// One flusher per event loop, known to every media worker.
final class SocketFlushers: Sendable {
    private let flushers: [ObjectIdentifier: SocketFlusher]

    init(group: any EventLoopGroup, workers: WorkerGroup) {
        var flushers: [ObjectIdentifier: SocketFlusher] = [:]
        for loop in group.makeIterator() {
            let flusher = SocketFlusher(loop: loop)
            flushers[ObjectIdentifier(loop)] = flusher
            for worker in workers.workers { worker.observe(flusher) }
        }
        self.flushers = flushers
    }

    subscript(loop: any EventLoop) -> SocketFlusher {
        guard let flusher = flushers[ObjectIdentifier(loop)] else {
            preconditionFailure("a media socket runs on an event loop of the engine's own group")
        }
        return flusher
    }
}
