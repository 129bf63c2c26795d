/// What workers measure about themselves. Shared by all workers of one kind.
public struct WorkerMeters: Sendable {
    /// How long a slot's ticks took, all calls of the slot together.
    public let tick: LatencyHistogram
    /// From the moment a slot's ticks were due to the moment they began, once per turn of a slot. After a stall that is the
    /// oldest deadline the turn answers for.
    public let lateness: LatencyHistogram
    /// Ticks whose work ended later than one period (20 ms) after they were due. The end is read once per slot: a slot that
    /// ended too late counts all its targets, so this is an upper bound.
    public let late: EventCounter
    /// Ticks given up: deadlines of a target that passed while its worker was not run or was busy for more than a period.
    public let missed: EventCounter
    /// Times a worker was a period or more behind.
    public let starved: EventCounter
    /// Turns under pressure (`ClockWorker.isPressed`).
    public let pressed: EventCounter
    /// How long a job waited in a worker's mailbox.
    public let mailbox: LatencyHistogram

    public init(
        tick: LatencyHistogram = .init(),
        lateness: LatencyHistogram = .init(),
        late: EventCounter = .init(),
        missed: EventCounter = .init(),
        starved: EventCounter = .init(),
        pressed: EventCounter = .init(),
        mailbox: LatencyHistogram = .init()
    ) {
        self.tick = tick
        self.lateness = lateness
        self.late = late
        self.missed = missed
        self.starved = starved
        self.pressed = pressed
        self.mailbox = mailbox
    }
}
