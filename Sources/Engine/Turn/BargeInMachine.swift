/// Decides when the caller interrupts the agent, in two stages: the agent's voice is lowered on a first suspicion, stopped
/// when it is confirmed, and raised again when it was only a cough.
public struct BargeInMachine: ~Copyable, Sendable {
    public struct Configuration: Sendable, Equatable {
        /// Speech frames within `window` that stop the agent: 180 of 240 ms. With our detector's frames on the labelled
        /// sentences that is 200/240 ms after the onset at p50/p95; 200 of 240 ms gives 220/440, because a stop consonant
        /// ("Yes, that ...") costs three frames, for one false trigger less in 8 s of babble and of music.
        public var stopFrames = 9
        public var windowFrames = 12
        /// The same where the noise is close to the talker's level: 300 of 360 ms, which a loud background seldom fills.
        public var noisyStopFrames = 15
        public var noisyWindowFrames = 18
        /// Noise within this of the talker's vowels is close, dB. With 12 dB here, speech 10 dB above white noise was noticed after
        /// 700 ms at the 95th percentile instead of 300 (Flite slt and rms).
        public var noisyWithinDecibels: Float = 8
        /// Speech frames within the last `duckFrames + 1` that lower its voice; 0 never does.
        public var duckFrames = 5
        /// Frames after a duck in which it must be confirmed, or the voice returns.
        public var restoreFrames = 20
        /// Sound alone stops the agent. When it does not, sound only lowers its voice, and who hears the words stops it.
        public var stopsBySound = true

        public init() {}
    }

    public enum Output: Equatable, Sendable {
        case none, duck, restore
        /// `onset`: when the window's first speech frame began.
        case stop(onset: MediaInstant)
    }

    private enum State: Equatable {
        case listening
        case ducked(frames: Int)
        case stopped
    }

    private var state: State = .listening
    /// One bit per frame, the newest lowest.
    private var window: UInt128 = 0
    private let configuration: Configuration

    public init(configuration: Configuration = Configuration()) {
        precondition(
            max(configuration.windowFrames, configuration.noisyWindowFrames) < 128,
            "the window is 127 frames (2.54 s) at most"
        )
        self.configuration = configuration
    }

    /// The agent became audible: whatever the caller said before is no interruption.
    public mutating func agentStarted() {
        state = .listening
        window = 0
    }

    /// - Parameters:
    ///   - isSpeech: the detector's decision for this frame alone.
    ///   - isProtected: the agent may not be interrupted now (a consent prompt, an echo not yet known).
    ///   - mayInterrupt: false for a frame that the agent's own echo explains: it counts as silence.
    ///   - talkerOverNoiseDecibels: how far the talker's vowels stand above the noise.
    ///   - now: when the frame ends on the caller's frame clock.
    public mutating func handle(
        isSpeech: Bool,
        isProtected: Bool,
        mayInterrupt: Bool = true,
        talkerOverNoiseDecibels: Float = .infinity,
        now: MediaInstant
    ) -> Output {
        guard !isProtected else {
            window = 0
            guard case .ducked = state else { return .none }
            state = .listening
            return .restore
        }
        window = window << 1 | (isSpeech && mayInterrupt ? 1 : 0)
        let (needed, span) = evidence(talkerOverNoiseDecibels: talkerOverNoiseDecibels)
        let recent = latest(span)
        switch state {
        case .stopped:
            return .none
        case .listening, .ducked:
            if configuration.stopsBySound, recent.nonzeroBitCount >= needed {
                let age = 127 - recent.leadingZeroBitCount
                state = .stopped
                return .stop(onset: now.advanced(by: Frame.duration * -(age + 1)))
            }
        }
        if case .ducked(let frames) = state {
            guard frames >= configuration.restoreFrames else {
                state = .ducked(frames: frames + 1)
                return .none
            }
            state = .listening
            return .restore
        }
        guard configuration.duckFrames > 0,
            latest(configuration.duckFrames + 1).nonzeroBitCount >= configuration.duckFrames
        else { return .none }
        state = .ducked(frames: 0)
        return .duck
    }

    /// Speech frames that stop the agent, and the window they must fall into. A tenant who asks for more patience than noise does
    /// gets it.
    private func evidence(talkerOverNoiseDecibels: Float) -> (frames: Int, window: Int) {
        let (frames, window) = (configuration.stopFrames, configuration.windowFrames)
        guard talkerOverNoiseDecibels < configuration.noisyWithinDecibels else { return (frames, window) }
        return (max(frames, configuration.noisyStopFrames), max(window, configuration.noisyWindowFrames))
    }

    private func latest(_ frames: Int) -> UInt128 { window & (1 << UInt128(frames) - 1) }
}
