import Foundation
import Gateway
import Testing

@Suite("Engine settings")
struct EngineSettingsTests {
    /// A configuration file that is gone when the test is.
    private final class File {
        let path: String

        init(_ text: String) throws {
            let folder = FileManager.default.temporaryDirectory.appendingPathComponent("parley-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            path = folder.appendingPathComponent("parley.yaml").path
            try text.write(toFile: path, atomically: true, encoding: .utf8)
        }

        deinit { try? FileManager.default.removeItem(atPath: (path as NSString).deletingLastPathComponent) }
    }

    private func read(
        options: [String: String] = [:],
        environment: [String: String] = [:],
        yaml: String = "{}"
    ) async throws -> EngineSettings {
        let file = try File(yaml)
        var environment = environment
        environment["PARLEY_CONFIG"] = file.path
        return try await EngineSettings.read(options: options, environment: environment)
    }

    private func faults(
        options: [String: String] = [:],
        environment: [String: String] = [:],
        yaml: String = "{}"
    ) async -> [SettingsFault] {
        do {
            _ = try await read(options: options, environment: environment, yaml: yaml)
            return []
        } catch let error as SettingsFaults {
            return error.faults
        } catch {
            Issue.record(error)
            return []
        }
    }

    private let secret = "0123456789abcdef0123456789abcdef"

    // MARK: Values

    @Test func withoutAnythingTheDefaultsApply() async throws {
        #expect(try await read() == EngineSettings())
        #expect(EngineSettings().environment == .production && EngineSettings().host == "127.0.0.1")
    }

    @Test func optionsGoBeforeEnvironmentBeforeFileBeforeDefault() async throws {
        let yaml = "parley:\n  port: 3\n  maxCalls: 3\n  host: file.example\n"
        let environment = ["PARLEY_PORT": "2", "PARLEY_MAX_CALLS": "2"]
        let settings = try await read(options: ["PARLEY_PORT": "1"], environment: environment, yaml: yaml)
        #expect(settings.port == 1)
        #expect(settings.maximumCalls == 2)
        #expect(settings.host == "file.example")
        #expect(settings.bodyBytes == EngineSettings().bodyBytes)
    }

    @Test func anEmptyVariableIsAnUnsetOne() async throws {
        let yaml = "parley:\n  port: 9\n"
        #expect(try await read(environment: ["PARLEY_PORT": ""], yaml: yaml).port == 9)
        #expect(try await read(environment: ["PARLEY_PORT": "  "], yaml: yaml).port == 9)
        #expect(try await read(options: ["PARLEY_PORT": ""], environment: ["PARLEY_PORT": "7"], yaml: yaml).port == 7)
        #expect(try await read(environment: ["TWILIO_AUTH_TOKEN": "", "PARLEY_JWT_SECRET": ""]) == EngineSettings())
    }

