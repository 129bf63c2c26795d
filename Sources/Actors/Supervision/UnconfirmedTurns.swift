import Engine

/// The caller's turns nobody has written down yet: what the next recogniser is told when one fails.
struct UnconfirmedTurns: Sendable {
    struct Turn: Sendable {
        let number: Int
        /// What the dialogue waited for when it began.
        let expectation: Expectation?
        fileprivate(set) var audio: [[Int16]] = []
        fileprivate(set) var isPaused = false
        fileprivate(set) var hasEnded = false
        /// When its transcript is due; nil while it goes on, or nobody hears it.
        var due: MediaInstant?
    }

    private(set) var turns: [Turn] = []
    private var samples = 0
    private let maximumSamples: Int
    private let maximumTurns: Int

    init(maximumSamples: Int, maximumTurns: Int) {
        self.maximumSamples = maximumSamples
        self.maximumTurns = max(1, maximumTurns)
    }

    var isEmpty: Bool { turns.isEmpty }
    func contains(_ number: Int) -> Bool { turns.contains { $0.number == number } }
    /// When the first transcript is overdue.
    var due: MediaInstant? { turns.compactMap(\.due).min() }

    mutating func begin(_ number: Int, expecting expectation: Expectation?) {
        if turns.count >= maximumTurns { remove(at: 0) }
        turns.append(Turn(number: number, expectation: expectation))
    }

    /// - Returns: false: no turn is open, and nobody wants the sound.
    mutating func feed(_ chunk: [Int16]) -> Bool {
        guard let last = turns.indices.last, !turns[last].hasEnded else { return false }
        turns[last].audio.append(chunk)
        samples += chunk.count
        while samples > maximumSamples, let oldest = turns.firstIndex(where: { !$0.audio.isEmpty }) {
            samples -= turns[oldest].audio.removeFirst().count
        }
        return true
    }

    mutating func pause(_ number: Int) {
        if let index = turns.firstIndex(where: { $0.number == number }) { turns[index].isPaused = true }
    }

    mutating func resume(_ number: Int) {
        if let index = turns.firstIndex(where: { $0.number == number }) { turns[index].isPaused = false }
    }

    mutating func end(_ number: Int, due: MediaInstant?) {
        guard let index = turns.firstIndex(where: { $0.number == number }) else { return }
        turns[index].hasEnded = true
        turns[index].isPaused = false
        turns[index].due = due
    }

    /// The recogniser is at work on a turn that has ended: it gets more time.
    mutating func extend(_ number: Int, due: MediaInstant) {
        if let index = turns.firstIndex(where: { $0.number == number && $0.hasEnded }) { turns[index].due = due }
    }

    /// All turns that have ended are due then; nil: nobody hears them.
    mutating func expectAll(by due: MediaInstant?) {
        for index in turns.indices where turns[index].hasEnded { turns[index].due = due }
    }

    mutating func confirm(_ number: Int) {
        if let index = turns.firstIndex(where: { $0.number == number }) { remove(at: index) }
    }

    mutating func dropLast() {
        if !turns.isEmpty { remove(at: turns.count - 1) }
    }

    mutating func removeAll() {
        turns = []
        samples = 0
    }

    private mutating func remove(at index: Int) {
        samples -= turns[index].audio.reduce(0) { $0 + $1.count }
        turns.remove(at: index)
    }
}
