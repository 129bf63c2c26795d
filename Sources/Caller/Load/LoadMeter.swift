/// What all calls of a run add up to. Times count while the window is open, that is between ramp and end.
///
/// Used on the run's event loop only.
final class LoadMeter {
    var isOpen = false
    var turns = LoadHistogram()
    var bargeIns = LoadHistogram()
    var gaps = LoadHistogram()
    var gapsOf60 = 0
    /// When they were; the first ones, which is all of them in a run that is worth something.
    private(set) var longGaps: [TimeSpan] = []
    /// Every answer by the time it came; of a run of many hours the first ones.
    private(set) var answers: [LoadAnswer] = []
    var leads = LoadHistogram()
    /// Of every call, those of the ramp included: a burst of arrivals is what a greeting suffers from.
    var greetings = LoadHistogram()

    var bargeInsTried = 0
    var bargeInsMissed = 0
    var clearsUnprovoked = 0
    var answersEarly = 0
    var unanswered = 0
    var replies = 0
    var ticks = 0
    var ticksAgent = 0
    var ticksCaller = 0
    var framesSent = 0
    var framesReceived = 0
    var framesHeldBack = 0
    var messagesOdd = 0
    var lateTicks = 0
    var worstLateMs = 0.0

    private(set) var openCalls = 0
    private(set) var mostCalls = 0
    private var callSeconds = 0.0
    private var countedAt = 0.0

    /// - Parameter now: in seconds, on any clock that does not go back.
    func calls(changedBy change: Int, now: Double) {
        count(now)
        openCalls += change
        mostCalls = max(mostCalls, openCalls)
    }

    /// Somebody heard an answer begin.
    /// - Parameters:
    ///   - milliseconds: after their last word.
    ///   - now: nanoseconds of the monotonic clock.
    func answered(after milliseconds: Double, now: Int64) {
        turns.record(milliseconds)
        if answers.count < 1_000_000 { answers.append(LoadAnswer(at: now, milliseconds: milliseconds)) }
    }

    /// Somebody heard speech torn until now.
    /// - Parameters:
    ///   - milliseconds: for how long.
    ///   - now: nanoseconds of the monotonic clock.
    func torn(for milliseconds: Double, now: Int64) {
        gaps.record(milliseconds)
        guard milliseconds >= 60 else { return }
        gapsOf60 += 1
        if longGaps.count < 10_000 { longGaps.append(TimeSpan(begin: now - Int64(milliseconds * 1e6), end: now)) }
    }

    func open(now: Double) {
        isOpen = true
        countedAt = now
        callSeconds = 0
    }

    /// - Returns: seconds of calls since `open`.
    func close(now: Double) -> Double {
        count(now)
        isOpen = false
        return callSeconds
    }

    private func count(_ now: Double) {
        if isOpen { callSeconds += Double(openCalls) * (now - countedAt) }
        countedAt = now
    }
}
