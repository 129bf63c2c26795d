/// Takes the agent's echo out of the caller's frames, and says which frames must not count as the caller's voice.
///
/// One stage serves one call. Give it every near frame, in order, with the far frame that the provider plays in the same 20 ms
/// (silence when it plays nothing). Echo may come 40 ms before that and up to 640 ms after it.
/// - Cost: that of the library while it cancels, which `make bench` shows beside the stage; no allocation.
public struct EchoStage: ~Copyable, Sendable {
    let canceller: EchoCanceller
    private let configuration: EchoConfiguration
    private var line = FarDelayLine()
    private var estimator = EchoDelayEstimator()
    private var confirmation = EchoDelayConfirmation()
    private var levels = FarLevels()
    private var meter = EchoPathMeter()
    private var fit = EchoFit()
    private var phase = EchoReport.Phase.unknown
    /// Where the echo is, in steps of 5 ms.
    private var lag: Int?
    /// What the reference is delayed by, in steps.
    private var delay = 0
    /// Frames of far speech since the start, and since the canceller last began.
    private var farFrames = 0
    private var learnedFrames = 0
    /// Frames since far speech was first heard, and the loudest near frame among them.
    private var framesKnown = 0
    private var loudestNear = FrameLevel.silence
    private var frame = 0
    private var hasConverged = false
    private var isKnownSilent = false
    /// The echo that is being learned was found on a line that had given silence back: two who talk at once can look like one.
    private var isUnproven = false
    /// The canceller has worked on this line before.
    private var wasProven = false

    public init(configuration: EchoConfiguration = .init()) {
        self.configuration = configuration
        canceller = EchoCanceller(tailMilliseconds: configuration.tailMilliseconds)
    }

    /// Asks for the memory of the next frame.
    mutating func prefetch() {
        canceller.prefetch()
        line.prefetch(delay: delay)
        estimator.prefetch()
        Prefetch.lines(of: &levels)
        Prefetch.lines(of: &meter)
    }

    /// Cleans `near` in place.
    /// - Shape: both 20 ms at 8 kHz, linear; `far` as it sounds after companding.
    public mutating func process(near: inout FrameSamples, far: borrowing FrameSamples) -> EchoReport {
        process(near: &near, far: far.span)
    }

    /// The same with the far frame read where it lies.
    public mutating func process(near: inout FrameSamples, far: Span<Int16>) -> EchoReport {
        frame &+= 1
        let farLevel = FrameLevel.decibels(far)
        levels.append(farLevel)
        let isFarSpeech = farLevel > FarLevels.speech
        let isHeard = levels.framesSinceSpeech < 40
        var reference = FrameSamples(repeating: 0)
        line.exchange(far, delay: delay, into: &reference)
        estimator.append(near: near.span, far: far, isLearning: isHeard)
        if isFarSpeech { farFrames += 1 }
        if frame % EchoDelayConfirmation.interval == 0 { judgeDelay() }

        let nearEnergy = FrameLevel.energy(near.span)
        let nearLevel = FrameLevel.decibels(energy: Float(nearEnergy))
        if farFrames > 0 {
            framesKnown += 1
            loudestNear = max(loudestNear, nearLevel)
        }
        var cleanedLevel = nearLevel
        let cancels = shouldCancel
        canceller.isRunning = cancels
        var loudest = FrameLevel.silence
        if let lag { loudest = levels.loudest(around: lag) }
        var energies: (before: Float, after: Float) = (0, 0)
        if cancels {
            var cleaned = FrameSamples(repeating: 0)
            canceller.cancel(near: near.span, far: reference.span, into: &cleaned)
            energies = (Float(nearEnergy), fit.compare(near: near.span, before: nearEnergy, cleaned: cleaned.span))
            cleanedLevel = FrameLevel.decibels(energy: energies.after)
            near = cleaned
        }
        let mayBeCaller = mayBeCaller(near: nearLevel, cleaned: cleanedLevel, echo: loudest)
        if lag != nil {
            meter.hear(
                far: loudest,
                near: nearLevel,
                before: energies.before,
                after: energies.after,
                isCancelling: cancels,
                isCaller: mayBeCaller
            )
        }
        judgeCanceller(cancels: cancels, isFarSpeech: loudest > FarLevels.speech)
        return EchoReport(
            phase: phase,
            isCancelling: cancels,
            mayBeCaller: mayBeCaller,
            delayMilliseconds: lag.map { Int16($0 * 5) },
            erleDecibels: meter.erleDecibels
        )
    }

    /// Far and near no longer follow on from before: after a gap, a restart, audio that was taken back. The path is learned
    /// anew; where the echo is stays known.
    public mutating func discontinuity() {
        restartCanceller()
        estimator.reset()
    }

    /// Bytes of the canceller that are read ahead when calls are many.
    package var bytesReadAhead: Int { canceller.memory.bytes }

