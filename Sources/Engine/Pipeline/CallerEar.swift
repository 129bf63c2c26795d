import Codecs

/// The caller's side of a call: packets become frames on the provider's clock, free of the agent's echo, judged for voice
/// and tones, and kept until a turn wants them.
///
/// One frame's way: repair, far end beside it, recording, tones, echo canceller, voice detector; then, only for what the
/// recogniser gets, noise reduction and levelling, which would mislead a detector before them.
struct CallerEar<Source, Detector>: ~Copyable, Sendable
where Source: FrameSource & ~Copyable & Sendable, Detector: VoiceActivityDetector & ~Copyable & Sendable {
    /// What one frame said.
    struct Heard {
        /// The frame itself carries speech.
        var isSpeech: Bool
        /// It stands out from the noise as the first frames of speech do, before they prove to be a voice.
        var mayBeSpeech: Bool
        /// The speech cannot be the agent's own echo.
        var mayInterrupt: Bool
        /// How far the talker stands above the noise, dB: little calls for more proof of an interruption.
        var talkerOverNoiseDecibels: Float
        /// A key whose tones became certain.
        var digit: UInt8?
        /// Frames the provider never sent lie before this one.
        var skippedFrames: Int64

        static var silence: Heard {
            Heard(
                isSpeech: false,
                mayBeSpeech: false,
                mayInterrupt: false,
                talkerOverNoiseDecibels: .infinity,
                digit: nil,
                skippedFrames: 0
            )
        }
    }

    private let configuration: PipelineConfiguration
    private let meters: PipelineMeters
    private var source: Source
    private var alignment = FarEndAlignment()
    private var echo: EchoStage
    private var noise: NoiseReducer
    private var detector: Detector
    private var tones = DTMFDetector()
    private var preroll = Preroll()
    /// Frames go to the recogniser as they come.
    private var isTurnOpen = false
    private var recordedFrames: Int64 = 0
    /// A second: what comes early is no jump.
    private static var recordingSlack: Int64 { 50 }
    private var frame = FrameSamples(repeating: 0)
    private var far = FrameSamples(repeating: 0)
    private var farBytes = FrameBytes(repeating: 0xFF)
    private var farIsSilent = true
    private var quietFrames = 0
    private var concealed = 0
    /// What the meters have been told of the source's statistics.
    private var told = JitterStatistics()
    private var framesSinceMeasure = 0

    init(
        configuration: PipelineConfiguration,
        meters: PipelineMeters,
        source: consuming Source,
        detector: consuming Detector
    ) {
        self.configuration = configuration
        self.meters = meters
        self.source = source
        self.detector = detector
        let echo = EchoStage(configuration: configuration.echo)
        noise = NoiseReducer(after: echo, configuration: configuration.noise)
        self.echo = echo
    }

    /// Asks for the memory of the next frame.
    mutating func prefetch() {
        echo.prefetch()
        Prefetch.lines(of: &detector)
        Prefetch.lines(of: &noise)
    }

    /// The frame that one more packet makes; more may follow from `next`.
    /// - Returns: nil when there is no frame now.
    mutating func take<Ports: PipelinePorts & ~Copyable>(
        _ packet: inout MediaPacket,
        now: MediaInstant,
        farEnd: borrowing FarEndLine,
        ports: inout Ports
    ) -> Heard? {
        guard let origin = source.take(&packet, now: now, into: &frame) else { return nil }
        return hear(origin, now: now, farEnd: farEnd, ports: &ports)
    }

    /// The next frame of what has come so far.
    mutating func next<Ports: PipelinePorts & ~Copyable>(
        now: MediaInstant,
        farEnd: borrowing FarEndLine,
        ports: inout Ports
    ) -> Heard? {
        guard let origin = source.next(now: now, into: &frame) else { return nil }
        return hear(origin, now: now, farEnd: farEnd, ports: &ports)
    }

    private mutating func hear<Ports: PipelinePorts & ~Copyable>(
        _ origin: FrameOrigin,
        now: MediaInstant,
        farEnd: borrowing FarEndLine,
        ports: inout Ports
    ) -> Heard {
        let skipped = origin.followsDiscontinuity ? origin.jumpedSamples / Int64(Frame.samples) : 0
        let digit = configuration.hearsTones ? tones.process(frame).pressed?.ascii : nil
        placeFarEnd(origin, skipped: skipped, now: now, line: farEnd)
        if configuration.isRecorded { record(skipped: skipped, now: now, ports: &ports) }
        let report = echo.process(near: &frame, far: far.span)
        let activity = detector.process(frame.span)
        keep(now: now, ports: &ports)
        measure(report)
        return Heard(
            isSpeech: activity.isSpeechFrame,
            mayBeSpeech: activity.score > configuration.onsetDecibels,
            mayInterrupt: report.mayBeCaller,
            talkerOverNoiseDecibels: activity.talkerOverNoiseDecibels,
            digit: digit,
            skippedFrames: max(0, skipped)
        )
    }

    // MARK: The recogniser

    /// A turn began: what was said before it was known goes first.
    mutating func open<Ports: PipelinePorts & ~Copyable>(turn: Int32, now: MediaInstant, ports: inout Ports) {
        ports.hear(CallerFrame(kind: .begin, turn: turn, at: now))
        isTurnOpen = true
        for index in 0..<preroll.count {
            var kept = preroll.frame(index)
            noise.process(&kept)
            ports.hear(audio: kept.span, turn: turn, at: now)
        }
        preroll.clear()
    }

    /// The caller is quiet inside the turn, or goes on.
    mutating func mark<Ports: PipelinePorts & ~Copyable>(
        _ kind: CallerFrame.Kind,
        turn: Int32,
        now: MediaInstant,
        ports: inout Ports
    ) {
        ports.hear(CallerFrame(kind: kind, turn: turn, at: now))
    }

    /// The turn is over, or was nothing.
    mutating func close<Ports: PipelinePorts & ~Copyable>(
        _ kind: CallerFrame.Kind,
        turn: Int32,
        now: MediaInstant,
        ports: inout Ports
    ) {
        isTurnOpen = false
        mark(kind, turn: turn, now: now, ports: &ports)
    }

    /// Hands the frame to the recogniser, or keeps it for the turn that may be beginning. Nobody needs it afterwards.
    private mutating func keep<Ports: PipelinePorts & ~Copyable>(now: MediaInstant, ports: inout Ports) {
        guard isTurnOpen else {
            preroll.append(frame.span)
            quietFrames &+= 1
            if quietFrames & 3 == 0 { noise.learn(frame) }
            return
        }
        noise.process(&frame)
        ports.hear(audio: frame.span, turn: 0, at: now)
    }

    // MARK: The far end

    /// The agent was stopped and the provider's queue dropped: what was to come will not echo.
    mutating func farEndCleared() { echo.discontinuity() }

    private mutating func placeFarEnd(
        _ origin: FrameOrigin,
        skipped: Int64,
        now: MediaInstant,
        line: borrowing FarEndLine
    ) {
        if skipped != 0 { alignment.skip(frames: skipped) }
        let place = alignment.advance(now: now)
        if origin.followsDiscontinuity || place.isNew { echo.discontinuity() }
        if line.copy(slot: place.slot, into: &farBytes) {
            MuLaw.decode(farBytes.span, into: &far)
            farIsSilent = false
        } else if !farIsSilent {
            far = FrameSamples(repeating: 0)
            farBytes = FrameBytes(repeating: 0xFF)
            farIsSilent = true
        }
    }

    private mutating func record<Ports: PipelinePorts & ~Copyable>(
        skipped: Int64,
        now: MediaInstant,
        ports: inout Ports
    ) {
        // A recording is as long as its call: a provider's clock may jump anywhere, and nobody was silent for longer than the
        // time that has passed.
        let passed = max(0, FarEndLine.slot(of: now) + Self.recordingSlack - recordedFrames)
        recordedFrames += min(max(0, skipped), passed)
        var tap = TapFrame(index: recordedFrames)
        MuLaw.encode(frame.span, into: &tap.caller)
        tap.agent = farBytes
        ports.record(tap)
        recordedFrames += 1
    }

    private mutating func measure(_ report: EchoReport) {
        let concealed = source.statistics.concealed
        if concealed != self.concealed {
            meters.concealed.increment(by: concealed - self.concealed)
            self.concealed = concealed
        }
        framesSinceMeasure += 1
        // Once a second: neither changes faster than that.
        guard framesSinceMeasure == 50 else { return }
        framesSinceMeasure = 0
        meters.jitterDelay.record(source.delay)
        let statistics = source.statistics
        meters.repairs.note(statistics, since: told)
        told = statistics
        if report.isCancelling, let erle = report.erleDecibels {
            meters.echoLoss.record(nanoseconds: Int64(erle) * PipelineMeters.decibel)
        }
    }
}
