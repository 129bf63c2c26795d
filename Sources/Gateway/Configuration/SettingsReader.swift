import Configuration
import Foundation

/// Looks keys up and collects what is wrong with their values.
struct SettingsReader {
    let config: ConfigReader
    let options: [String: String]
    let environment: [String: String]
    let file: String
    var faults: [SettingsFault] = []
    private var known: Set<String> = []

    static let secrets: Set<String> = [
        "PARLEY_JWT_SECRET", "PARLEY_METRICS_TOKEN", "TWILIO_AUTH_TOKEN", "TWILIO_SIGNING_KEYS",
        "TWILIO_API_KEY_SECRET",
        "RINGOVER_API_KEY", "RINGOVER_WEBHOOK_SECRET", "RINGOVER_STREAMING_TOKEN", "RC_CLIENT_SECRET", "RC_JWT_TOKEN",
        "RINGOVER_WEBHOOK_CALL_SECRET", "RINGOVER_WEBHOOK_CONTACT_SECRET", "RINGOVER_WEBHOOK_SEARCH_SECRET",
        "RINGOVER_WEBHOOK_ROUTING_SECRET", "RINGOVER_WEBHOOK_TENANTS",
        "DEEPGRAM_API_KEY", "OPENAI_API_KEY", "ANTHROPIC_API_KEY", "ELEVENLABS_API_KEY", "EZYVET_CLIENT_SECRET",
        "RC_WEBHOOK_SECRET", "RC_VERIFICATION_TOKEN",
    ]

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

    mutating func fault(_ key: String, _ message: String) {
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

    /// `a=1,b=2`. The values are never repeated: they may be secrets.
    mutating func pairs(_ key: String) -> [String: String]? {
        guard let items = list(key) else { return nil }
        var pairs: [String: String] = [:]
        for item in items {
            let parts = item.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2 else {
                fault(key, "wants name=value pairs separated by commas")
                return nil
            }
            pairs[parts[0]] = parts[1]
        }
        return pairs
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

    /// - Parameters:
    ///   - providers: what this leg may be made of.
    ///   - settings: with the vendors' keys: a vendor that is asked for must be usable.
    mutating func legs(_ key: String, _ providers: [LegSettings.Provider], of settings: LegSettings) -> [String]? {
        guard let names = list(key) else { return nil }
        let known = providers.map(\.rawValue)
        for name in names {
            if !known.contains(name) {
                fault(key, "'\(name)' is no leg of this engine; known: \(known.joined(separator: ", "))")
            } else if let missing = settings.missing(name) {
                fault(key, "'\(name)' cannot be used: \(missing)")
            }
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
