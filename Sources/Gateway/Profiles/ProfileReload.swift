import Synchronization

/// What came of reading the profiles again.
public enum ProfileReload: Sendable, Equatable {
    /// New calls get the new profiles.
    case applied
    /// The files have faults; the profiles in force stay.
    case refused([ProfileFault])
    /// The legs could not be made ready for the new profiles; those in force stay.
    case unprepared(reason: String)

    /// A metric label.
    enum Outcome: String, CaseIterable { case applied, refused, unprepared }

    var outcome: Outcome {
        switch self {
        case .applied: .applied
        case .refused: .refused
        case .unprepared: .unprepared
        }
    }
}

/// Counts reloads by what came of them.
final class ProfileReloadMeters: Sendable {
    private let counts = Mutex<[ProfileReload.Outcome: Int]>([:])

    func count(_ outcome: ProfileReload.Outcome) { counts.withLock { $0[outcome, default: 0] += 1 } }

    /// Every outcome, also those that never happened.
    var all: [(outcome: String, count: Int)] {
        counts.withLock { counts in ProfileReload.Outcome.allCases.map { ($0.rawValue, counts[$0] ?? 0) } }
    }
}
