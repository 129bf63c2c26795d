import Caller
import Codecs
import Testing

@Suite("Load generator: callers and their phones")
struct LoadCallTests {
    // MARK: Percentiles

    @Test func percentilesAreNearestRank() {
        var histogram = LoadHistogram()
        #expect(LoadFigures(histogram) == LoadFigures())
        for value in 1...100 { histogram.record(Double(value) - 0.5) }
        #expect(histogram.percentile(0.50) == 50)
        #expect(histogram.percentile(0.95) == 95)
        #expect(histogram.percentile(0.99) == 99)
        #expect(histogram.percentile(1) == 99.5)
        #expect(histogram.count == 100 && histogram.largest == 99.5)
    }

    @Test(arguments: [-5.0, 0, 3999.9, 4000, 63_999, 1e9]) func noTimeIsLost(_ value: Double) {
        var histogram = LoadHistogram()
        histogram.record(value)
        #expect(histogram.count == 1)
        #expect(histogram.percentile(0.5) <= max(0, value))
        #expect(histogram.percentile(0.5) >= min(max(0, value), 63_900))
    }

    // MARK: The schedule of a caller

    private let manner: LoadManner = {
        var manner = LoadManner()
        manner.pause = 10...10
        manner.patience = 100
        return manner
    }()

    /// What the caller sends while the agent is audible in the given ticks.
    private func run(_ manner: LoadManner, ticks: Int, agent: (Int) -> Bool) -> (LoadCaller, [LoadCaller.Frame]) {
        var caller = LoadCaller(manner: manner, lengths: [30], seed: 1)
        let frames = (1...ticks).map { caller.tick($0, agentIsAudible: agent($0)) }
        return (caller, frames)
    }

    @Test func aCallerSpeaksAfterTheAgentAndAPause() {
        let (caller, frames) = run(manner, ticks: 200) { (5..<50).contains($0) }
        // The agent rests 25 ticks after its last word in tick 49, the pause is 10.
        #expect(frames.firstIndex { $0 != .quiet } == 49 + 25 + 10 - 1)
        #expect(frames.filter { $0 != .quiet }.count == 30)
        #expect(frames.contains(.speech(recording: 0, frame: 29, interrupts: false)))
        #expect(caller.replies == 1)
    }

    @Test func aSilentAgentIsWaitedForAndThenSpokenTo() {
        let (caller, frames) = run(manner, ticks: 400) { _ in false }
        #expect(caller.unanswered == 3)
        #expect(frames.firstIndex { $0 != .quiet }.map { $0 + 1 } == 101)
        #expect(caller.replies == 0)
    }

    @Test func anInterruptionComesWhileTheAgentSpeaks() {
        var manner = manner
        manner.bargeInShare = 1
        manner.bargeInAfter = 20...20
        let (_, frames) = run(manner, ticks: 60) { $0 >= 5 }
        #expect(frames.firstIndex(of: .speech(recording: 0, frame: 0, interrupts: true)) == 24)
    }

    @Test func anAgentThatTalksOnThroughAnInterruptionHasNotBegunAgain() {
        var manner = manner
        manner.bargeInShare = 1
        manner.bargeInAfter = 20...20
        let (missed, frames) = run(manner, ticks: 120) { $0 >= 5 }
        #expect(frames.filter { $0 != .quiet }.count == 30, "it is interrupted once")
        #expect(missed.replies == 1)
        // Stopped in the utterance, answered after it.
        let (heard, _) = run(manner, ticks: 120) { (5..<35).contains($0) || $0 >= 85 }
        #expect(heard.replies == 2)
    }

    @Test func theSameSeedMakesTheSameCaller() {
        var manner = manner
        manner.pause = 1...50
        manner.bargeInShare = 0.5
        let agent: (Int) -> Bool = { $0 % 100 < 40 }
        #expect(run(manner, ticks: 2000, agent: agent).1 == run(manner, ticks: 2000, agent: agent).1)
    }

    // MARK: What the provider plays

    private func mark(_ playout: inout LoadPlayout, _ name: String) -> Bool {
        let bytes = Array(name.utf8)
        return playout.mark(bytes.span)
    }

    private func due(_ playout: inout LoadPlayout) -> [String] {
        var names: [String] = []
        while let name = playout.nextDueMark() { names.append(String(decoding: name, as: UTF8.self)) }
        return names
    }

    @Test func marksComeBackWhenTheirAudioIsPlayed() {
        var playout = LoadPlayout()
        #expect(mark(&playout, "at once"))
        playout.media(bytes: 200, isAudible: true)
        #expect(!mark(&playout, "first"))
        playout.media(bytes: 120, isAudible: false)
        #expect(!mark(&playout, "second"))
        #expect(playout.waitingBytes == 320)
        #expect(due(&playout).isEmpty)
        let one = playout.tick()
        #expect(one.bytes == 160 && one.isAudible)
        #expect(due(&playout).isEmpty)
        let two = playout.tick()
        #expect(two.bytes == 160 && two.isAudible)
        #expect(due(&playout) == ["first", "second"])
        #expect(playout.tick().bytes == 0)
    }

    @Test func clearEmptiesTheQueueAndReturnsEveryMark() {
        var playout = LoadPlayout()
        playout.media(bytes: 1600, isAudible: true)
        _ = mark(&playout, "a")
        playout.media(bytes: 1600, isAudible: true)
        _ = mark(&playout, "b")
        playout.clear()
        #expect(due(&playout) == ["a", "b"])
        #expect(playout.waitingBytes == 0 && playout.tick().bytes == 0)
    }

