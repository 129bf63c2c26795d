import Actors
import Engine
import NIOCore
import Synchronization

/// A call's socket, on its event loop.
package protocol SlotSocket: AnyObject {
    /// Empties the call's outbound ring.
    func flush()
    /// The socket itself, where nothing lies between it and the call's messages; nil where something does (TLS).
    var descriptor: CInt? { get }
    /// From now on the socket is read when it is told, or by the library again.
    func readWhenTold(_ isTold: Bool)
    /// Reads what has come.
    /// - Parameter buffer: lent for the time of the call.
    func readNow(_ buffer: UnsafeMutableRawBufferPointer)
}

/// Wakes one event loop once per media slot, however many of its calls have something to send, and lets it look only at
/// the sockets of those calls. With many calls it reads their sockets then as well (`SocketSet`).
///
/// SAFETY of `@unchecked Sendable`: `sockets`, `count` and `together` are touched only on `loop`; everything else is
/// immutable or atomic.
package final class SocketFlusher: SlotObserver, @unchecked Sendable {
    /// Sockets beyond this share a bit with another one and are looked at a little more often.
    private static let words = 32
    private static var bits: Int { words * 64 }

    private let loop: any EventLoop
    /// From so many sockets on, they are read together: with fewer, most slots tick nothing and would read nothing.
    private let manySockets: Int
    private let isDirty = Atomic<Bool>(false)
    /// When the wake-up that is on its way was asked for, nanoseconds of the monotonic clock; 0: none is. A loop that waits for
    /// the processor gets one, not one for every slot.
    private let queuedAt = Atomic<Int64>(0)
    private let readsTogether = Atomic<Bool>(false)
    /// One bit per socket: it has something to send.
    private let dirty = DirtyBits()
    private var sockets: [[any SlotSocket]] = Array(repeating: [], count: bits)
    private var count = 0
    /// The sockets that are read once a slot; nil while all are read by the library.
    private var together: SocketSet?
    /// Made once, so that a wake-up allocates no closure.
    private var wake: (@Sendable () -> Void)?

    private struct DirtyBits: ~Copyable {
        let words = InlineArray<32, Atomic<UInt64>> { _ in Atomic(0) }
    }

    /// - Parameter manySockets: from so many on, the sockets are read together.
    package init(loop: any EventLoop, manySockets: Int) {
        self.loop = loop
        self.manySockets = manySockets
        // Weak, because a wake-up may still be queued on the loop when the engine is gone.
        wake = { [weak self] in self?.flush() }
    }

    package func slotEnded(now: Int64) {
        let isDirty = isDirty.exchange(false, ordering: .acquiringAndReleasing)
        guard isDirty || readsTogether.load(ordering: .relaxed), let wake else { return }
        guard queuedAt.compareExchange(expected: 0, desired: now, ordering: .acquiringAndReleasing).exchanged else {
            return
        }
        loop.execute(wake)
    }

    package var waitsSince: Int64? {
        let since = queuedAt.load(ordering: .relaxed)
        return since == 0 ? nil : since
    }

    /// Adds the socket of a call that begins.
    /// - Returns: what its call tells when it has something to send.
    package func add(_ socket: any SlotSocket) -> SocketSignal {
        loop.preconditionInEventLoop()
        var bit = 0
        for candidate in sockets.indices where sockets[candidate].count < sockets[bit].count {
            bit = candidate
            break
        }
        sockets[bit].append(socket)
        count += 1
        if let together {
            together.add(socket)
            readsTogether.store(!together.isEmpty, ordering: .relaxed)
        } else if count >= manySockets {
            readTogether()
        }
        return SocketSignal(flusher: self, bit: bit)
    }

    package func remove(_ socket: any SlotSocket, _ signal: SocketSignal) {
        loop.preconditionInEventLoop()
        sockets[signal.bit].removeAll { $0 === socket }
        count -= 1
        leaveToLibrary(socket)
        guard let together, count < manySockets / 2 else { return }
        readsTogether.store(false, ordering: .relaxed)
        self.together = nil
        together.removeAll()
    }

    /// For a socket whose call is over: slots that tick nothing wake nobody.
    package func leaveToLibrary(_ socket: any SlotSocket) { together?.remove(socket) }

    private func readTogether() {
        // Without one more descriptor everything goes on as with few sockets.
        guard let set = SocketSet() else { return }
        for socket in sockets.joined() { set.add(socket) }
        together = set
        // Behind TLS there is none that could be read so.
        readsTogether.store(!set.isEmpty, ordering: .relaxed)
    }

    fileprivate func mark(_ bit: Int) {
        dirty.words[bit / 64].bitwiseOr(1 << UInt64(bit % 64), ordering: .releasing)
        isDirty.store(true, ordering: .releasing)
    }

    private func flush() {
        // Exchanged, not stored: what was marked before a wake-up that found this one queued is seen below.
        _ = queuedAt.exchange(0, ordering: .acquiringAndReleasing)
        flushMarked()
        together?.read()
    }

    private func flushMarked() {
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
package final class SocketSignal: OutboundSignal {
    private let flusher: SocketFlusher
    fileprivate let bit: Int

    init(flusher: SocketFlusher, bit: Int) {
        self.flusher = flusher
        self.bit = bit
    }

    package func markDirty() { flusher.mark(bit) }
}

/// One flusher per event loop, known to every media worker.
final class SocketFlushers: Sendable {
    private let flushers: [ObjectIdentifier: SocketFlusher]

    /// - Parameter manySockets: from so many on a loop, its sockets are read together.
    init(group: any EventLoopGroup, workers: WorkerGroup, manySockets: Int) {
        var flushers: [ObjectIdentifier: SocketFlusher] = [:]
        for loop in group.makeIterator() {
            let flusher = SocketFlusher(loop: loop, manySockets: manySockets)
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
