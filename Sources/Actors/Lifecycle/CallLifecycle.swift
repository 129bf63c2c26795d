/// Where a telephone call is, as its provider tells it: one machine for every provider.
///
/// Providers repeat themselves and deliver out of order, so every transition is idempotent: what is behind the call's phase
/// changes nothing, and an ended call never lives again. A pure value.
public struct CallLifecycle: Sendable, Equatable {
    /// In the order a call goes through them.
    public enum Phase: String, Sendable, Equatable, CaseIterable {
        case initiated
        case ringing
        case inProgress = "in_progress"
        case completed, busy, failed, canceled
        case noAnswer = "no_answer"
        case voicemail

        public var isEnded: Bool { rank == 3 }

        fileprivate var rank: Int {
            switch self {
            case .initiated: 0
            case .ringing: 1
            case .inProgress: 2
            case .completed, .busy, .failed, .canceled, .noAnswer, .voicemail: 3
            }
        }
    }

    /// What an event made of the call.
    public enum Change: Sendable, Equatable {
        /// The call is in this phase now.
        case entered(Phase)
        /// Told before, or overtaken by what came after it.
        case stale
    }

    public private(set) var phase: Phase?
    /// The caller was connected at some time.
    public private(set) var wasAnswered = false
    /// Recordings the provider has told of, by its id, in the order they came.
    public private(set) var recordings: [String] = []

    public init() {}

    /// - Returns: `.stale` for a phase that is not ahead of the call's, and for every phase after the end.
    public mutating func enter(_ next: Phase) -> Change {
        if let phase, next.rank <= phase.rank {
            // Late news that it had been answered is still true.
            if next == .inProgress, phase != .busy, phase != .noAnswer { wasAnswered = true }
            return .stale
        }
        phase = next
        if next == .inProgress || next == .completed { wasAnswered = true }
        return .entered(next)
    }

    /// A recording exists; it may be told of long after the call's end.
    /// - Returns: false when it was known.
    public mutating func recorded(_ id: String) -> Bool {
        guard !recordings.contains(id) else { return false }
        recordings.append(id)
        return true
    }
}
