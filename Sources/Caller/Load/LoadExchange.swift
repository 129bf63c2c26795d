import AsyncHTTPClient
import Foundation
import NIOCore
import NIOPosix

/// The calls of a run: places them over the ramp, replaces those that ended as planned, and hangs up at the end.
///
/// The state that calls touch is confined to `loop`; the rest is this actor's.
actor LoadExchange {
    private let configuration: LoadConfiguration
    private let loop: any EventLoop
    private let client: HTTPClient
    private let stage: LoadLine.Stage
    private var lines: [ObjectIdentifier: LoadLine] = [:]
    private var isEnding = false
    private var begun = 0
    private var placed = 0
    private var held = 0
    private var failures: [LoadFailure: Int] = [:]

    init(_ configuration: LoadConfiguration, _ parts: LoadStageParts, loop: any EventLoop, client: HTTPClient) {
        self.configuration = configuration
        self.loop = loop
        self.client = client
        let meter = LoadMeter()
        stage = LoadLine.Stage(
            recordings: parts.recordings,
            quiet: parts.quiet,
            manner: parts.manner,
            echo: parts.echo,
            meter: meter,
            clock: LoadClock(eventLoop: loop, meter: meter),
            seed: configuration.seed
        )
    }

    /// Adds what the calls have kept of each moment.
    func fill(_ moments: inout LoadMoments) async {
        guard let kept = try? await loop.submit({ [stage] in (stage.meter.longGaps, stage.meter.answers) }).get() else {
            return
        }
        (moments.gaps, moments.answers) = kept
    }

    // MARK: The run

    /// Returns when the last call has ended.
    func holdAll(from began: ContinuousClock.Instant) async {
        await withTaskGroup(of: Void.self) { group in
            for index in 0..<configuration.calls {
                let start = began + configuration.ramp * index / configuration.calls
                group.addTask { await self.hold(from: start) }
            }
        }
    }

    /// Calls are still being placed.
    var isSettling: Bool { begun < configuration.calls }

    func hangUpAll() {
        isEnding = true
        for line in lines.values { loop.execute { line.hangUp() } }
    }

    /// One place: a call, or one call after another.
    private func hold(from start: ContinuousClock.Instant) async {
        try? await Task.sleep(until: start, clock: .continuous)
        var isFirst = true
        while !isEnding {
            let ending = await place(isFirst: isFirst)
            isFirst = false
            switch ending {
            case .held: held += 1
            case .failed(let failure):
                failures[failure, default: 0] += 1
                // A place that fails is given up: the report says why, and the engine is not knocked at for ever.
                return
            }
            if configuration.profile.callLength == nil { return }
        }
    }

    private func place(isFirst: Bool) async -> LoadLine.Ending {
        placed += 1
        defer { if isFirst { begun += 1 } }
        var call = TwilioCallConfiguration(engineURL: configuration.engineURL, utterances: [])
        call.to = configuration.to
        call.authToken = configuration.authToken
        if let accountSid = configuration.accountSid { call.accountSid = accountSid }
        do {
            let twiml = try await VoiceWebhook(configuration: call).post(client: client, authToken: call.authToken)
            guard let stream = twiml.stream else { throw CallError.noStream(verbs: twiml.before) }
            let address = try StreamSocket.Address(stream: stream.url, engineURL: configuration.engineURL)
            guard configuration.allowsRemote || LoadConfiguration.isThisMachine(address.host) else {
                return .failed(.streamElsewhere)
            }
            return await connect(address, call, stream.parameters, isFirst: isFirst)
        } catch {
            return .failed(.webhook("\(error)"))
        }
    }

    private func connect(
        _ address: StreamSocket.Address,
        _ call: TwilioCallConfiguration,
        _ parameters: [String: String],
        isFirst: Bool
    ) async -> LoadLine.Ending {
        let ended = loop.makePromise(of: LoadLine.Ending.self)
        let stage = stage
        let line: LoadLine
        do {
            line = try await loop.submit {
                LoadLine(
                    stage: stage,
                    address: address,
                    configuration: call,
                    parameters: parameters,
                    ended: ended
                )
            }.get()
        } catch {
            ended.succeed(.failed(.notConnected))
            return .failed(.notConnected)
        }
        do {
            _ = try await ClientBootstrap(group: loop)
                .connectTimeout(.seconds(5))
                .channelOption(.tcpOption(.tcp_nodelay), value: 1)
                .channelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: 4096))
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(line) }
                }
                .connect(host: address.host, port: address.port).get()
        } catch {
            ended.succeed(.failed(.notConnected))
            return .failed(.notConnected)
        }
        lines[ObjectIdentifier(line)] = line
        if isEnding { loop.execute { line.hangUp() } }
        let planned = plannedEnd(of: line)
        defer { planned?.cancel() }
        let ending = (try? await ended.futureResult.get()) ?? .failed(.connectionLost)
        lines[ObjectIdentifier(line)] = nil
        return ending
    }

    private func plannedEnd(of line: LoadLine) -> Task<Void, any Error>? {
        guard let length = configuration.profile.callLength else { return nil }
        // A fifth more or less, so that calls that began together do not end together.
        let varied = length * Double.random(in: 0.8...1.2)
        let loop = loop
        return Task {
            try await Task.sleep(for: varied)
            loop.execute { line.hangUp() }
        }
    }

    // MARK: The figures

    func openWindow() async {
        let stage = stage
        try? await loop.submit { stage.meter.open(now: Self.seconds) }.get()
    }

    /// - Returns: seconds of calls in the window.
    func closeWindow() async -> Double {
        let stage = stage
        return (try? await loop.submit { stage.meter.close(now: Self.seconds) }.get()) ?? 0
    }

    private static var seconds: Double { Double(NIODeadline.now().uptimeNanoseconds) / 1e9 }

    func progress(seconds: Double) async -> LoadRun.Progress {
        let stage = stage
        let failed = failures.values.reduce(0, +)
        let now = try? await loop.submit { () -> LoadRun.Progress in
            let meter = stage.meter
            return LoadRun.Progress(
                seconds: seconds,
                calls: meter.openCalls,
                failed: failed,
                turns: meter.turns.count,
                answerP95Ms: meter.turns.percentile(0.95),
                isMeasuring: meter.isOpen
            )
        }.get()
        return now
            ?? LoadRun.Progress(
                seconds: seconds,
                calls: 0,
                failed: failed,
                turns: 0,
                answerP95Ms: 0,
                isMeasuring: false
            )
    }

    func fill(_ report: inout LoadReport) async {
        let stage = stage
        let plain = report
        if let filled = try? await loop.submit({ () -> LoadReport in
            var report = plain
            report.take(stage.meter)
            return report
        }).get() {
            report = filled
        }
        report.calls.placed = placed
        report.calls.held = held
        report.calls.failed = failures.values.reduce(0, +)
        report.calls.failures = failures.reduce(into: [:]) { $0[$1.key.description, default: 0] += $1.value }
    }
}