    /// How much the canceller takes away, dB: the metric `parley_echo_erle_decibels`. nil until an echo was measured.
    public var erleDecibels: Float? { meter.erleDecibels }

    private var shouldCancel: Bool {
        switch configuration.mode {
        case .off: false
        case .always: true
        case .auto:
            lag != nil
                && levels.framesSinceSound <= (delay * 5 + configuration.tailMilliseconds + 500) / Frame.milliseconds
        }
    }

    private mutating func judgeDelay() {
        guard levels.framesSinceSpeech < 40 else { return }
        guard let peak = estimator.peak() else { return judgeAbsence() }
        if let found = confirmation.hear(peak) {
            if let lag, abs(found - lag) <= 1 { return }
            let isCovered = lag != nil && found - delay >= 2 && found - delay <= 16
            if phase == .absent, isKnownSilent, !wasProven { isUnproven = true }
            lag = found
            if !isCovered {
                delay = min(max(found - 8, 0), FarDelayLine.longest)
                restartCanceller()
            } else if phase == .absent || phase == .unknown {
                phase = .converging
            }
        } else if lag == nil {
            judgeAbsence()
        }
    }

    private mutating func judgeAbsence() {
        guard lag == nil, phase == .unknown else { return }
        // Silence is the surest sign: an echo up to 640 ms late would have been heard by now.
        let isSilent = framesKnown >= 50 && farFrames >= 30 && loudestNear < -56
        let isUnlike = framesKnown >= 70 && farFrames >= 60 && !confirmation.isPromising
        isKnownSilent = isSilent
        if isSilent || isUnlike { phase = .absent }
    }

    private mutating func restartCanceller() {
        canceller.reset()
        meter.restart()
        fit = EchoFit()
        learnedFrames = 0
        if lag != nil { phase = .converging }
    }

    private mutating func judgeCanceller(cancels: Bool, isFarSpeech: Bool) {
        guard cancels, lag != nil else { return }
        if isFarSpeech { learnedFrames += 1 }
        if fit.framesWrong >= 10, phase == .converged { restartCanceller() }
        // A path that was never learned was never one: two people talking look alike sometimes.
        if meter.ineffectiveFrames >= (hasConverged ? 250 : 100) { return forgetEcho() }
        // Three seconds of speech teach a real path more than this, even under noise.
        if !hasConverged, learnedFrames >= 150, let erle = meter.erleDecibels, erle < 5 { return forgetEcho() }
        if phase == .converging, learnedFrames >= 50, let erle = meter.erleDecibels, erle > 8 {
            phase = .converged
            hasConverged = true
            (wasProven, isUnproven) = (true, false)
        }
    }

    private mutating func forgetEcho() {
        lag = nil
        delay = 0
        hasConverged = false
        if isUnproven {
            phase = .absent
            isUnproven = false
        } else {
            phase = .unknown
            (farFrames, framesKnown, loudestNear) = (0, 0, FrameLevel.silence)
        }
        confirmation = EchoDelayConfirmation()
        meter = EchoPathMeter()
        estimator.reset()
        restartCanceller()
    }

    /// Mutating so that the levels are read in place.
    private mutating func mayBeCaller(near: Float, cleaned: Float, echo: Float) -> Bool {
        let loudest = levels.loudest
        guard loudest > -58 else { return true }
        guard phase != .absent, !isUnproven else {
            // Noise can hide an echo of 15 dB loss from the correlation for some seconds; silence hides none.
            return near > loudest - (isKnownSilent || farFrames > 400 ? 26 : 12)
        }
        guard phase != .unknown, let loss = meter.lossDecibels else { return near > loudest }
        // A canceller that is wrong adds to the echo, and a path that has changed may be louder than it was.
        guard fit.doubt == 0 else { return near > min(loudest - loss + 20, loudest + 3) }
        guard let erle = meter.erleDecibels else { return near > loudest - loss + 8 }
        // Nine tenths of the frame were the agent: what is left may be more of it.
        if near - cleaned > 10 { return false }
        let trust: Float = phase == .converged ? 0.8 : 0.5
        // Nothing was taken away: a caller, or an echo that now comes at another time.
        if cleaned > near - 1.5, near < loudest - loss + 3 { return false }
        // Much was taken away, though less than usual: the path became louder, by 10 dB on lines drawn by chance. The filter
        // learns some of a caller too, and then adds to what is left: one who is 5 dB above the usual echo, or as loud as the
        // agent, is not judged by this.
        if near - cleaned > 4, near < (fit.isDubious ? loudest - loss + 5 : max(loudest - loss + 6, echo - 2)) {
            return false
        }
        // The filter adds to what is left, which it does after the echo came to another time and, less, over a caller: the
        // echo is then as loud as ever, a caller louder. At 5 dB one interruption of 24 at 12 dB loss goes unheard.
        if fit.isDubious, near < loudest - loss + 4 { return false }
        return cleaned > echo - loss - min(max(erle, 0), 26) * trust + 8
    }
}
