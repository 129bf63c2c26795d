import Actors
import Foundation
import Gateway
import Testing

@Suite("Profile reader: how calls are taken")
struct ReachReaderTests {
    private func faults(_ text: String) -> [ProfileFault] {
        do {
            _ = try ProfileReader().read(text: text, file: "test.yaml")
            return []
        } catch {
            return error.faults
        }
    }

    @Test("Every setting is read")
    func full() throws {
        let profile = try ProfileReader().read(text: ReachFixtures.full, file: "test.yaml")
        #expect(profile.greetings == ["es-US": "Hola."])
        #expect(profile.emergency.words == ["fire alarm"])
        #expect(profile.emergency.wordsByLanguage == ["es-US": ["fuego"]])
        #expect(profile.transfer?.brief == "A caller for you.")
        #expect(profile.transfers == ["events": .init(number: "+12025550143", say: "To the events team.")])
        let hours = try #require(profile.hours)
        #expect(hours.week == [[540..<750, 810..<1020], [], [], [], [], [1320..<1560], []])
        #expect(hours.holidays == ["2026-12-25", "2027-01-01"])
        #expect(hours.closedSay == "We are closed." && hours.closedThen == .voicemail)
        let menu = try #require(profile.menu)
        #expect(menu.say == "Press one, two or star.")
        #expect(
            menu.choices == [
                "1": .init(say: "Right.", way: .agent), "2": .init(way: .transfer("+12025550143")),
                "3": .init(way: .transfer("+12025550144")), "*": .init(way: .menu),
            ]
        )
        #expect(menu.timeoutSeconds == 8 && menu.attempts == 3 && menu.otherwise == .hangUp)
        #expect(
            profile.voicemail == .init(say: "Please leave a message.", maximumSeconds: 90, isTranscribed: true)
        )
        #expect(profile.consent == .init(kind: .ask, say: "May we record this call?"))
        #expect(profile.limits == .init(calls: 4, requestsPerMinute: 120))
        #expect(profile.sound == .init(fillerAfterMilliseconds: 2000, hasComfortNoise: true, tones: .never))
        #expect(profile.mode == .triage)
    }

    @Test("What a profile does not say is open, silent, unlimited, and answered by the agent")
    func defaults() throws {
        let profile = try ProfileReader().read(text: ProfileFixtures.good, file: "test.yaml")
        #expect(profile.hours == nil && profile.menu == nil && profile.voicemail == nil && profile.consent == nil)
        #expect(profile.greetings.isEmpty && profile.transfers.isEmpty && profile.emergency.wordsByLanguage.isEmpty)
        #expect(profile.limits == .init() && profile.sound == .init() && profile.mode == .fullAuto)
        let text = ProfileFixtures.good + "\nhours: {week: {monday: [\"00:00-24:00\", \"9:00-9:01\"]}}"
        #expect(faults(text).count == 1)
        let hours = try ProfileReader().read(
            text: ProfileFixtures.good + "\nhours: {week: {monday: [\"00:00-24:00\"]}}",
            file: "a.yaml"
        ).hours
        #expect(hours?.week[0] == [0..<1440] && hours?.closedThen == .hangUp && hours?.closedSay.isEmpty == false)
    }

    struct Bad: Sendable, CustomTestStringConvertible {
        let old: String
        let new: String
        let key: String
        let line: Int
        let problem: String
        let fix: String
        var testDescription: String { "\(key) \(problem)" }

        init(_ old: String, _ new: String, at line: Int, _ key: String, _ problem: String, fix: String = "") {
            (self.old, self.new, self.key, self.line, self.problem, self.fix) = (old, new, key, line, problem, fix)
        }
    }

    private static let monday = "[\"09:00-12:30\", \"13:30-17:00\"]"

    static let hours: [Bad] = [
        Bad("monday:", "munday:", at: 24, "hours.week.munday", "not a known key", fix: "`monday`"),
        Bad("09:00-12:30", "9-12:30", at: 24, "hours.week.monday[0]", "is not a span of time", fix: "09:00-17:00"),
        Bad("09:00-12:30", "09:00-12:60", at: 24, "hours.week.monday[0]", "is not a span of time"),
        Bad("09:00-12:30", "24:00-09:00", at: 24, "hours.week.monday[0]", "is not a span of time"),
        Bad("09:00-12:30", "09:00-24:30", at: 24, "hours.week.monday[0]", "is not a span of time"),
        Bad("09:00-12:30", "closed", at: 24, "hours.week.monday[0]", "is not a span of time"),
        Bad("09:00-12:30", "12:30-12:30", at: 24, "hours.week.monday[0]", "is empty", fix: "00:00-24:00"),
        Bad("09:00-12:30", "12:30-09:00", at: 24, "hours.week.monday[0]", "ends before it begins", fix: "swap"),
        Bad("13:30-17:00", "12:00-17:00", at: 24, "hours.week.monday[1]", "overlaps hours.week.monday[0], 09:00-12:30"),
        Bad(monday, "[\"13:30-17:00\", \"09:00-14:00\"]", at: 24, "hours.week.monday[0]", "overlaps"),
        Bad(
            "saturday: [\"22:00-02:00\"]",
            "saturday: [\"22:00-02:00\"]\n    sunday: [\"01:00-03:00\"]",
            at: 26,
            "hours.week.sunday[0]",
            "overlaps hours.week.saturday[0], 22:00-02:00"
        ),
        Bad(
            monday,
            "[\"00:30-05:00\"]\n    sunday: [\"23:00-01:00\"]",
            at: 24,
            "hours.week.monday[0]",
            "overlaps hours.week.sunday[0]"
        ),
        Bad(monday, "all day", at: 24, "hours.week.monday", "must be a list"),
        Bad(
            "    monday: \(monday)\n    saturday: [\"22:00-02:00\"]",
            "    monday: []",
            at: 24,
            "hours.week",
            "is never open"
        ),
        Bad("  week:\n", "  weak:\n", at: 23, "hours.weak", "not a known key", fix: "`week`"),
        Bad("  week:\n", "  weak:\n", at: 23, "hours.week", "is missing"),
        Bad("[2026-12-25,", "[2026-02-30,", at: 26, "hours.holidays[0]", "is not a day of the calendar"),
        Bad("[2026-12-25,", "[25.12.2026,", at: 26, "hours.holidays[0]", "is not a day", fix: "2026-12-25"),
        Bad("[2026-12-25,", "[2027-01-01,", at: 26, "hours.holidays[1]", "is listed twice"),
        Bad("then: voicemail", "then: voice_mail", at: 29, "hours.closed.then", "is not one of", fix: "`voicemail`"),
        Bad(
            "then: voicemail",
            "then: {transfer: event}",
            at: 29,
            "hours.closed.then.transfer",
            "names no",
            fix: "`events`"
        ),
        Bad("say: We are closed.", "say: We are {closed}.", at: 28, "hours.closed.say", "names {closed}"),
    ]

    static let menu: [Bad] = [
        Bad("  say: Press one, two or star.\n", "", at: 31, "menu.say", "is missing"),
        Bad("\"1\": {say", "\"10\": {say", at: 33, "menu.keys.10", "is not a key", fix: "0 to 9"),
        Bad("\"1\": {say", "\"2\": {say", at: 34, "menu.keys.2", "is given twice"),
        Bad("go: agent", "go: agnet", at: 33, "menu.keys.1.go", "is not one of", fix: "`agent`"),
        Bad("go: agent", "go: [agent]", at: 33, "menu.keys.1.go", "must be text, but is a list"),
        Bad("{say: Right., go: agent}", "{say: Right.}", at: 33, "menu.keys.1.go", "is missing"),
        Bad("{say: Right., go: agent}", "agent", at: 33, "menu.keys.1", "must be a group of keys"),
        Bad("{transfer: events}", "{transfer: kitchen}", at: 34, "menu.keys.2.go.transfer", "names no transfer"),
        Bad("{transfer: events}", "{to: events}", at: 34, "menu.keys.2.go.to", "not a known key", fix: "transfer"),
        Bad(
            "{transfer: \"+12025550144\"}",
            "{transfer: \"2025550144\"}",
            at: 35,
            "menu.keys.3.go.transfer",
            "not an E.164"
        ),
        Bad("otherwise: hang_up", "otherwise: menu", at: 39, "menu.otherwise", "goes to the menu again"),
        Bad("timeout: 8s", "timeout: 90s", at: 37, "menu.timeout", "is out of range", fix: "1s to 30s"),
        Bad("attempts: 3", "attempts: 9", at: 38, "menu.attempts", "is out of range", fix: "1 to 5"),
    ]

    static let others: [Bad] = [
        Bad("  es-US: Hola.", "  spanish: Hola.", at: 6, "greetings.spanish", "is not a language tag", fix: "es-US"),
        Bad("  es-US: Hola.", "  es_US: Hola.", at: 6, "greetings.es_US", "is not a language tag"),
        Bad("  es-US: Hola.", "  es-us: Hola.", at: 6, "greetings.es-us", "is not written as usual", fix: "`es-US`"),
        Bad("  es-US: Hola.", "  en-US: Hi.", at: 6, "greetings.en-US", "is the tenant's own language"),
        Bad("  es-US: Hola.", "  es-US: [Hola]", at: 6, "greetings.es-US", "must be text"),
        Bad("es-US: [fuego]", "es-US: []", at: 10, "emergency.languages.es-US", "has no word"),
        Bad("es-US: [fuego]", "es-US: ['?!']", at: 10, "emergency.languages.es-US[0]", "has no word in it"),
        Bad("  events:\n", "  Events Team:\n", at: 15, "transfers.Events Team", "is not a plain name"),
        Bad("    say: To the", "    tell: To the", at: 17, "transfers.events.tell", "not a known key"),
        Bad("    number: \"+12025550143\"\n", "", at: 16, "transfers.events.number", "is missing"),
        Bad("brief: A caller for you.", "brief: ~", at: 13, "transfer.brief", "is empty"),
        Bad("  say: Please leave a message.\n", "", at: 41, "voicemail.say", "is missing"),
        Bad("maximum: 90s", "maximum: 20min", at: 42, "voicemail.maximum", "is out of range", fix: "10s to 10min"),
        Bad("transcribe: true", "transcribe: maybe", at: 43, "voicemail.transcribe", "is neither true nor false"),
        Bad("kind: ask", "kind: aks", at: 45, "consent.kind", "is not one of", fix: "`ask`"),
        Bad("calls: 4", "calls: 0", at: 48, "limits.calls", "is out of range"),
        Bad(
            "requests_per_minute: 120",
            "requests_per_minute: few",
            at: 49,
            "limits.requests_per_minute",
            "must be a whole"
        ),
        Bad(
            "filler_after: 2s",
            "filler_after: 100ms",
            at: 51,
            "sound.filler_after",
            "is out of range",
            fix: "500ms to 10s"
        ),
        Bad("tones: never", "tones: sometimes", at: 53, "sound.tones", "is not one of: auto, always, never"),
        Bad("mode: triage", "mode: triag", at: 54, "mode", "is not one of", fix: "`triage`"),
    ]

    @Test("Each fault names its line, its key, what is wrong and how to put it right", arguments: hours + menu + others)
    func oneFault(bad: Bad) throws {
        let text = ReachFixtures.full(replacing: bad.old, with: bad.new)
        #expect(text != ReachFixtures.full)
        let found = faults(text)
        let fault = try #require(found.first { $0.key == bad.key && $0.problem.contains(bad.problem) }, "\(found)")
        #expect(fault.line == bad.line, "\(fault)")
        #expect(bad.fix.isEmpty || fault.fix.contains(bad.fix), "\(fault)")
        #expect(!fault.fix.isEmpty && fault.file == "test.yaml")
    }

    private func without(_ part: String, in text: String) -> String {
        var isSkipping = false
        return text.split(separator: "\n", omittingEmptySubsequences: false).filter { line in
            if !line.hasPrefix(" ") { isSkipping = line.hasPrefix("\(part):") }
            return !isSkipping
        }.joined(separator: "\n")
    }

    @Test("A call is only led to what the profile has")
    func crossChecks() {
        let full = ReachFixtures.full.replacingOccurrences(of: "otherwise: hang_up", with: "otherwise: transfer")
        #expect(faults(without("voicemail", in: full)).map(\.key) == ["hours.closed.then"])
        let toMenu = full.replacingOccurrences(of: "then: voicemail", with: "then: menu")
        #expect(faults(toMenu).isEmpty)
        #expect(faults(without("menu", in: toMenu)).map(\.key) == ["hours.closed.then"])
        #expect(
            faults(without("transfer", in: full)).map(\.key)
                == ["emergency.words", "emergency.languages", "menu.otherwise", "mode"]
        )
        let byDefault = without("transfer", in: full).replacingOccurrences(of: "  otherwise: transfer\n", with: "")
        #expect(faults(byDefault).first { $0.key == "menu.otherwise" }?.problem.contains("when left out") == true)
        #expect(faults(without("transfers", in: full)).map(\.key) == ["menu.keys.2.go.transfer"])
    }

    @Test("Faults of all parts are found in one reading, and never repeat a number")
    func allAtOnce() {
        let text = ReachFixtures.full
            .replacingOccurrences(of: "+12025550143", with: "2025550143")
            .replacingOccurrences(of: "13:30-17:00", with: "11:30-17:00")
            .replacingOccurrences(of: "then: voicemail", with: "then: answering_machine")
            .replacingOccurrences(of: "\"+12025550144\"", with: "\"12025550144\"")
            .replacingOccurrences(of: "kind: ask", with: "kind: beg")
            .replacingOccurrences(of: "mode: triage", with: "mode: manual")
        let found = faults(text)
        #expect(
            found.map(\.key) == [
                "transfers.events.number", "hours.week.monday[1]", "hours.closed.then", "menu.keys.3.go.transfer",
                "consent.kind", "mode",
            ],
            "\(found)"
        )
        // The example in the fix is another number.
        let all = found.map(\.description).joined()
        #expect(!all.contains("2025550143") && !all.contains("2025550144"), "\(all)")
    }

    @Test("Too much of anything is a fault")
    func bounds() {
        let spans = (0..<9).map { "\"0\($0):00-0\($0):30\"" }.joined(separator: ", ")
        let many = ReachFixtures.full(replacing: "\"09:00-12:30\", \"13:30-17:00\"", with: spans)
        #expect(faults(many).map(\.problem) == ["has 9 entries"])
        let letters = "abcdefghijklmnopqrstu".map { "  \($0)a: Hola." }.joined(separator: "\n")
        #expect(
            faults(ReachFixtures.full(replacing: "  es-US: Hola.", with: letters)).map(\.problem) == [
                "has 21 languages"
            ]
        )
        let transfers = (0...50).map { "  t\($0): {number: \"+12025550143\"}" }.joined(separator: "\n")
        let crowd = ReachFixtures.full(replacing: "  events:\n", with: transfers + "\n  events:\n")
        #expect(faults(crowd).contains { $0.key == "transfers" && $0.problem == "has 52 entries" })
    }

    @Test("Recordings must be there, be WAV, and be short enough; a path begins at the profile")
    func recordings() throws {
        let folder = try ProfileFolder()
        try folder.write("sounds/good.wav", ProfileFolder.wav(seconds: 1))
        try folder.write("sounds/long.wav", ProfileFolder.wav(seconds: 11))
        try folder.write("sounds/empty.wav", ProfileFolder.wav(seconds: 0))
        try folder.write("sounds/noise.wav", Data("no audio at all".utf8))
        func read(_ music: String, _ filler: String) throws -> ProfileDirectory {
            let sound = "  hold_music: \(music)\n  filler: \(filler)\n  filler_after: 2s"
            try folder.write("tenants/a.yaml", ReachFixtures.full(replacing: "  filler_after: 2s", with: sound))
            return ProfileDirectory.load(path: folder.path + "/tenants")
        }
        let good = try read("../sounds/long.wav", "../sounds/good.wav")
        #expect(good.faults.isEmpty, "\(good.faults)")
        #expect(good.profiles.first?.sound.holdMusic == folder.path + "/tenants/../sounds/long.wav")
        #expect(try read(folder.path + "/sounds/long.wav", "../sounds/good.wav").faults.isEmpty)
        let bad = try read("../sounds/noise.wav", "../sounds/long.wav").faults
        #expect(bad.map(\.key) == ["sound.hold_music", "sound.filler"])
        #expect(bad.map(\.line) == [51, 52])
        #expect(bad[0].problem.contains("not a WAV file") && bad[1].problem.contains("the limit is 10 s"), "\(bad)")
        let absent = try read("../sounds/none.wav", "../sounds").faults
        #expect(absent.map(\.problem) == ["there is no such file", "there is no such file"])
        #expect(try read("../sounds/empty.wav", "../sounds/good.wav").faults.map(\.problem) == ["has no audio"])
    }
}
