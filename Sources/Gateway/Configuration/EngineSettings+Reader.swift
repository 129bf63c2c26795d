import Configuration
import Foundation
import SystemPackage
import Yams

extension EngineSettings {
    /// Reads the settings and reports every fault, not only the first.
    ///
    /// - Parameters:
    ///   - options: command line options by environment name: `["PARLEY_PORT": "9000"]`.
    ///   - environment: the process's environment.
    /// - Throws: `SettingsFaults`.
    public static func read(options: [String: String], environment: [String: String]) async throws -> EngineSettings {
        // An empty variable is an unset one: that is how container files switch a setting off.
        let options = options.filter { !$0.value.allSatisfy(\.isWhitespace) }
        let environment = environment.filter { !$0.value.allSatisfy(\.isWhitespace) }
        let file = options["PARLEY_CONFIG"] ?? environment["PARLEY_CONFIG"]
        let path = file ?? "parley.yaml"
        var providers: [any ConfigProvider] = [
            EnvironmentVariablesProvider(environmentVariables: options),
            EnvironmentVariablesProvider(
                environmentVariables: environment,
                secretsSpecifier: .specific(SettingsReader.secrets)
            ),
        ]
        var fileKeys: Set<String> = []
        if file != nil || FileManager.default.fileExists(atPath: path) {
            do {
                let text = try String(contentsOfFile: path, encoding: .utf8)
                fileKeys = Self.keys(of: try Yams.load(yaml: text) ?? [String: Any](), prefix: "")
                providers.append(try await FileProvider<YAMLSnapshot>(filePath: FilePath(path)))
            } catch {
                throw SettingsFaults(faults: [
                    SettingsFault(source: path, key: "(file)", message: "cannot be read: \(Self.reason(error))")
                ])
            }
        }
        var reader = SettingsReader(
            config: ConfigReader(providers: providers),
            options: options,
            environment: environment,
            file: path
        )
        let settings = EngineSettings(&reader)
        reader.checkUnknown(fileKeys)
        guard reader.faults.isEmpty else { throw SettingsFaults(faults: reader.faults) }
        return settings
    }

    /// Where and what, without the line itself: it may hold a secret.
    private static func reason(_ error: any Error) -> String {
        switch error as? YamlError {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            "line \(mark.line), column \(mark.column): \(problem)"
        case .reader(let problem, _, _, _): problem
        case .duplicatedKeysInMapping(let keys, let context):
            "line \(context.mark.line): a key is there twice: \(keys.joined(separator: ", "))"
        case .some: "it is not YAML"
        case nil: error.localizedDescription
        }
    }

    private static func keys(of node: Any, prefix: String) -> Set<String> {
        guard let map = node as? [String: Any] else { return prefix.isEmpty ? [] : [prefix] }
        return map.reduce(into: []) { all, pair in
            all.formUnion(keys(of: pair.value, prefix: prefix.isEmpty ? pair.key : "\(prefix).\(pair.key)"))
        }
    }

    private init(_ reader: inout SettingsReader) {
        self.init()
        environment = reader.choice("environment", Environment.self) ?? environment
        logLevel =
            reader.oneOf("log.level", ["trace", "debug", "info", "notice", "warning", "error", "critical"]) ?? logLevel
        host = reader.text("parley.host") ?? host
        port = reader.number("parley.port", 0...65_535, "a port") ?? port
        publicURL = reader.url("parley.publicUrl")
        profilesFolder = reader.text("parley.profiles") ?? profilesFolder
        dataFolder = reader.text("parley.dataDir") ?? dataFolder
        jwtSecret = reader.secret("parley.jwtSecret", atLeast: 32)
        maximumCalls = reader.number("parley.maxCalls", 1...100_000, "a number of calls") ?? maximumCalls
        twilioAuthTokens = reader.list("twilio.authToken") ?? []
        isVoiceEnabled = reader.flag("enable.voiceAi") ?? isVoiceEnabled
        greeting = reader.text("voiceAi.greeting")
        voice = reader.text("voiceAi.voiceModel")
        maximumTurns = reader.number("voiceAi.maxConversationTurns", 1...1000, "a number of turns")
        let wait = 0...60_000
        timedSttMilliseconds = reader.number("parley.timedSttMs", wait, "milliseconds") ?? timedSttMilliseconds
        timedLlmMilliseconds = reader.number("parley.timedLlmMs", wait, "milliseconds") ?? timedLlmMilliseconds
        timedTtsMilliseconds = reader.number("parley.timedTtsMs", wait, "milliseconds") ?? timedTtsMilliseconds
        mediaWorkers = reader.number("parley.mediaWorkers", 0...256, "a number of threads") ?? mediaWorkers
        legWorkers = reader.number("parley.legWorkers", 1...256, "a number of threads") ?? legWorkers
        socketThreads = reader.number("parley.socketThreads", 0...256, "a number of threads") ?? socketThreads
        manySockets = reader.number("parley.manySockets", 1...1_000_000, "a number of sockets") ?? manySockets
        wantsRealtime = reader.flag("parley.realtime") ?? wantsRealtime
        overloadPercent = reader.number("parley.overloadPercent", 1...100, "percent") ?? overloadPercent
        pressureMilliseconds =
            reader.number("parley.pressureMs", 0...1000, "milliseconds") ?? pressureMilliseconds
        pinsWorkers = reader.flag("parley.pinWorkers") ?? pinsWorkers
        echo = reader.choice("parley.echo", Echo.self) ?? echo
        metricsToken = reader.secret("parley.metricsToken", atLeast: 16)
        drainSeconds = reader.number("parley.drainSeconds", 0...3600, "seconds") ?? drainSeconds
        bodyBytes = reader.number("parley.bodyBytes", 1024...10_485_760, "bytes") ?? bodyBytes
        frameBytes = reader.number("parley.frameBytes", 1024...1_048_576, "bytes") ?? frameBytes
        startTimeoutSeconds = reader.number("parley.startTimeoutSeconds", 1...300, "seconds") ?? startTimeoutSeconds
        requestTimeoutSeconds =
            reader.number("parley.requestTimeoutSeconds", 1...300, "seconds") ?? requestTimeoutSeconds
        handOverSeconds = reader.number("parley.handOverSeconds", 0...600, "seconds") ?? handOverSeconds
        pingSeconds = reader.number("parley.pingSeconds", 1...300, "seconds") ?? pingSeconds
        eventKeepaliveSeconds =
            reader.number("parley.eventKeepaliveSeconds", 1...300, "seconds") ?? eventKeepaliveSeconds
        recogniserThreads =
            reader.number("parley.recogniserThreads", 0...256, "a number of threads") ?? recogniserThreads
        warmRecognisers = reader.number("parley.warmRecognisers", 0...64, "recognisers") ?? warmRecognisers
        isRecording = reader.flag("parley.recordings") ?? isRecording
        isCapturing = reader.flag("parley.capture") ?? isCapturing
        twilio = TwilioSettings(&reader)
        ringover = RingoverSettings(&reader)
        ringCentral = RingCentralSettings(&reader)
        edge = EdgeSettings(&reader)
        legs = LegSettings(&reader)
        afterCall = AfterCallSettings(&reader, legs: legs)
        ezyVet = EzyVetSettings(&reader)
        toolsReachLoopback = reader.flag("parley.toolsReachLoopback") ?? toolsReachLoopback
    }
}