    @Test func everyKeyIsReadFromTheEnvironment() async throws {
        let settings = try await read(environment: [
            "ENVIRONMENT": "Development", "LOG_LEVEL": "debug", "PARLEY_HOST": "0.0.0.0", "PARLEY_PORT": "0",
            "PARLEY_PUBLIC_URL": "https://voice.example.net", "PARLEY_PROFILES": "p", "PARLEY_DATA_DIR": "d",
            "PARLEY_JWT_SECRET": secret, "PARLEY_MAX_CALLS": "7", "TWILIO_AUTH_TOKEN": "new, old ,",
            "ENABLE_VOICE_AI": "off", "VOICE_AI_GREETING": "Hi.", "VOICE_AI_VOICE_MODEL": "kal",
            "VOICE_AI_MAX_CONVERSATION_TURNS": "5", "PARLEY_STT": "embedded", "PARLEY_MEDIA_WORKERS": "3",
            "PARLEY_LEG_WORKERS": "4", "PARLEY_REALTIME": "no", "PARLEY_METRICS_TOKEN": secret,
            "PARLEY_DRAIN_SECONDS": "0", "PARLEY_BODY_BYTES": "2048", "PARLEY_FRAME_BYTES": "4096",
            "PARLEY_MANY_SOCKETS": "9", "PARLEY_PRESSURE_MS": "0",
            "PARLEY_START_TIMEOUT_SECONDS": "2", "PARLEY_REQUEST_TIMEOUT_SECONDS": "6", "PARLEY_WARM_RECOGNISERS": "0",
            "PARLEY_RECOGNISER_THREADS": "3",
            "PARLEY_PING_SECONDS": "8", "PARLEY_HAND_OVER_SECONDS": "45", "PARLEY_EVENT_KEEPALIVE_SECONDS": "9",
            "PARLEY_LLM": "timed, embedded",
            "PARLEY_TTS": "timed", "PARLEY_TIMED_STT_MS": "1", "PARLEY_TIMED_LLM_MS": "2", "PARLEY_TIMED_TTS_MS": "0",
            "PARLEY_PIN_WORKERS": "on", "PARLEY_SOCKET_THREADS": "2", "PARLEY_OVERLOAD_PERCENT": "70",
            "PARLEY_ECHO": "always",
        ])
        var wanted = EngineSettings()
        wanted.environment = .development
        wanted.logLevel = "debug"
        wanted.host = "0.0.0.0"
        wanted.port = 0
        wanted.publicURL = "https://voice.example.net"
        wanted.profilesFolder = "p"
        wanted.dataFolder = "d"
        wanted.jwtSecret = secret
        wanted.maximumCalls = 7
        wanted.twilioAuthTokens = ["new", "old"]
        wanted.isVoiceEnabled = false
        wanted.greeting = "Hi."
        wanted.voice = "kal"
        wanted.maximumTurns = 5
        wanted.mediaWorkers = 3
        wanted.legWorkers = 4
        wanted.wantsRealtime = false
        wanted.pinsWorkers = true
        wanted.socketThreads = 2
        wanted.manySockets = 9
        wanted.pressureMilliseconds = 0
        wanted.overloadPercent = 70
        wanted.echo = .always
        wanted.metricsToken = secret
        wanted.drainSeconds = 0
        wanted.bodyBytes = 2048
        wanted.frameBytes = 4096
        wanted.startTimeoutSeconds = 2
        wanted.requestTimeoutSeconds = 6
        wanted.warmRecognisers = 0
        wanted.recogniserThreads = 3
        wanted.pingSeconds = 8
        wanted.handOverSeconds = 45
        wanted.eventKeepaliveSeconds = 9
        wanted.legs.sttOrder = ["embedded"]
        wanted.legs.llmOrder = ["timed", "embedded"]
        wanted.legs.ttsOrder = ["timed"]
        wanted.timedSttMilliseconds = 1
        wanted.timedLlmMilliseconds = 2
        wanted.timedTtsMilliseconds = 0
        #expect(settings == wanted)
    }

    @Test(arguments: [
        ("127.0.0.1", "http://127.0.0.1:8080"), ("0.0.0.0", "http://127.0.0.1:8080"), ("::", "http://127.0.0.1:8080"),
        ("voice.example.net", "http://voice.example.net:8080"),
    ])
    func withoutAPublicAddressTheOwnOneIsTaken(_ host: String, _ url: String) {
        var settings = EngineSettings()
        settings.host = host
        #expect(settings.effectivePublicURL == url)
        settings.publicURL = "https://voice.example.net"
        #expect(settings.effectivePublicURL == "https://voice.example.net")
    }

    // MARK: Faults

    @Test(arguments: [
        ("PARLEY_PORT", "65536"), ("PARLEY_PORT", "-1"), ("PARLEY_PORT", "http"), ("PARLEY_MAX_CALLS", "0"),
        ("ENVIRONMENT", "staging"), ("LOG_LEVEL", "loud"), ("ENABLE_VOICE_AI", "maybe"), ("PARLEY_STT", "deepgram"),
        ("PARLEY_TTS", "timed,tone"), ("PARLEY_TIMED_LLM_MS", "-1"), ("PARLEY_TIMED_TTS_MS", "fast"),
        ("PARLEY_PUBLIC_URL", "voice.example.net"), ("PARLEY_PUBLIC_URL", "ftp://a"), ("PARLEY_PUBLIC_URL", "https://"),
        ("PARLEY_PUBLIC_URL", "https://a/?q=1"), ("PARLEY_BODY_BYTES", "1"), ("PARLEY_FRAME_BYTES", "1e9"),
        ("PARLEY_DRAIN_SECONDS", "3601"), ("VOICE_AI_MAX_CONVERSATION_TURNS", "0"), ("PARLEY_PING_SECONDS", "0"),
        ("PARLEY_HAND_OVER_SECONDS", "601"), ("PARLEY_MANY_SOCKETS", "0"),
    ])
    func aBadValueIsNamedWithItsKeyAndWhereItCameFrom(_ key: String, _ value: String) async {
        for (source, faults) in [
            ("environment", await faults(environment: [key: value])), ("option", await faults(options: [key: value])),
        ] {
            #expect(faults.count == 1)
            #expect(faults.first?.source == source && faults.first?.key == key)
            #expect(faults.first?.message.isEmpty == false)
        }
    }

