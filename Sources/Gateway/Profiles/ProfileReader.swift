import Actors
import Foundation
import Yams

/// Reads one tenant profile from YAML. Finds every fault of a file in one pass and says where each one is.
///
/// The keys, units and ranges are in `profiles/README.md`. Nothing is read from disk here: see `ProfileDirectory`.
public struct ProfileReader: Sendable {
    /// Voices a profile may name.
    public var voices: Set<String>
    /// Languages (BCP 47) a profile may name.
    public var languages: Set<String>
    /// Declared tools may be on this machine: the engine's own setting.
    public var toolsReachLoopback = false
    /// What is wrong with a recording (its path, the seconds it may have): `ProfileDirectory` looks at the files.
    var soundFault: @Sendable (String, Int) -> SoundFile.Fault? = { _, _ in nil }

    /// Voices of the embedded synthesiser: two people and one that takes almost no CPU.
    public static let embeddedVoices: Set<String> = ["slt", "rms", "kal16"]
    /// Languages of the embedded recogniser and receptionist.
    public static let embeddedLanguages: Set<String> = ["en-US"]

    /// - Parameters: what the configured legs can do; the embedded legs' abilities when left out.
    public init(voices: Set<String> = embeddedVoices, languages: Set<String> = embeddedLanguages) {
        self.voices = voices
        self.languages = languages
    }

    /// - Parameters:
    ///   - text: the YAML text, 64 KiB at most.
    ///   - file: the path for faults; its last part without the ending becomes the profile's `id`.
    /// - Throws: all faults of the file. Broken YAML is one fault, at the parser's own position.
    public func read(text: String, file: String) throws(ProfileFaults) -> TenantProfile {
        try readMarked(text: text, file: file).profile
    }

    /// A profile, and where its numbers stand, for faults that concern two files.
    struct Marked {
        var profile: TenantProfile
        var numberMarks: [Mark?]
    }

    func readMarked(text: String, file: String) throws(ProfileFaults) -> Marked {
        let root = try ProfileDocument.compose(text, file: file)
        let log = FaultLog(file: file)
        let id = identifier(of: file, log: log)
        guard let section = ProfileSection(root, path: "", log: log) else { throw ProfileFaults(log.sorted()) }
        section.allow(Self.keys)
        let numbers = numbers(in: section)
        let language = language(in: section)
        let transfers = transfers(in: section)
        let ways = ProfileWays(root: section, named: transfers)
        var profile = TenantProfile(
            id: id,
            name: section.text("name", fix: "write the company's name"),
            numbers: numbers.map(\.text),
            language: language,
            voice: voice(in: section),
            timeZone: timeZone(in: section),
            greeting: section.spoken("greeting", fix: "write what the agent says first"),
            emergency: emergency(in: section, language: language),
            transfer: transfer(in: section),
            intents: intents(in: section),
            fallback: fallback(in: section),
            silence: silence(in: section),
            goodbye: section.spoken("goodbye", or: "Goodbye.", fix: "write what the agent says last"),
            turnTaking: turnTaking(in: section)
        )
        profile.greetings = greetings(in: section, language: language)
        profile.hours = hours(in: section, ways: ways)
        profile.menu = menu(in: section, ways: ways)
        profile.voicemail = voicemail(in: section)
        profile.consent = consent(in: section)
        profile.transfers = transfers
        profile.limits = limits(in: section)
        profile.sound = sound(in: section)
        profile.mode = mode(in: section)
        profile.agent = agent(in: section)
        profile.redaction = redaction(in: section)
        profile.legs = legs(in: section)
        profile.voices = voices(in: section)
        profile.pronunciations = pronunciations(in: section)
        profile.httpTools = httpTools(in: section)
        profile.mcpServers = mcpServers(in: section)
        guard log.isEmpty else { throw ProfileFaults(log.sorted()) }
        return Marked(profile: profile, numberMarks: numbers.map(\.mark))
    }

    private static let keys = [
        "name", "numbers", "language", "voice", "time_zone", "greeting", "emergency", "transfer", "intents", "fallback",
        "silence", "goodbye", "turn_taking", "greetings", "hours", "menu", "voicemail", "consent", "transfers",
        "limits",
        "sound", "mode", "agent", "redaction", "legs", "voices", "pronunciations", "tools", "mcp",
    ]

    /// The id is a metric label and part of log lines, so it is kept to plain characters.
    private func identifier(of file: String, log: FaultLog) -> String {
        let name = file.split(separator: "/").last.map(String.init) ?? file
        let ending = [".yaml", ".yml"].first(where: name.hasSuffix) ?? ""
        let id = String(name.dropLast(ending.count))
        let isPlain = id.allSatisfy { $0.isASCII && ($0.isLowercase || $0.isNumber || $0 == "-" || $0 == "_") }
        if id.isEmpty || id.count > 64 || !isPlain {
            log.add(
                "",
                at: nil,
                "the file's name is the tenant's id, and is not a plain one",
                fix: "name it with a-z, 0-9 and -, at most 64 characters: oakfield-vets.yaml"
            )
        }
        return id
    }

    private func numbers(in section: ProfileSection) -> [(text: String, mark: Mark?)] {
        let fix = "list the called numbers as \"+12025550142\", or \"*\" for every other number"
        let numbers = section.texts("numbers", fix: fix)
        if section.entry("numbers") == nil { section.missing("numbers", fix: fix) }
        if case .sequence(let list)? = section.entry("numbers")?.node, list.isEmpty {
            section.fault("numbers", "is an empty list", fix: fix)
        }
        var seen: Set<String> = []
        for (index, number) in numbers.enumerated() {
            let path = "numbers[\(index)]"
            if number.text != "*", !PhoneNumberText.isE164(number.text) {
                section.log.add(path, at: number.mark, "is not an E.164 number", fix: fix)
            }
            if !seen.insert(number.text).inserted {
                section.log.add(path, at: number.mark, "is listed twice", fix: "remove one of them")
            }
        }
        return numbers
    }

    private func language(in section: ProfileSection) -> String {
        let text = section.text("language", or: "en-US", fix: "write a BCP 47 tag: en-US")
        guard !languages.contains(text), section.entry("language") != nil else { return text }
        section.unknown("language", "language", text, known: languages)
        return text
    }

    private func voice(in section: ProfileSection) -> String {
        let text = section.text("voice", or: "slt", fix: "write a voice's name: slt")
        guard !voices.contains(text), section.entry("voice") != nil else { return text }
        section.unknown("voice", "voice", text, known: voices)
        return text
    }

    private func timeZone(in section: ProfileSection) -> String {
        let text = section.text("time_zone", fix: "write an IANA name: America/New_York")
        guard !text.isEmpty else { return text }
        let known = TimeZone.knownTimeZoneIdentifiers
        guard !known.contains(text), text != "UTC" else { return text }
        let fix =
            Spelling.nearest(to: text, in: known).map { "did you mean `\($0)`?" } ?? "write an IANA name: Europe/Berlin"
        section.fault("time_zone", "is not a known time zone", fix: fix)
        return text
    }
}

extension ProfileSection {
    func unknown(_ key: String, _ what: String, _ text: String, known: Set<String>) {
        let list = known.sorted().joined(separator: ", ")
        let guess = Spelling.nearest(to: text, in: known).map { "did you mean `\($0)`? known: \(list)" }
        fault(key, "is not a known \(what)", fix: guess ?? "known: \(list)")
    }
}
