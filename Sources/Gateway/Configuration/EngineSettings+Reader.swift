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
        sttOrder = reader.legs("parley.stt") ?? sttOrder
        llmOrder = reader.legs("parley.llm") ?? llmOrder
        ttsOrder = reader.legs("parley.tts") ?? ttsOrder
        let wait = 0...60_000
        timedSttMilliseconds = reader.number("parley.timedSttMs", wait, "milliseconds") ?? timedSttMilliseconds
        timedLlmMilliseconds = reader.number("parley.timedLlmMs", wait, "milliseconds") ?? timedLlmMilliseconds
        timedTtsMilliseconds = reader.number("parley.timedTtsMs", wait, "milliseconds") ?? timedTtsMilliseconds
        mediaWorkers = reader.number("parley.mediaWorkers", 0...256, "a number of threads") ?? mediaWorkers
        legWorkers = reader.number("parley.legWorkers", 1...256, "a number of threads") ?? legWorkers
        wantsRealtime = reader.flag("parley.realtime") ?? wantsRealtime
        pinsWorkers = reader.flag("parley.pinWorkers") ?? pinsWorkers
        echo = reader.choice("parley.echo", Echo.self) ?? echo
        metricsToken = reader.secret("parley.metricsToken", atLeast: 16)
        drainSeconds = reader.number("parley.drainSeconds", 0...3600, "seconds") ?? drainSeconds
        bodyBytes = reader.number("parley.bodyBytes", 1024...10_485_760, "bytes") ?? bodyBytes
        frameBytes = reader.number("parley.frameBytes", 1024...1_048_576, "bytes") ?? frameBytes
        startTimeoutSeconds = reader.number("parley.startTimeoutSeconds", 1...300, "seconds") ?? startTimeoutSeconds
        requestTimeoutSeconds =
            reader.number("parley.requestTimeoutSeconds", 1...300, "seconds") ?? requestTimeoutSeconds
        pingSeconds = reader.number("parley.pingSeconds", 1...300, "seconds") ?? pingSeconds
        eventKeepaliveSeconds =
            reader.number("parley.eventKeepaliveSeconds", 1...300, "seconds") ?? eventKeepaliveSeconds
        warmRecognisers = reader.number("parley.warmRecognisers", 0...64, "recognisers") ?? warmRecognisers
        isRecording = reader.flag("parley.recordings") ?? isRecording
        isCapturing = reader.flag("parley.capture") ?? isCapturing
    }
}

/// Looks keys up and collects what is wrong with their values.
private struct SettingsReader {
    let config: ConfigReader
    let options: [String: String]
    let environment: [String: String]
    let file: String
    var faults: [SettingsFault] = []
    private var known: Set<String> = []

    static let secrets: Set<String> = ["PARLEY_JWT_SECRET", "TWILIO_AUTH_TOKEN", "PARLEY_METRICS_TOKEN"]

    init(config: ConfigReader, options: [String: String], environment: [String: String], file: String) {
        self.config = config
        self.options = options
        self.environment = environment
        self.file = file
    }

    /// `parley.maxCalls` -> `PARLEY_MAX_CALLS`.
    private static func variable(_ key: String) -> String {
        var name = ""
        for character in key {
            if character == "." {
                name += "_"
            } else {
                if character.isUppercase { name += "_" }
                name += character.uppercased()
            }
        }
        return name
    }

    private mutating func raw(_ key: String) -> String? {
        known.insert(key)
        let value = config.string(forKey: ConfigKey(key))?.trimmingCharacters(in: .whitespaces)
        return value?.isEmpty == true ? nil : value
    }

    private mutating func fault(_ key: String, _ message: String) {
        let name = Self.variable(key)
        let source = options[name] != nil ? "option" : environment[name] != nil ? "environment" : file
        faults.append(SettingsFault(source: source, key: source == file ? key : name, message: message))
    }

    mutating func text(_ key: String) -> String? { raw(key) }

    mutating func number(_ key: String, _ range: ClosedRange<Int>, _ what: String) -> Int? {
        guard let value = raw(key) else { return nil }
        guard let number = Int(value), range.contains(number) else {
            fault(key, "'\(value)' is not \(what) between \(range.lowerBound) and \(range.upperBound)")
            return nil
        }
        return number
    }

    mutating func flag(_ key: String) -> Bool? {
        guard let value = raw(key) else { return nil }
        switch value.lowercased() {
        case "true", "yes", "on", "1": return true
        case "false", "no", "off", "0": return false
        default:
            fault(key, "'\(value)' is neither true nor false")
            return nil
        }
    }

    mutating func oneOf(_ key: String, _ choices: [String]) -> String? {
        guard let value = raw(key)?.lowercased() else { return nil }
        guard choices.contains(value) else {
            fault(key, "'\(value)' is none of \(choices.joined(separator: ", "))")
            return nil
        }
        return value
    }

    mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(_ key: String, _: Choice.Type) -> Choice? {
        oneOf(key, Choice.allCases.map(\.rawValue)).flatMap(Choice.init)
    }

    mutating func list(_ key: String) -> [String]? {
        raw(key)?.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
    }

    /// The value itself is never repeated: it is a secret.
    mutating func secret(_ key: String, atLeast bytes: Int) -> String? {
        guard let value = raw(key) else { return nil }
        guard value.utf8.count >= bytes else {
            fault(key, "is shorter than \(bytes) bytes; make one with: openssl rand -base64 \(bytes)")
            return nil
        }
        return value
    }

    mutating func url(_ key: String) -> String? {
        guard let value = raw(key) else { return nil }
        guard let url = URL(string: value), ["http", "https"].contains(url.scheme ?? ""), url.host?.isEmpty == false,
            url.query == nil, url.fragment == nil
        else {
            fault(key, "'\(value)' is not an http or https address like https://voice.example.net")
            return nil
        }
        return value
    }

    mutating func legs(_ key: String) -> [String]? {
        guard let names = list(key) else { return nil }
        let known = EngineSettings.knownLegs
        for name in names where !known.contains(name) {
            fault(key, "'\(name)' is no leg of this engine; known: \(known.joined(separator: ", "))")
        }
        return names.isEmpty ? nil : names
    }

    mutating func checkUnknown(_ keys: Set<String>) {
        for key in keys.sorted() where !known.contains(key) {
            let near = known.min { distance($0, key) < distance($1, key) } ?? ""
            let hint = distance(near, key) <= 3 ? "; did you mean \(near)?" : ""
            faults.append(SettingsFault(source: file, key: key, message: "is not a setting\(hint)"))
        }
    }

    /// Levenshtein distance.
    private func distance(_ left: String, _ right: String) -> Int {
        var row = Array(0...right.count)
        for (i, a) in left.enumerated() {
            var previous = row[0]
            row[0] = i + 1
            for (j, b) in right.enumerated() {
                (previous, row[j + 1]) = (row[j + 1], min(previous + (a == b ? 0 : 1), row[j] + 1, row[j + 1] + 1))
            }
        }
        return row[right.count]
    }
}
