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
    /// A worker whose smoothed busy share is above this should get no more calls. With 0.85 of a 20 ms period used, 3 ms are
    /// left for what a call does not do every period.
    public var overloadShare: Double
    /// A turn that begins so late, or whose observers have waited so long for their wake-up, finds the worker under pressure;
    /// nil never does.
    public var pressure: Duration?

    public init(
        name: String,
        period: Duration = Frame.duration,
        phaseSlots: Int = 20,
        wantsRealtime: Bool = false,
        processor: Int? = nil,
        overloadShare: Double = 0.85,
        pressure: Duration? = .milliseconds(10)
    ) {
        precondition(phaseSlots > 0 && period > .zero, "a worker has at least one slot and a period above zero")
        precondition(overloadShare > 0 && overloadShare <= 1, "a busy share lies between 0 and 1")
        self.name = name
        self.period = period
        self.phaseSlots = phaseSlots
        self.wantsRealtime = wantsRealtime
        self.processor = processor
        self.overloadShare = overloadShare
        self.pressure = pressure
    }
}