    @Test func aBadValueOfTheFileIsNamedWithTheFilesKey() async throws {
        let file = try File("parley:\n  port: lots\n  maxCalls: 0\n")
        let error = await #expect(throws: SettingsFaults.self) {
            try await EngineSettings.read(options: ["PARLEY_CONFIG": file.path], environment: [:])
        }
        #expect(error?.faults.map(\.source) == [file.path, file.path])
        #expect(Set(error?.faults.map(\.key) ?? []) == ["parley.port", "parley.maxCalls"])
    }

    @Test func allFaultsAreToldAtOnce() async {
        let faults = await faults(
            options: ["PARLEY_PORT": "x"],
            environment: ["LOG_LEVEL": "x", "PARLEY_JWT_SECRET": "short"],
            yaml: "parley:\n  maxCalls: x\n  prot: 1\n"
        )
        #expect(
            Set(faults.map(\.key)) == [
                "PARLEY_PORT", "LOG_LEVEL", "PARLEY_JWT_SECRET", "parley.maxCalls", "parley.prot",
            ]
        )
        let text = SettingsFaults(faults: faults).description
        #expect(text.split(separator: "\n").count == 5, "one line per fault")
        for fault in faults { #expect(text.contains("\(fault.source): \(fault.key): ")) }
    }

    @Test func anUnknownKeyOfTheFileIsAFaultWithASuggestion() async {
        let faults = await faults(yaml: "parley:\n  maxCall: 5\n  colour: blue\nlog:\n  levle: info\n")
        let messages = Dictionary(uniqueKeysWithValues: faults.map { ($0.key, $0.message) })
        #expect(messages.keys.sorted() == ["log.levle", "parley.colour", "parley.maxCall"])
        #expect(messages["parley.maxCall"]?.contains("did you mean parley.maxCalls?") == true)
        #expect(messages["log.levle"]?.contains("did you mean log.level?") == true)
        #expect(messages["parley.colour"]?.contains("did you mean") == false)
    }

    @Test(arguments: ["parley: [", "a: b: c", "\tx: 1", "parley:\n  port: 1\n  port: 2\n", "{", "%", "key: \"open"])
    func aBrokenFileIsOneFault(_ yaml: String) async {
        let faults = await faults(yaml: yaml)
        #expect(faults.count == 1)
        #expect(faults.first?.key == "(file)" && faults.first?.source.hasSuffix("parley.yaml") == true)
    }

    @Test func aFileThatWasNamedMustExist() async {
        let path = "/nonexistent/\(UUID().uuidString).yaml"
        let error = await #expect(throws: SettingsFaults.self) {
            try await EngineSettings.read(options: ["PARLEY_CONFIG": path], environment: [:])
        }
        #expect(error?.faults.map(\.source) == [path])
    }

    // MARK: Secrets

    @Test func aShortSecretIsRefusedAndNotRepeated() async {
        let faults = await faults(environment: [
            "PARLEY_JWT_SECRET": "hunter2hunter2", "PARLEY_METRICS_TOKEN": "hunter2",
        ])
        #expect(faults.count == 2)
        #expect(!faults.description.contains("hunter2") && !"\(SettingsFaults(faults: faults))".contains("hunter2"))
    }

    @Test(arguments: [
        "parley:\n  jwtSecret: \"hunter2", "parley:\n  jwtSecret: hunter2: x\n", "twilio: {authToken: hunter2\n",
        "parley:\n\tjwtSecret: hunter2\n",
    ])
    func aBrokenFilesFaultDoesNotQuoteTheLine(_ yaml: String) async {
        let faults = await faults(yaml: yaml)
        #expect(faults.count == 1)
        #expect(!faults.description.contains("hunter2"), "\(faults)")
    }

    @Test func secretsAreInNoDescription() {
        var settings = EngineSettings()
        settings.jwtSecret = "hunter2"
        settings.metricsToken = "hunter2"
        settings.twilioAuthTokens = ["hunter2"]
        var dumped = ""
        dump(settings, to: &dumped)
        for text in ["\(settings)", String(describing: settings), String(reflecting: settings), dumped] {
            #expect(!text.contains("hunter2"))
        }
    }
}
