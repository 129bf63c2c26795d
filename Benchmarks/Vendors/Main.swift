import ArgumentParser
import Foundation
import VendorServers

/// Measures whole calls against servers that speak the vendors' wire protocols. Everything on loopback; ends by itself.
@main struct VendorBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "vendors",
        abstract: "Turns, failover, interruptions and a run with faults, against vendors' servers of our own."
    )

    enum Part: String, CaseIterable, ExpressibleByArgument { case turns, failover, bargein, soak }

    @Option(help: "The engine's program.") var engine = ".build/release/parley"
    @Option(help: "The processor the engine is held to.") var core: Int?
    @Option(help: "Folder of the recordings that are said.") var samples = "profiles/samples"
    @Option(parsing: .upToNextOption, help: "Only these parts.") var only: [Part] = Part.allCases
    @Flag(help: "Measure nothing: print and write what is kept.") var kept = false
    @Flag(help: "Small amounts: a look that everything works.") var quick = false
    @Option(help: "Calls of the run with faults.") var calls: Int?
    @Option(help: "Figures of parts that are not measured now are kept.") var json: String?
    @Option(help: "Also write the table as Markdown to this file.") var report: String?

    func run() async throws {
        guard kept else { return try await show(measured()) }
        guard let results = json.flatMap(VendorResults.init(file:)) else {
            throw ValidationError("--kept needs --json with the figures of an earlier run")
        }
        try show(results)
    }

    private func show(_ results: VendorResults) throws {
        let table = VendorTable(results)
        print(table.plain)
        if let report { try table.markdown.write(toFile: report, atomically: true, encoding: .utf8) }
        if !table.missed.isEmpty { throw ExitCode(1) }
    }

    private func measured() async throws -> VendorResults {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("vendors-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        raiseFileLimit()
        let park = try await VendorPark(words: Bench.words, answer: Bench.answer)
        let server = try await EngineUnderTest(
            program: engine,
            core: core,
            folder: folder,
            tenants: Bench.tenants,
            environment: park.environment
        )
        // Interrupted or not, no process stays behind.
        let interrupts = [SIGINT, SIGTERM].map { (number: Int32) in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                kill(pid_t(server.pid), SIGTERM)
                try? FileManager.default.removeItem(at: folder)
                FileHandle.standardError.write(Data("vendors: stopped by signal \(number)\n".utf8))
                Foundation.exit(128 + number)
            }
            source.resume()
            return source
        }
        defer { for interrupt in interrupts { interrupt.cancel() } }
        let outcome: Result<VendorResults, any Error>
        do { outcome = .success(try await measure(park, server)) } catch { outcome = .failure(error) }
        let isRunning = server.isRunning
        let words = server.lastWords
        await server.stop()
        await park.stop()
        if !isRunning { print("The engine ended by itself: \(words)") }
        guard isRunning else { throw ExitCode(1) }
        let results = try outcome.get()
        if let json { try results.write(to: json) }
        return results
    }

    private func measure(_ park: VendorPark, _ server: EngineUnderTest) async throws -> VendorResults {
        var amounts = quick ? Bench.Amounts.quick : Bench.Amounts()
        if let calls { amounts.soakCalls = calls }
        let bench = Bench(
            park: park,
            engine: server,
            events: try await EventLog(server),
            amounts: amounts,
            samples: samples
        )
        defer { bench.events.stop() }
        var results = json.flatMap(VendorResults.init(file:)) ?? VendorResults()
        results.conditions = Conditions.now(engineCore: core)
        for part in only {
            FileHandle.standardError.write(Data("\(part.rawValue) ...\n".utf8))
            switch part {
            case .turns: results.turns = try await TurnsPart.measure(bench)
            case .failover: results.failover = try await FailoverPart.measure(bench)
            case .bargein: results.bargeIn = try await BargeInPart.measure(bench)
            case .soak: results.soak = try await SoakPart.measure(bench)
            }
        }
        return results
    }

    /// A few sockets for each call.
    private func raiseFileLimit() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}
