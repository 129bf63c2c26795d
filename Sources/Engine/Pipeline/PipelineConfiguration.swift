/// Everything a call's pipeline is told once, when the call starts.
public struct PipelineConfiguration: Sendable, Equatable {
    public var turn = TurnMachine.Configuration()
    public var bargeIn = BargeInMachine.Configuration()
    /// Audio sent ahead of what the caller hears: enough for a late wake-up, little enough to stop at once.
    public var lead: Duration = .milliseconds(100)
    /// A mark is asked for this often while the agent speaks, and at the end of each reply.
    public var markEveryFrames = 25
    /// The caller cannot interrupt this long after the call began.
    public var protectedStart: Duration = .zero
    public var idleAfter: Duration = .seconds(7)
    public var maximumCall: Duration = .seconds(900)
    /// After `maximumCall` the conversation may say goodbye for this long.
    public var closingTime: Duration = .seconds(15)
    /// A caller in mid-turn whose frames stop coming for this long is taken to be silent.
    public var stallIsSilence: Duration = .seconds(1)
    /// Packets handled in one tick; the rest wait for the next one, so that a burst cannot make a tick late.
    public var packetsPerTick = 128
    /// Recordings that `CallCommand.beginBackground` may name.
    public var shelf = RecordingShelf.empty
    /// Both sides go to the recorder's ring.
    public var isRecorded = false

    public init() {}
}

/// What the pipelines of an engine count, together.
public struct PipelineMeters: Sendable {
    /// Audio queued at the provider, seen once per tick while the agent speaks.
    public let lead: LatencyHistogram
    /// Ticks in which the caller heard a gap because the agent's audio was not there.
    public let underruns: EventCounter
    /// Marks that came back and were not waited for.
    public let strayMarks: EventCounter
    /// How long a packet of the socket waited for its tick.
    public let wait: LatencyHistogram

    public init(
        lead: LatencyHistogram = .init(),
        underruns: EventCounter = .init(),
        strayMarks: EventCounter = .init(),
        wait: LatencyHistogram = .init()
    ) {
        self.lead = lead
        self.underruns = underruns
        self.strayMarks = strayMarks
        self.wait = wait
    }
}
