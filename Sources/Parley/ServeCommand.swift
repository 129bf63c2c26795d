import ArgumentParser
import Gateway
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Runs the engine until SIGTERM or SIGINT, then drains.",
        discussion: """
            Example: PARLEY_PUBLIC_URL=https://voice.example.net TWILIO_AUTH_TOKEN=... parley serve --port 8080
            Profiles are read again when their files change, and on SIGHUP. A bad edit is refused: the old ones stay.
            Exit codes: 0 clean, 2 bad configuration (one line per fault), 1 otherwise.
            """
    )

    @OptionGroup var engine: EngineOptions

    func run() async throws {
        let settings = try await readSettings(engine)
        let folder = try loadProfiles(settings)
        let level = Logger.Level(rawValue: settings.logLevel) ?? .info
        LoggingSystem.bootstrap { JSONLogHandler(label: $0, level: level) }
        let logger = Logger(label: "parley")
        let group = MultiThreadedEventLoopGroup(numberOfThreads: settings.effectiveSocketThreads)
        do {
            let legs = EngineLegs(settings, group: group, logger: logger)
            let store = ProfileStore(folder, settings: settings, logger: logger) {
                try await legs.warm(for: $0, logger: logger)
            }
            legs.follow { store.tenants.profiles }
            try await legs.warm(for: store.tenants.profiles, logger: logger)
            let engine = try await ParleyEngine(
                settings: settings,
                tenants: store,
                legs: legs.source,
                group: group,
                logger: logger
            ) { port in
                logger.info("listening", metadata: ["host": "\(settings.host)", "port": "\(port)"])
            }
            let services = ServiceGroup(
                // Shut down from the end: a hang-up signal during the drain must not end the process.
                services: [HangUpSignal(store: store, engine: engine), engine],
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: logger
            )
            try await services.run()
            await legs.close()
        } catch {
            complain(explain(error, settings))
            throw ExitCode.failure
        }
    }

    private func explain(_ error: any Error, _ settings: EngineSettings) -> String {
        guard let system = error as? IOError else { return "parley serve: \(error)" }
        switch system.errnoCode {
        case EADDRINUSE:
            return "parley serve: port \(settings.port) on \(settings.host) is taken; stop its owner, or choose another"
                + " with --port or PARLEY_PORT"
        case EACCES:
            return "parley serve: port \(settings.port) needs a privilege this user has not; choose one above 1023"
        case EADDRNOTAVAIL:
            return "parley serve: this machine has no address \(settings.host); choose another with --host"
        default:
            return "parley serve: \(system)"
        }
    }
}
