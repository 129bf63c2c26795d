import Foundation

/// The figures of a load test. Times in milliseconds.
public struct LoadReport: Codable, Sendable {
    public struct Conditions: Codable, Sendable {
        public var url: String
        public var profile: String
        public var calls: Int
        public var rampSeconds: Double
        /// Of the window in which everything below was counted.
        public var measuredSeconds: Double
        public var cores: Int
        public var wasInterrupted: Bool
        /// Provider of each leg, where the engine says so.
        public var legs: [String: String]
    }
    public struct Calls: Codable, Sendable {
        public var placed = 0
        /// Ended by us.
        public var held = 0
        public var failed = 0
        public var failures: [String: Int] = [:]
        public var most = 0
        /// All calls' time in the window.
        public var callSeconds = 0.0
        /// Of that time, in which the agent's and the callers' audio was on the line.
        public var agentShare = 0.0
        public var callerShare = 0.0
    }
    public struct Turns: Codable, Sendable {
        /// From the caller's last word sent to the first audible frame of the answer received.
        public var answerMs = LoadFigures()
        public var unanswered = 0
        /// Answers that came before the caller had finished.
        public var early = 0
        /// From the stream's start to the first audible frame.
        public var greetingMs = LoadFigures()
    }
    public struct BargeIns: Codable, Sendable {
        public var tried = 0
        /// From the caller's first word sent to `clear` received.
        public var clearMs = LoadFigures()
        public var missed = 0
        /// `clear` although the caller had said nothing since the reply began.
        public var unprovoked = 0
    }
    public struct Playout: Codable, Sendable {
        public var replies = 0
        public var gapMs = LoadFigures()
        public var gapsOf60 = 0
        public var gapsOf60Per100Replies = 0.0
        /// Audio waiting at the provider after each message.
        public var leadMs = LoadFigures()
    }
    public struct Server: Codable, Sendable {
        public var pid: Int
        public var cpuSeconds: Double
        public var cpuSecondsPerCallSecond: Double
        public var residentBytesBefore: Int
        public var residentBytesSteady: Int
        public var residentBytesPerCall: Int
    }
    /// What the engine says about itself, over the window.
    public struct Engine: Codable, Sendable {
        public var lateTicks: Int
        /// Upper bounds of the histogram's buckets; nil when it counted nothing, or the value lies above the last bound.
        public var tickP50Ms: Double?
        public var tickP99Ms: Double?
        public var tickMaxMs: Double?
        public var underruns: Int
        public var ringOverflows: Int
    }
    /// What a thread before everything else on the engine's processor saw of it.
    public struct Processor: Codable, Sendable, Equatable {
        /// Why it could not be watched; nil when it was.
        public var fault: String?
        /// Times of 10 ms or more in which it ran nothing.
        public var standstills = 0
        public var longestMs = 0.0
        public var totalMs = 0.0
        /// So many ticks may be late for them: of every call, one for each 20 ms begun.
        public var lateTicksExplained = 0
        /// Gaps of 60 ms that lay in one of them in part or whole.
        public var gapsOf60Explained = 0
        /// Its speed, as a share of its full speed.
        public var meanSpeed = 1.0
        /// How long it was slow (`ProcessorPace`), with the time the backlog takes.
        public var slowSeconds = 0.0
        /// Late ticks and gaps of then, and the answers of the rest of the time; standstills of then are not counted above.
        public var lateTicksWhenSlow = 0
        public var gapsOf60WhenSlow = 0
        public var answerMsOtherwise = LoadFigures()

        public init() {}
    }
    public struct Generator: Codable, Sendable {
        public var cpuSeconds = 0.0
        public var cpuMsPerCallSecond = 0.0
        public var framesSent = 0
        public var framesReceived = 0
        /// Frames that were not sent because the engine did not read.
        public var framesHeldBack = 0
        public var messagesOdd = 0
        /// Slots that ran 20 ms late or more: then the generator, not the engine, was too slow.
        public var lateTicks = 0
        public var worstLateMs = 0.0
    }

    public var conditions: Conditions
    public var calls = Calls()
    public var turns = Turns()
    public var bargeIns = BargeIns()
    public var playout = Playout()
    /// nil without `--server-pid`.
    public var server: Server?
    /// nil when `/metrics` is not to be had.
    public var engine: Engine?
    public var generator = Generator()
    /// nil without `--server-processor`.
    public var processor: Processor?
    /// Of the processors' time, what the host of a virtual machine gave to others; nil where the system does not tell.
    public var stolenShare: Double?

    public func json() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(self)
    }

    mutating func take(_ meter: LoadMeter) {
        calls.most = meter.mostCalls
        let ticks = Double(max(1, meter.ticks))
        calls.agentShare = Double(meter.ticksAgent) / ticks
        calls.callerShare = Double(meter.ticksCaller) / ticks
        turns = Turns(
            answerMs: LoadFigures(meter.turns),
            unanswered: meter.unanswered,
            early: meter.answersEarly,
            greetingMs: LoadFigures(meter.greetings)
        )
        bargeIns = BargeIns(
            tried: meter.bargeInsTried,
            clearMs: LoadFigures(meter.bargeIns),
            missed: meter.bargeInsMissed,
            unprovoked: meter.clearsUnprovoked
        )
        playout = Playout(
            replies: meter.replies,
            gapMs: LoadFigures(meter.gaps),
            gapsOf60: meter.gapsOf60,
            gapsOf60Per100Replies: 100 * Double(meter.gapsOf60) / Double(max(1, meter.replies)),
            leadMs: LoadFigures(meter.leads)
        )
        generator.framesSent = meter.framesSent
        generator.framesReceived = meter.framesReceived
        generator.framesHeldBack = meter.framesHeldBack
        generator.messagesOdd = meter.messagesOdd
        generator.lateTicks = meter.lateTicks
        generator.worstLateMs = meter.worstLateMs
    }
}

extension LoadReport.Engine {
    init(from start: EngineMetrics, to end: EngineMetrics) {
        func change(_ name: String) -> Int { Int(end.sum(name) - start.sum(name)) }
        func tick(_ share: Double) -> Double? {
            EngineMetrics.percentile(share, of: "parley_tick_duration_seconds", from: start, to: end)
                .flatMap { $0.isFinite ? $0 * 1000 : nil }
        }
        self.init(
            lateTicks: change("parley_tick_late_total"),
            tickP50Ms: tick(0.5),
            tickP99Ms: tick(0.99),
            tickMaxMs: tick(1),
            underruns: change("parley_playout_underruns_total"),
            ringOverflows: change("parley_ring_overflow_total")
        )
    }
}
