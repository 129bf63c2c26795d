import Engine

/// Told when a call has messages for its socket. Called on a media worker: one atomic store, no lock.
public protocol OutboundSignal: AnyObject, Sendable {
    func markDirty()
}

/// One call: owns the real-time pipeline and is pinned to a media worker, whose clock ticks it synchronously.
public actor CallActor: ClockTarget {
    private let worker: ClockWorker
    private let legWorker: ClockWorker
    /// Whom news is for on the leg worker.
    private let legMark: Int
    private let clock: CallClock
    private let outbound: any OutboundSignal
    private var media: CallMedia
    private var hasEnded = false

    public nonisolated var unownedExecutor: UnownedSerialExecutor { worker.asUnownedSerialExecutor() }

    public init(
        worker: ClockWorker,
        legWorker: ClockWorker,
        legMark: Int,
        clock: CallClock,
        outbound: any OutboundSignal,
        media: consuming CallMedia
    ) {
        self.worker = worker
        self.legWorker = legWorker
        self.legMark = legMark
        self.clock = clock
        self.outbound = outbound
        self.media = media
    }

    /// The 20 ms tick, on the worker's thread.
    public nonisolated func tick(now: Int64) {
        assumeIsolated { $0.step(now: now) }
    }

    private func step(now: Int64) {
        guard !hasEnded else { return }
        let signals = media.tick(now: clock.instant(now), monotonic: now, isPressed: worker.isPressed)
        if signals.contains(.outbound) { outbound.markDirty() }
        if signals.contains(.news) { legWorker.poke(legMark) }
        if signals.contains(.ended) {
            hasEnded = true
            worker.detach(self)
        }
    }
}
