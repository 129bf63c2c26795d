/// Decides where the caller's turns begin and end, from one voice-activity decision per frame.
///
/// Times are the caller's frame clock: they advance 20 ms per frame, so a burst after a stall is judged by its audio and
/// not by when it arrived.
public struct TurnMachine: ~Copyable, Sendable {
    public struct Configuration: Sendable, Equatable {
        /// Speech within `startWindow` frames that begins a turn while the agent is silent.
        public var startFrames = 6
        public var startWindow = 8
        /// Silence after the last speech frame that ends it: the detector's 120 ms hang and the tenant's patience.
        public var endSilence: Duration = .milliseconds(620)
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
        /// `lastSpeech`: when its last speech frame ended.
        case ended(turn: Int32, lastSpeech: MediaInstant)
        /// What began as a turn had too little speech.
        case dropped(turn: Int32)
    }

    private enum State: Equatable {
        case quiet
        case speaking(since: MediaInstant, lastSpeech: MediaInstant, speechFrames: Int32)
    }

    private var state: State = .quiet
    /// One bit per frame, the newest lowest.
    private var window: UInt32 = 0
    public private(set) var turn: Int32 = 0
    private let configuration: Configuration
    private let maximumTurn: Int64
    private let endSilence: Int64

    public init(configuration: Configuration = Configuration()) {
        self.configuration = configuration
        maximumTurn = configuration.maximumTurn.nanoseconds
        endSilence = configuration.endSilence.nanoseconds
    }

    public var isSpeaking: Bool { state != .quiet }

    /// - Parameters:
    ///   - isSpeech: the detector's decision for this frame alone, without its hang.
    ///   - now: when the frame ends on the caller's frame clock.
    public mutating func handle(isSpeech: Bool, now: MediaInstant) -> Output {
        window = window << 1 | (isSpeech ? 1 : 0)
        switch state {
        case .quiet:
            let recent = window & (1 << UInt32(configuration.startWindow) - 1)
            guard recent.nonzeroBitCount >= configuration.startFrames else { return .none }
            // The oldest speech frame of the window began `age + 1` frames ago.
            let age = 31 - recent.leadingZeroBitCount
            let onset = now.advanced(by: Frame.duration * -(age + 1))
            turn &+= 1
            state = .speaking(since: onset, lastSpeech: now, speechFrames: Int32(recent.nonzeroBitCount))
            return .started(turn: turn, onset: onset)
        case .speaking(let since, let lastSpeech, let speechFrames):
            if isSpeech {
                state = .speaking(since: since, lastSpeech: now, speechFrames: speechFrames &+ 1)
                guard since.nanoseconds(to: now) >= maximumTurn else { return .none }
                return end(lastSpeech: now)
            }
            guard lastSpeech.nanoseconds(to: now) >= endSilence else { return .none }
            guard Frame.duration * Int(speechFrames) >= configuration.minimumSpeech else {
                state = .quiet
                window = 0
                return .dropped(turn: turn)
            }
            return end(lastSpeech: lastSpeech)
        }
    }

    private mutating func end(lastSpeech: MediaInstant) -> Output {
        state = .quiet
        window = 0
        return .ended(turn: turn, lastSpeech: lastSpeech)
    }
}
