import ArgumentParser
import Foundation
import Gateway

/// The options of every command that reads an engine's configuration. Options override the environment, which overrides
/// `parley.yaml`, which overrides the defaults.
struct EngineOptions: ParsableArguments {
    @Option(help: "Configuration file (PARLEY_CONFIG; default parley.yaml if it exists).")
    var config: String?
    @Option(help: "Address to listen on (PARLEY_HOST; default 127.0.0.1).")
    var host: String?
    @Option(help: "Port to listen on, 0 for a free one (PARLEY_PORT; default 8080).")
    var port: String?
    @Option(help: "What providers call, like https://voice.example.net (PARLEY_PUBLIC_URL).")
    var publicURL: String?
    @Option(help: "Folder of tenant profiles (PARLEY_PROFILES; default profiles/tenants).")
    var profiles: String?
    @Option(help: "Folder for what the engine keeps (PARLEY_DATA_DIR; default var).")
    var dataDir: String?
    @Option(help: "on: keep every call as stereo WAV under the data folder (PARLEY_RECORDINGS; default off).")
    var recordings: String?
    @Option(help: "on: keep what every call's pipeline takes, for parley replay (PARLEY_CAPTURE; default off).")
    var capture: String?
    @Option(help: "Calls held at most (PARLEY_MAX_CALLS; default 200).")
    var maxCalls: String?
    @Option(help: "production or development (ENVIRONMENT).")
    var environment: String?
    @Option(help: "trace, debug, info, notice, warning, error or critical (LOG_LEVEL).")
    var logLevel: String?

    var settings: EngineSettings {
        get async throws {
            let given: [(String, String?)] = [
                ("PARLEY_CONFIG", config), ("PARLEY_HOST", host), ("PARLEY_PORT", port),
                ("PARLEY_PUBLIC_URL", publicURL), ("PARLEY_PROFILES", profiles), ("PARLEY_DATA_DIR", dataDir),
                ("PARLEY_MAX_CALLS", maxCalls), ("PARLEY_RECORDINGS", recordings), ("PARLEY_CAPTURE", capture),
                ("ENVIRONMENT", environment), ("LOG_LEVEL", logLevel),
            ]
            let options = Dictionary(uniqueKeysWithValues: given.compactMap { pair in pair.1.map { (pair.0, $0) } })
            return try await EngineSettings.read(options: options, environment: ProcessInfo.processInfo.environment)
        }
    }
}

/// Exit codes of the contract.
extension ExitCode {
    static let badConfiguration = ExitCode(2)
}

/// Writes a line to standard error.
func complain(_ line: String) {
    FileHandle.standardError.write(Data((line + "\n").utf8))
}
