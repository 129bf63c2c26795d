/// Everything a call's pipeline is told once, when the call starts.
public struct PipelineConfiguration: Sendable, Equatable {
    public var turn = TurnMachine.Configuration()
    /// How far a frame stands out from the noise that may be the onset of speech, dB. The detector starts speech at 8 and with
    /// voicing; with 8 here three more of 160 resumed sentences were missed.
    public var onsetDecibels: Float = 6
    public var bargeIn = BargeInMachine.Configuration()
    public var echo = EchoConfiguration()
    public var noise = NoiseReducer.Configuration()
    /// Keys are heard as tones in the audio too: for providers that do not report them.
    public var hearsTones = false
    /// Audio sent ahead of what the caller hears: enough for a late wake-up, little enough to stop at once.
    public var lead: Duration = .milliseconds(100)
    /// The same for five seconds after the worker or a socket was late: what then comes late is not heard as a gap.
    public var leadUnderPressure: Duration = .milliseconds(240)
    /// Frames that go out together while a reply plays. The queue then varies between `lead` and this much less.
    public var framesPerSend = 2
    /// A mark is asked for this often while the agent speaks, and at the end of each reply.
    public var markEveryFrames = 25
    /// Root mean square of the noise a waiting caller hears, in 16-bit steps: 10 is -70 dBFS, and 0 sends nothing.
    public var comfortNoise: Float = 0
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
    /// Frames that had to be invented because the provider's are missing.
    public let concealed: EventCounter
    /// What else the repair of the callers' streams had to do.
    public let repairs: RepairMeters
    /// What the jitter buffer adds to the way of the caller's voice, once per second and call.
    public let jitterDelay: LatencyHistogram
    /// Echo return loss enhancement while the canceller works, once per second and call; `decibel` counts as one.
    public let echoLoss: LatencyHistogram
    /// A decibel in a histogram of nanoseconds, which a page of metrics shows as 1.
    public static let decibel: Int64 = 1_000_000_000

    public init(
        lead: LatencyHistogram = .init(),
        underruns: EventCounter = .init(),
        strayMarks: EventCounter = .init(),
        wait: LatencyHistogram = .init(),
        concealed: EventCounter = .init(),
        repairs: RepairMeters = .init(),
        jitterDelay: LatencyHistogram = .init(),
        echoLoss: LatencyHistogram = .init(bounds: [0, 3, 6, 10, 12, 15, 20, 25, 30, 40].map { $0 * decibel })
    ) {
        self.lead = lead
        self.underruns = underruns
        self.strayMarks = strayMarks
        self.wait = wait
        self.concealed = concealed
        self.repairs = repairs
        self.jitterDelay = jitterDelay
        self.echoLoss = echoLoss
    }
}
