import ArgumentParser
import Caller
import Dispatch
import Foundation

/// `parley load`: many calls at once, and what they cost.
struct LoadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "load",
        abstract: "Hold many calls against an engine and measure it from the callers' side.",
        discussion: """
            Places the calls over the ramp, holds them for the duration, then prints calls held and failed, times,
            gaps and, with --server-pid, the engine's CPU time and memory per call. Exit code 1 when calls failed or a
            limit of --limits was exceeded.

            Examples:
              PARLEY_STT=timed PARLEY_LLM=timed PARLEY_TTS=timed ENVIRONMENT=development taskset -c 0 parley serve
              taskset -c 1 parley load --calls 300 --ramp 30 --duration 600 --profile profiles/load/typical.yaml \\
                --url http://127.0.0.1:8080 --server-pid $(pgrep -f 'parley serve')
              parley load --webhooks 1000 --duration 30 --auth-token $TWILIO_AUTH_TOKEN

            With --webhooks it sends a provider's signed requests at that rate instead, some of them forged and some
            twice, and exits with 1 when a forged one is served or more than one in a thousand is not.
            """
    )

    @Option(help: "Calls held at the same time.")
    var calls: Int?
    @Option(help: "Send so many webhooks per second instead of holding calls.")
    var webhooks: Int?
    @Option(help: "The address signatures cover, where it is not --url (with --webhooks).")
    var publicUrl: String?
    @Option(help: "Seconds over which the calls begin.")
    var ramp: Double = 10
    @Option(help: "Seconds of measuring after the ramp.")
    var duration: Double
    @Option(help: "What the callers do: profiles/load/NAME.yaml.")
    var profile: String?
    @Option(help: "Address of the engine, as the engine knows itself: signatures cover it.")
    var url = "http://127.0.0.1:8080"
    @Option(help: "Process of the engine on this machine, for its CPU time and memory.")
    var serverPid: Int?
    @Option(help: "Processor that process runs on: it is watched for times in which a host let it run nothing.")
    var serverProcessor: Int?
    @Option(help: "Judge the figures by this file; exit code 1 when one is exceeded (profiles/load/limits.json).")
    var limits: String?
    @Option(help: "Figures of one call alone (its --json), for the limit that compares with them.")
    var oneCall: String?
    @Option(help: "Write the figures to this file.")
    var json: String?
    @Option(help: "Number that is called.")
    var to = "+15550100"
    @Option(help: "Auth token that signs the requests (default: TWILIO_AUTH_TOKEN).")
    var authToken: String?
    @Option(help: "The same seed makes the same callers.")
    var seed: UInt64 = 1
    @Flag(help: "Call an engine on another machine. Its owner must know.")
    var allowRemote = false

    func run() async throws {
        let environment = ProcessInfo.processInfo.environment
        if let webhooks { return try await send(webhooks, environment) }
        guard let calls, let profile else {
            complain("parley load: name --calls and --profile, or --webhooks")
            throw ExitCode.badConfiguration
        }
        let configuration = try load(environment, calls: calls, profile: profile)
        let (limits, oneCall) = try readLimits()
        raiseFileLimit()
        let isTerminal = isatty(STDERR_FILENO) == 1
        let task = Task {
            try await LoadRun(configuration).run { progress in
                if isTerminal { Self.write("\r\u{1B}[K" + LoadTable.progress(progress, of: calls), STDERR_FILENO) }
            }
        }
        let interrupt = hangUpOnInterrupt(task)
        defer { interrupt.cancel() }
        let report: LoadReport
        do {
            report = try await task.value
        } catch {
            complain("parley load: \(error)")
            throw ExitCode(1)
        }
        if isTerminal { Self.write("\r\u{1B}[K", STDERR_FILENO) }
        Self.write(LoadTable.lines(report).joined(separator: "\n") + "\n", STDOUT_FILENO)
        try writeFigures(report.json())
        let verdicts = limits?.judge(report, oneCall: oneCall) ?? []
        Self.write(LoadTable.lines(verdicts).map { $0 + "\n" }.joined(), STDOUT_FILENO)
        if report.calls.failed > 0 || verdicts.contains(where: { $0.outcome == .failed }) { throw ExitCode(1) }
        if report.conditions.wasInterrupted { throw ExitCode(130) }
    }

    private func readLimits() throws -> (LoadLimits?, LoadReport?) {
        do {
            return (try limits.map(LoadLimits.read), try oneCall.map(LoadLimits.readFigures))
        } catch {
            complain("parley load: \(error)")
            throw ExitCode.badConfiguration
        }
    }

    private func writeFigures(_ data: @autoclosure () throws -> Data) throws {
        guard let json else { return }
        do {
            try data().write(to: URL(fileURLWithPath: json))
        } catch {
            complain("parley load: the figures could not be written to \(json): \(error.localizedDescription)")
            throw ExitCode(1)
        }
    }

    private func send(_ webhooks: Int, _ environment: [String: String]) async throws {
        guard let token = authToken ?? environment["TWILIO_AUTH_TOKEN"], !token.isEmpty else {
            complain("parley load: --webhooks needs the engine's auth token: --auth-token or TWILIO_AUTH_TOKEN")
            throw ExitCode.badConfiguration
        }
        var load = WebhookLoad(
            engineURL: url.hasSuffix("/") ? String(url.dropLast()) : url,
            requestsPerSecond: webhooks,
            duration: .milliseconds(Int64(min(max(duration, 0), 1e6) * 1000)),
            authToken: token
        )
        load.publicURL = publicUrl
        load.to = to
        load.serverPid = serverPid
        do {
            let report = try await load.run()
            Self.write(report.lines.joined(separator: "\n") + "\n", STDOUT_FILENO)
            try writeFigures(report.json())
            guard report.isSignatureEnforced, report.errorShare < 0.001 else { throw ExitCode(1) }
        } catch let fault as LoadConfiguration.Fault {
            complain("parley load: \(fault)")
            throw ExitCode.badConfiguration
        }
    }

    private func load(_ environment: [String: String], calls: Int, profile: String) throws -> LoadConfiguration {
        func value(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        do {
            guard ramp.isFinite, duration.isFinite, abs(ramp) < 1e9, abs(duration) < 1e9 else {
                throw LoadConfiguration.Fault(description: "--ramp and --duration are numbers of seconds")
            }
            var load = LoadConfiguration(
                calls: calls,
                duration: .milliseconds(Int64(duration * 1000)),
                engineURL: url,
                profile: try LoadProfile.read(profile)
            )
            load.ramp = .milliseconds(Int64(ramp * 1000))
            load.to = to
            load.authToken = authToken ?? value("TWILIO_AUTH_TOKEN")
            load.accountSid = value("TWILIO_ACCOUNT_SID")
            load.metricsToken = value("PARLEY_METRICS_TOKEN")
            load.serverPid = serverPid
            load.serverProcessor = serverProcessor
            load.allowsRemote = allowRemote
            load.seed = seed
            try load.validate()
            return load
        } catch let faults as LoadProfileFaults {
            for fault in faults.faults { complain(fault) }
            throw ExitCode.badConfiguration
        } catch {
            complain("parley load: \(error)")
            throw ExitCode.badConfiguration
        }
    }

    /// The first interrupt hangs up and still prints the figures.
    private func hangUpOnInterrupt(_ task: Task<LoadReport, any Error>) -> any DispatchSourceSignal {
        signal(SIGINT, SIG_IGN)
        let source = DispatchSource.makeSignalSource(signal: SIGINT, queue: .global())
        source.setEventHandler { task.cancel() }
        source.resume()
        return source
    }

    /// A socket per call, and some more.
    private func raiseFileLimit() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }

    private static func write(_ text: String, _ descriptor: Int32) {
        FileHandle(fileDescriptor: descriptor, closeOnDealloc: false).write(Data(text.utf8))
    }
}
