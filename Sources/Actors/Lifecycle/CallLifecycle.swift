/// Where a telephone call is, as its provider tells it: one machine for every provider.
///
/// Providers repeat themselves and deliver out of order. The state is therefore the set of phases the provider has told of,
/// and the call's phase is the most advanced of them: the same tellings in any order, any number of times, end in the same
/// state, and an ended call never lives again. A pure value.
public struct CallLifecycle: Sendable, Equatable {
    public enum Phase: String, Sendable, Equatable, CaseIterable {
        case initiated
        case ringing
        case inProgress = "in_progress"
        case completed, busy, failed, canceled
        case noAnswer = "no_answer"
        case voicemail

        public var isEnded: Bool { rank >= Phase.failed.rank }

        /// A call goes from lower to higher. Among the ends, what the caller reached outweighs what was not reached, and a
        /// reason outweighs none: a provider that reports `missed` to one phone and `hangup` of the call was answered by
        /// another.
        fileprivate var rank: Int {
            switch self {
            case .initiated: 0
            case .ringing: 1
            case .inProgress: 2
            case .failed: 3
            case .canceled: 4
            case .noAnswer: 5
            case .busy: 6
            case .completed: 7
            case .voicemail: 8
            }
        }
    }

    /// What an event made of the call.
    public enum Change: Sendable, Equatable {
        /// The call is in this phase now.
        case entered(Phase)
        /// The call had ended already; this says better how.
        case refined(Phase)
        /// Told before, or overtaken by what came after it.
        case stale
    }

    /// Recordings kept of one call; more than this and something repeats itself under new names.
    public static let maximumRecordings = 64

    /// The most advanced phase told so far.
    public private(set) var phase: Phase?
    /// The caller was connected at some time.
    public private(set) var wasAnswered = false
    /// Recordings the provider has told of, by its id, in the order they came.
    public private(set) var recordings: [String] = []

    public init() {}

    /// - Returns: `.stale` for a phase that is not ahead of the call's; after the end only a better-told end is ahead.
    public mutating func enter(_ next: Phase) -> Change {
        // Late news that it had been answered is still true.
        if next == .inProgress || next == .completed { wasAnswered = true }
        guard let phase else {
            self.phase = next
            return .entered(next)
        }
        guard next.rank > phase.rank else { return .stale }
        self.phase = next
        return phase.isEnded ? .refined(next) : .entered(next)
    }

    /// A recording exists; it may be told of long after the call's end.
    /// - Returns: false when it was known, or when the call has `maximumRecordings` already.
    public mutating func recorded(_ id: String) -> Bool {
        guard recordings.count < Self.maximumRecordings, !recordings.contains(id) else { return false }
        recordings.append(id)
        return true
    }
}
