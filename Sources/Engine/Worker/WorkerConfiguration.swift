public struct WorkerConfiguration: Sendable {
    /// Thread name, at most 15 bytes.
    public var name: String
    public var period: Duration
    /// Calls are spread over this many slots of a period, so that their work does not come in one burst. Measured with
    /// 300 calls: a hop into a pinned actor waits 0.4 ms at p99 with 20 slots and 7.6 ms with one.
    public var phaseSlots: Int
    /// Ask for `SCHED_FIFO`; without the privilege the worker runs as an ordinary thread.
    public var wantsRealtime: Bool
    /// Pin the thread to this processor (index among those allowed); nil leaves it to the kernel.
    public var processor: Int?

    public init(
        name: String,
        period: Duration = Frame.duration,
        phaseSlots: Int = 20,
        wantsRealtime: Bool = false,
        processor: Int? = nil
    ) {
        precondition(phaseSlots > 0 && period > .zero, "a worker has at least one slot and a period above zero")
        self.name = name
        self.period = period
        self.phaseSlots = phaseSlots
        self.wantsRealtime = wantsRealtime
        self.processor = processor
    }
}

/// What a worker measures about itself. Shared by all workers of one kind.
public struct WorkerMeters: Sendable {
    /// How long a slot's ticks took, all calls of the slot together.
    public let tick: LatencyHistogram
    /// Slots that ended after the same slot's next deadline.
    public let late: EventCounter
    /// How long a job waited in a worker's mailbox.
    public let mailbox: LatencyHistogram

    public init(tick: LatencyHistogram = .init(), late: EventCounter = .init(), mailbox: LatencyHistogram = .init()) {
        self.tick = tick
        self.late = late
        self.mailbox = mailbox
    }
}
