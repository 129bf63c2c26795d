/// What the callers of a load test do: a file in `profiles/load`.
public struct LoadProfile: Sendable, Equatable {
    public struct Echo: Sendable, Equatable {
        public var delay: Duration
        /// Relative to the agent's level, in decibels.
        public var level: Double
    }

    public var name: String
    /// Recordings of what is said; paths as the program can open them.
    public var utterances: [String]
    /// Between the agent's last word and the caller's next.
    public var pause: ClosedRange<Duration> = .seconds(2)...(.seconds(3))
    /// How long an answer is waited for.
    public var patience: Duration = .seconds(10)
    /// 0...1: how many of the agent's answers are interrupted, and when.
    public var bargeInShare = 0.0
    public var bargeInAfter: ClosedRange<Duration> = .seconds(1)...(.seconds(4))
    /// What the caller's phone lets through of the agent.
    public var echo: Echo?
    /// Of the line, in dBFS; nil is digital silence.
    public var noise: Double?
    /// After this long a call hangs up and the next one takes its place; nil holds calls to the end of the test.
    public var callLength: Duration?

    public init(name: String, utterances: [String]) {
        self.name = name
        self.utterances = utterances
    }

    var manner: LoadManner {
        var manner = LoadManner()
        manner.pause = Self.ticks(pause)
        manner.patience = Self.ticks(patience...patience).lowerBound
        manner.bargeInShare = bargeInShare
        manner.bargeInAfter = Self.ticks(bargeInAfter)
        return manner
    }

    /// Whole frames, one at least.
    static func ticks(_ range: ClosedRange<Duration>) -> ClosedRange<Int> {
        func ticks(_ duration: Duration) -> Int {
            max(1, Int((duration.milliseconds / Double(PhoneFrame.milliseconds)).rounded()))
        }
        return ticks(range.lowerBound)...ticks(range.upperBound)
    }
}

/// What is wrong with a load profile, all of it at once: one line per fault, with file, line and key.
public struct LoadProfileFaults: Error, Sendable, Equatable, CustomStringConvertible {
    public var faults: [String]
    public var description: String { faults.joined(separator: "\n") }
}