    @Test func aLongCallKeepsItsCount() {
        var playout = LoadPlayout()
        for round in 0..<20_000 {
            playout.media(bytes: 160, isAudible: true)
            _ = mark(&playout, "p\(round)")
            if round > 3 {
                #expect(due(&playout).count <= 1)
                #expect(playout.tick().bytes == 160)
            }
        }
        #expect(playout.waitingBytes == 4 * 160)
    }

    @Test(arguments: [(0, 0), (1, 1), (4, 1), (50, 1), (51, 0)]) func tornSpeechIsAGapAndAnEndIsNot(
        _ dry: Int,
        _ gaps: Int
    ) {
        var playout = LoadPlayout()
        playout.media(bytes: 480, isAudible: true)
        for _ in 0..<3 { #expect(playout.tick().gap == nil) }
        for _ in 0..<dry { #expect(playout.tick().gap == nil) }
        playout.media(bytes: 160, isAudible: true)
        let gap = playout.tick().gap
        #expect(gap == (gaps == 1 ? Double(dry * 20) : nil))
    }

    @Test func anExcusedGapIsNone() {
        var playout = LoadPlayout()
        playout.media(bytes: 160, isAudible: true)
        _ = playout.tick()
        playout.excuse()
        for _ in 0..<4 { _ = playout.tick() }
        playout.media(bytes: 160, isAudible: true)
        #expect(playout.tick().gap == nil)
    }

    // MARK: Echo

    @Test func theAgentComesBackLaterAndQuieter() throws {
        var echo = LoadEcho(LoadEcho.Tables(level: -20, delayFrames: 3))
        let loud = [UInt8](repeating: MuLaw.byte(10_000), count: PhoneFrame.bytes)
        var text = [UInt8](repeating: 0, count: Base64.encodedCount(for: 160))
        var output = text.mutableSpan
        try Base64.encode(loud.span, into: &output)
        let quiet = [UInt8](repeating: PhoneFrame.silence, count: PhoneFrame.bytes)
        echo.media(text.span)
        var heard: [Int] = []
        for tick in 0..<6 where echo.tick(caller: quiet, callerFrame: 0) {
            heard.append(tick)
            var bytes = [UInt8](repeating: 0, count: 162)
            var span = bytes.mutableSpan
            try Base64.decode(echo.text.span, into: &span)
            #expect((900...1100).contains(MuLaw.linear(bytes[0])))
        }
        #expect(heard == [3])
    }

    @Test func clearTakesTheAudioThatWasNotPlayed() {
        var echo = LoadEcho(LoadEcho.Tables(level: -6, delayFrames: 1))
        let long = [UInt8](repeating: UInt8(ascii: "A"), count: 216 * 10)
        echo.media(long.span)
        let quiet = [UInt8](repeating: PhoneFrame.silence, count: PhoneFrame.bytes)
        _ = echo.tick(caller: quiet, callerFrame: 0)
        echo.clear()
        let echoes = (0..<5).map { _ in echo.tick(caller: quiet, callerFrame: 0) }
        #expect(echoes == [true, false, false, false, false])
    }

    // MARK: Readings

    @Test func theProcessTableIsRead() throws {
        let stat = "42 (a ) b) S 1 42 42 0 -1 4194304 1 2 3 4 150 50 0 0 20 0 8 0 100 1 2"
        let sample = try #require(
            ServerProcess.parse(stat: stat, status: "Name:\tx\nVmRSS:\t   2048 kB\n", ticksPerSecond: 100)
        )
        #expect(sample.cpuSeconds == 2)
        #expect(sample.residentBytes == 2 << 20)
        #expect(ServerProcess.parse(stat: "42", status: "", ticksPerSecond: 100) == nil)
        #expect(try #require(ServerProcess.own.sample()).residentBytes > 1 << 20)
    }

    @Test func stolenTimeIsAShareOfTheWindow() throws {
        let before = try #require(
            StolenTime.parse("cpu  100 0 50 800 10 0 0 40 7 0\ncpu0 1 1 1 1 1 1 1 1\n", ticksPerSecond: 100)
        )
        let after = try #require(StolenTime.parse("cpu  150 0 60 920 10 0 0 60 9 0\n", ticksPerSecond: 100))
        #expect(before.stolenSeconds == 0.4 && before.totalSeconds == 10)
        #expect(abs(after.share(since: before) - 0.1) < 1e-9)
        #expect(before.share(since: before) == 0)
        #expect(StolenTime.parse("intr 1 2 3 4 5 6 7 8 9", ticksPerSecond: 100) == nil)
        #expect(StolenTime.parse("cpu 1 2 3", ticksPerSecond: 100) == nil)
        #expect(StolenTime.now() != nil)
    }

    @Test func tickFiguresAreTheWindowsOwn() {
        func page(_ one: Int, _ two: Int, _ all: Int) -> EngineMetrics {
            EngineMetrics(
                parsing: """
                    # TYPE parley_tick_duration_seconds histogram
                    parley_tick_duration_seconds_bucket{le="0.001"} \(one)
                    parley_tick_duration_seconds_bucket{le="0.01"} \(two)
                    parley_tick_duration_seconds_bucket{le="+Inf"} \(all)
                    parley_leg_info{leg="stt",provider="timed"} 1
                    """
            )
        }
        let start = page(0, 100, 100)
        let end = page(99, 200, 200)
        func percentile(_ share: Double) -> Double? {
            EngineMetrics.percentile(share, of: "parley_tick_duration_seconds", from: start, to: end)
        }
        #expect(percentile(0.99) == 0.001)
        #expect(percentile(1) == 0.01)
        #expect(EngineMetrics.percentile(0.5, of: "parley_tick_duration_seconds", from: end, to: end) == nil)
        #expect(end.legs == ["stt": "timed"])
    }
}
