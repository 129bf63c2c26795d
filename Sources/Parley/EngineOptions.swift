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
    @Option(help: "When calls cancel the agent's echo: auto, always, off (PARLEY_ECHO).")
    var echo: String?
    @Option(help: "Who hears, in order of preference: embedded; timed for load tests (PARLEY_STT).")
    var stt: String?
    @Option(help: "Who answers: embedded, timed (PARLEY_LLM).")
    var llm: String?
    @Option(help: "Who speaks: embedded, timed (PARLEY_TTS).")
    var tts: String?
    @Option(help: "Timed legs: transcript this long after a turn's end (PARLEY_TIMED_STT_MS; default 150).")
    var timedSttMs: String?
    @Option(help: "Timed legs: a reply's first word after this long (PARLEY_TIMED_LLM_MS; default 250).")
    var timedLlmMs: String?
    @Option(help: "Timed legs: a piece's first audio after this long (PARLEY_TIMED_TTS_MS; default 120).")
    var timedTtsMs: String?
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
                ("PARLEY_ECHO", echo), ("PARLEY_STT", stt), ("PARLEY_LLM", llm), ("PARLEY_TTS", tts),
                ("PARLEY_TIMED_STT_MS", timedSttMs), ("PARLEY_TIMED_LLM_MS", timedLlmMs),
                ("PARLEY_TIMED_TTS_MS", timedTtsMs), ("ENVIRONMENT", environment), ("LOG_LEVEL", logLevel),
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
