import AsyncHTTPClient
import CPlatform
import Foundation
import NIOCore
import NIOPosix

/// Holds many calls against an engine and measures them.
///
/// One event loop carries all calls, so that one core is enough and its cost is known. Prints nothing.
public struct LoadRun: Sendable {
    /// Where a run stands.
    public struct Progress: Sendable {
        public var seconds: Double
        public var calls: Int
        public var failed: Int
        public var turns: Int
        public var answerP95Ms: Double
        public var isMeasuring: Bool
    }

    /// How long the last calls of the ramp are waited for before measuring begins.
    private static let settling = Duration.seconds(5)

    private let configuration: LoadConfiguration

    public init(_ configuration: LoadConfiguration) { self.configuration = configuration }

    /// Places the calls and holds them to the end. Cancelling the task hangs up politely; the report then says so.
    ///
    /// - Parameter progress: about once a second.
    /// - Throws: what makes the test impossible: a recording that cannot be read, an engine that is not there.
    public func run(progress: @escaping @Sendable (Progress) -> Void = { _ in }) async throws -> LoadReport {
        try configuration.validate()
        let stageParts = try LoadStageParts(configuration.profile)
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let client = HTTPClient(eventLoopGroup: group, configuration: CallerExchange.providerLike)
        let exchange = LoadExchange(configuration, stageParts, loop: group.next(), client: client)
        do {
            let report = try await measure(exchange, client, progress)
            try await client.shutdown()
            try await group.shutdownGracefully()
            return report
        } catch {
            try? await client.shutdown()
            try? await group.shutdownGracefully()
            throw error
        }
    }

    private func measure(
        _ exchange: LoadExchange,
        _ client: HTTPClient,
        _ progress: @escaping @Sendable (Progress) -> Void
    ) async throws -> LoadReport {
        let server = configuration.serverPid.map { ServerProcess(pid: $0) }
        let before = server?.sample()
        let began = ContinuousClock.now
        let reporter = Task {
            while !Task.isCancelled {
                try await Task.sleep(for: .seconds(1))
                progress(await exchange.progress(seconds: (ContinuousClock.now - began).milliseconds / 1000))
            }
        }
        defer { reporter.cancel() }
        // From the first call on: the more of a processor's speed is seen, the surer is what its full speed is.
        let witness = configuration.serverPid.flatMap { pid in
            configuration.serverProcessor.map { ProcessorWitness(processor: $0, engine: pid) }
        }
        let unwatched = witness?.start()
        let lines = Task { await exchange.holdAll(from: began) }
        let isWhole = await rampUp(exchange, from: began)
        let metricsBefore = await EngineMetrics.fetch(configuration, client)
        let ownBefore = ServerProcess.own.sample()
        let serverBefore = server?.sample()
        let stolenBefore = StolenTime.now()
        await exchange.openWindow()
        let opened = ContinuousClock.now
        var moments = LoadMoments(window: TimeSpan(begin: parley_monotonic_ns(), end: .max))
        let lateTicks = witness.map { _ in
            Task { [configuration] in await LateTickLog.keep(from: metricsBefore, configuration, client) }
        }
        var wasInterrupted = !isWhole
        if isWhole { wasInterrupted = !(await sleep(configuration.duration)) }
        let callSeconds = await exchange.closeWindow()
        moments.window.end = parley_monotonic_ns()
        lateTicks?.cancel()
        let seen = witness?.stop()
        let measured = (ContinuousClock.now - opened).milliseconds / 1000
        let serverAfter = server?.sample()
        let ownAfter = ServerProcess.own.sample()
        let stolenAfter = StolenTime.now()
        // Cancelled or not, the last reading and the good-byes are to be had.
        let finish = Task.detached { [configuration] in
            let metrics = await EngineMetrics.fetch(configuration, client)
            await exchange.hangUpAll()
            return metrics
        }
        let metricsAfter = await finish.value
        await lines.value

        var report = LoadReport(
            conditions: LoadReport.Conditions(
                url: configuration.engineURL,
                profile: configuration.profile.name,
                calls: configuration.calls,
                rampSeconds: configuration.ramp.milliseconds / 1000,
                measuredSeconds: measured,
                cores: ProcessInfo.processInfo.activeProcessorCount,
                wasInterrupted: wasInterrupted,
                legs: metricsAfter?.legs ?? [:]
            )
        )
        await exchange.fill(&report)
        report.calls.callSeconds = callSeconds
        if let seen {
            moments.calls = report.calls.most
            await exchange.fill(&moments)
            moments.lateTicks = await lateTicks?.value ?? LateTickLog()
            moments.lateTicks.read(metricsAfter, asked: moments.window.end, now: parley_monotonic_ns())
            var processor = LoadReport.Processor(seen, moments)
            processor.fault = unwatched.map { String(cString: strerror($0)) }
            report.processor = processor
        }
        if let stolenBefore { report.stolenShare = stolenAfter?.share(since: stolenBefore) }
        if let pid = server?.pid, let before, let start = serverBefore, let end = serverAfter {
            let cpu = end.cpuSeconds - start.cpuSeconds
            let grown = end.residentBytes - before.residentBytes
            report.server = LoadReport.Server(
                pid: pid,
                cpuSeconds: cpu,
                cpuSecondsPerCallSecond: callSeconds > 0 ? cpu / callSeconds : 0,
                residentBytesBefore: before.residentBytes,
                residentBytesSteady: end.residentBytes,
                residentBytesPerCall: grown / max(1, report.calls.most)
            )
        }
        if let start = metricsBefore, let end = metricsAfter { report.engine = LoadReport.Engine(from: start, to: end) }
        if let start = ownBefore, let end = ownAfter {
            report.generator.cpuSeconds = end.cpuSeconds - start.cpuSeconds
            report.generator.cpuMsPerCallSecond =
                callSeconds > 0 ? 1000 * report.generator.cpuSeconds / callSeconds : 0
        }
        return report
    }

    /// - Returns: false when the run was cancelled meanwhile.
    private func rampUp(_ exchange: LoadExchange, from began: ContinuousClock.Instant) async -> Bool {
        guard await sleep(configuration.ramp) else { return false }
        let latest = began + configuration.ramp + Self.settling
        while await exchange.isSettling, ContinuousClock.now < latest {
            guard await sleep(.milliseconds(50)) else { return false }
        }
        return true
    }

    /// - Returns: false when cancelled.
    private func sleep(_ duration: Duration) async -> Bool {
        do {
            try await Task.sleep(for: duration)
            return true
        } catch {
            return false
        }
    }
}

/// What is read and computed once: recordings as base64, the quiet line, the echo's tables.
struct LoadStageParts: Sendable {
    let recordings: [LoadRecording]
    let quiet: LoadRecording
    let echo: LoadEcho.Tables?
    let manner: LoadManner

    init(_ profile: LoadProfile) throws {
        let noise = profile.noise.map { LoadNoise(level: $0) }
        recordings = try profile.utterances.map { path in
            try LoadRecording(name: path, audio: try AudioFile.read(path), noise: noise)
        }
        guard !recordings.isEmpty else { throw CallError.noUtterance }
        quiet = LoadRecording(line: noise)
        echo = profile.echo.map { echo in
            LoadEcho.Tables(level: echo.level, delayFrames: LoadProfile.ticks(echo.delay...echo.delay).lowerBound)
        }
        manner = profile.manner
    }
}
