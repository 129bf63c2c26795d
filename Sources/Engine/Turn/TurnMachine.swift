/// Decides where the caller's turns begin and end, from one voice-activity decision per frame.
///
/// Times are the caller's frame clock: they advance 20 ms per frame, so a burst after a stall is judged by its audio and
/// not by when it arrived.
public struct TurnMachine: ~Copyable, Sendable {
    public struct Configuration: Sendable, Equatable {
        /// Speech within `startWindow` frames that begins a turn while the agent is silent.
        public var startFrames = 6
        public var startWindow = 8
        /// Silence after the last speech frame that ends it. Frames are judged without the detector's hang, so this is all of it.
        public var endSilence: Duration = .milliseconds(520)
        /// Silence after the last speech frame that is told as a pause, for whoever works ahead; zero tells of none.
        public var pauseSilence: Duration = .zero
        /// What `setEndSilence` may make of `endSilence` for one pause.
        public var shortestEndSilence: Duration = .milliseconds(520)
        public var longestEndSilence: Duration = .milliseconds(900)
        /// What may be the onset of speech holds the end up for this long at most: a voice is certain a syllable after it began.
        public var longestDoubt: Duration = .zero
        /// A turn is cut here and answered.
        public var maximumTurn: Duration = .seconds(30)
        /// A turn with less speech than this is a click or a breath.
        public var minimumSpeech: Duration = .milliseconds(120)

        public init() {}
    }

    public enum Output: Equatable, Sendable {
        case none
        /// `onset`: when its first speech frame began.
        case started(turn: Int32, onset: MediaInstant)
        /// The caller is quiet and may go on. Pauses are numbered through the call.
        case paused(turn: Int32, pause: Int32, lastSpeech: MediaInstant)
        /// The caller goes on after a pause that was told.
        case resumed(turn: Int32)
        /// `lastSpeech`: when its last speech frame ended.
        case ended(turn: Int32, lastSpeech: MediaInstant)
        /// What began as a turn had too little speech.
        case dropped(turn: Int32)
    }

    /// What became of a pause.
    public enum Pause: Equatable, Sendable {
        /// The caller is still quiet.
        case on
        /// It was the end of the last turn.
        case endedTurn
        /// The caller went on, or it is long past.
        case over
    }

    private struct Turn: Equatable, BitwiseCopyable {
        var since: MediaInstant
        var lastSpeech: MediaInstant
        var speechFrames: Int32
        /// Nanoseconds; the tenant's own unless this pause was given another.
        var endSilence: Int64
        var isPaused = false
    }

    private enum State: Equatable {
        case quiet
        case speaking(Turn)
    }

    private var state: State = .quiet
    /// One bit per frame, the newest lowest.
    private var window: UInt32 = 0
    public private(set) var turn: Int32 = 0
    private var pause: Int32 = 0
    /// The last turn ended in the last pause.
    private var hasPauseEndedTurn = false
    private let configuration: Configuration
    private let maximumTurn: Int64
    private let endSilence: Int64
    private let pauseSilence: Int64
    private let longestDoubt: Int64

    public init(configuration: Configuration = Configuration()) {
        self.configuration = configuration
        maximumTurn = configuration.maximumTurn.nanoseconds
        endSilence = configuration.endSilence.nanoseconds
        longestDoubt = configuration.longestDoubt.nanoseconds
        pauseSilence = configuration.pauseSilence > .zero ? configuration.pauseSilence.nanoseconds : .max
    }

    public var isSpeaking: Bool { state != .quiet }

    public func fate(ofPause number: Int32) -> Pause {
        guard number == pause else { return .over }
        if case .speaking(let turn) = state { return turn.isPaused ? .on : .over }
        return hasPauseEndedTurn ? .endedTurn : .over
    }

    /// Silence after the last speech frame that ends the turn, for this pause only: within the bounds of the configuration,
    /// from the next frame on. Ignored when the pause is over.
    public mutating func setEndSilence(_ silence: Duration, forPause number: Int32) {
        guard fate(ofPause: number) == .on, case .speaking(var turn) = state else { return }
        turn.endSilence =
            min(max(silence, configuration.shortestEndSilence), configuration.longestEndSilence).nanoseconds
        state = .speaking(turn)
    }

    /// - Parameters:
    ///   - isSpeech: the detector's decision for this frame alone, without its hang.
    ///   - mayBeSpeech: the frame is no speech yet, but may be how it begins.
    ///   - now: when the frame ends on the caller's frame clock.
    public mutating func handle(isSpeech: Bool, mayBeSpeech: Bool = false, now: MediaInstant) -> Output {
        window = window << 1 | (isSpeech ? 1 : 0)
        switch state {
        case .quiet: return begin(now: now)
        case .speaking(let turn):
            return isSpeech ? speech(in: turn, now: now) : silence(in: turn, mayBeSpeech: mayBeSpeech, now: now)
        }
    }

    private mutating func begin(now: MediaInstant) -> Output {
        let recent = window & (1 << UInt32(configuration.startWindow) - 1)
        guard recent.nonzeroBitCount >= configuration.startFrames else { return .none }
        // The oldest speech frame of the window began `age + 1` frames ago.
        let age = 31 - recent.leadingZeroBitCount
        let onset = now.advanced(by: Frame.duration * -(age + 1))
        turn &+= 1
        hasPauseEndedTurn = false
        let frames = Int32(recent.nonzeroBitCount)
        state = .speaking(Turn(since: onset, lastSpeech: now, speechFrames: frames, endSilence: endSilence))
        return .started(turn: turn, onset: onset)
    }

    private mutating func speech(in spoken: Turn, now: MediaInstant) -> Output {
        var spoken = spoken
        let isResumed = spoken.isPaused
        spoken.lastSpeech = now
        spoken.speechFrames &+= 1
        spoken.endSilence = endSilence
        spoken.isPaused = false
        state = .speaking(spoken)
        if isResumed { return .resumed(turn: turn) }
        guard spoken.since.nanoseconds(to: now) >= maximumTurn else { return .none }
        return end(lastSpeech: now)
    }

    private mutating func silence(in spoken: Turn, mayBeSpeech: Bool, now: MediaInstant) -> Output {
        let silence = spoken.lastSpeech.nanoseconds(to: now)
        if silence >= spoken.endSilence {
            if mayBeSpeech, silence < spoken.endSilence &+ longestDoubt { return .none }
            guard Frame.duration * Int(spoken.speechFrames) >= configuration.minimumSpeech else {
                state = .quiet
                window = 0
                return .dropped(turn: turn)
            }
            hasPauseEndedTurn = spoken.isPaused
            return end(lastSpeech: spoken.lastSpeech)
        }
        guard !spoken.isPaused, silence >= pauseSilence else { return .none }
        var spoken = spoken
        spoken.isPaused = true
        state = .speaking(spoken)
        pause &+= 1
        return .paused(turn: turn, pause: pause, lastSpeech: spoken.lastSpeech)
    }

    private mutating func end(lastSpeech: MediaInstant) -> Output {
        state = .quiet
        window = 0
        return .ended(turn: turn, lastSpeech: lastSpeech)
    }
}
