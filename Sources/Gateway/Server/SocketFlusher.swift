import Actors
import Engine
import NIOCore
import Synchronization

/// A socket that empties its call's outbound ring when told, on its event loop.
protocol SocketFlushing: AnyObject {
    func flush()
}

/// Wakes one event loop once per media slot, however many of its calls have something to send.
///
/// SAFETY of `@unchecked Sendable`: `sockets` is touched only on `loop`; everything else is immutable or atomic.
final class SocketFlusher: OutboundSignal, SlotObserver, @unchecked Sendable {
    private let loop: any EventLoop
    private let isDirty = Atomic<Bool>(false)
    private var sockets: [any SocketFlushing] = []
    /// Made once, so that a wake-up allocates no closure.
    private var wake: (@Sendable () -> Void)?

    init(loop: any EventLoop) {
        self.loop = loop
        // Weak, because a wake-up may still be queued on the loop when the engine is gone.
        wake = { [weak self] in self?.flush() }
    }

    func markDirty() { isDirty.store(true, ordering: .relaxed) }

    func slotEnded() {
        guard isDirty.exchange(false, ordering: .relaxed), let wake else { return }
        loop.execute(wake)
    }

    func add(_ socket: any SocketFlushing) {
        loop.preconditionInEventLoop()
        sockets.append(socket)
    }

    func remove(_ socket: any SocketFlushing) {
        loop.preconditionInEventLoop()
        sockets.removeAll { $0 === socket }
    }

    private func flush() {
        for socket in sockets { socket.flush() }
    }
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
