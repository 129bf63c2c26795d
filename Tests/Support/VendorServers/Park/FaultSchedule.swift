import Engine

/// Which requests meet which fault: one in so many, the faults in turn, from a seed. Any thread.
public final class FaultSchedule<Fault: Sendable>: Sendable {
    private struct State {
        var random: UInt64
        var next = 0
        var given = 0
        var asked = 0
    }

    private let faults: [Fault]
    private let share: Double
    private let state: Locked<State>

    /// - Parameter share: of the requests, 0...1.
    public init(_ faults: [Fault], share: Double, seed: UInt64) {
        self.faults = faults
        self.share = share
        state = Locked(State(random: seed))
    }

    /// For the next request.
    public func draw() -> Fault? {
        state.withLock { state in
            state.asked += 1
            // SplitMix64.
            state.random &+= 0x9E37_79B9_7F4A_7C15
            var bits = state.random
            bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
            bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
            let unit = Double((bits ^ (bits >> 31)) >> 11) / Double(1 << 53)
            guard unit < share, !faults.isEmpty else { return nil }
            defer { state.next += 1 }
            state.given += 1
            return faults[state.next % faults.count]
        }
    }

    /// Faults given, of requests asked about.
    public var counts: (given: Int, asked: Int) { state.withLock { ($0.given, $0.asked) } }
}
