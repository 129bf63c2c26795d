import Actors
import Gateway
import Testing

@Suite("Profile reader")
struct ProfileReaderTests {
    private let reader = ProfileReader()

    private func faults(_ text: String, file: String = "test.yaml") -> [ProfileFault] {
        do {
            _ = try reader.read(text: text, file: file)
            return []
        } catch {
            return error.faults
        }
    }

    @Test("A good profile is read with its values and its defaults")
    func good() throws {
        let profile = try reader.read(text: ProfileFixtures.good, file: "profiles/tenants/test-company.yaml")
        #expect(profile.id == "test-company")
        #expect(profile.numbers == ["+12025550100"])
        #expect(profile.language == "en-US")
        #expect(profile.voice == "slt")
        #expect(profile.silence.afterMilliseconds == 7000)
        #expect(profile.turnTaking.bargeInMilliseconds == 200)
        #expect(profile.turnTaking.maximumCallSeconds == 900)
        #expect(profile.turnTaking.endOfTurnMilliseconds == TenantProfile.TurnTaking().endOfTurnMilliseconds)
        #expect(profile.transfer?.number == "+12025550142")
        #expect(profile.intents[0].slots.map(\.kind) == [.dayTime, .number])
        #expect(profile.intents[0].slots[1].maximum == 9)
        #expect(profile.intents[1].outcome == .transfer)
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

    static let table = [
        Bad(
            "greeting: Hello.",
            "greting: Hello.",
            at: 4,
            "greting",
            "not a known key",
            fix: "did you mean `greeting`?"
        ),
        Bad("  after: 7s", "  aftr: 7s", at: 29, "silence.aftr", "not a known key", fix: "`after`"),
        Bad("kind: number", "kynd: number", at: 19, "intents[0].slots[1].kynd", "not a known key", fix: "`kind`"),
        Bad("greeting: Hello.\n", "", at: 1, "greeting", "is missing"),
        Bad(
            "    confirm:",
            "    xyzzy: 1\n    confirm:",
            at: 23,
            "intents[0].xyzzy",
            "not a known key",
            fix: "known keys here"
        ),
        Bad("name: Test Company", "name: [a]", at: 1, "name", "must be text, but is a list"),
        Bad("name: Test Company", "name: ~", at: 1, "name", "is empty"),
        Bad("silence:\n  after: 7s", "silence: 7s", at: 28, "silence", "must be a group of keys, but is plain text"),
        Bad("numbers: [\"+12025550100\"]", "numbers: 5", at: 2, "numbers", "must be a list"),
        Bad("[\"+12025550100\"]", "[]", at: 2, "numbers", "is an empty list"),
        Bad("+12025550100", "12025550100", at: 2, "numbers[0]", "not an E.164 number", fix: "+12025550142"),
        Bad("+12025550142", "+0123", at: 8, "transfer.number", "not an E.164 number"),
        Bad("[\"+12025550100\"]", "[\"*\", \"*\"]", at: 2, "numbers[1]", "is listed twice"),
        Bad(
            "time_zone: UTC",
            "time_zone: Europe/Berlni",
            at: 3,
            "time_zone",
            "not a known time zone",
            fix: "`Europe/Berlin`"
        ),
        Bad(
            "time_zone: UTC",
            "time_zone: UTC\nvoice: stl",
            at: 4,
            "voice",
            "not a known voice",
            fix: "did you mean `slt`?"
        ),
        Bad(
            "time_zone: UTC",
            "time_zone: UTC\nlanguage: fr-FR",
            at: 4,
            "language",
            "not a known language",
            fix: "en-US"
        ),
        Bad("kind: day_time", "kind: daytime", at: 16, "intents[0].slots[0].kind", "is not one of", fix: "`day_time`"),
        Bad("        kind: day_time\n", "", at: 15, "intents[0].slots[0].kind", "is missing"),
        Bad("outcome: transfer", "outcome: transfr", at: 27, "intents[1].outcome", "is not one of", fix: "`transfer`"),
        Bad("name: person", "name: book", at: 25, "intents[1].name", "used by an intent before"),
        Bad("name: person", "name: Speak Person", at: 25, "intents[1].name", "not a plain name"),
        Bad("name: size", "name: when", at: 18, "intents[0].slots[1].name", "used by a slot before"),
        Bad("On {when}?", "On {wen}?", at: 23, "intents[0].confirm", "names {wen}", fix: "did you mean {when}?"),
        Bad("See you {when}.", "See you {when.", at: 24, "intents[0].say", "brace without its partner"),
        Bad(
            "greeting: Hello.",
            "greeting: Hello {when}.",
            at: 4,
            "greeting",
            "names {when}",
            fix: "no slot can be named here"
        ),
        Bad("ask: When?", "ask: When, {size}?", at: 17, "intents[0].slots[0].ask", "names {size}"),
        Bad("'\\bbook\\b'", "'(book'", at: 13, "intents[0].patterns[0]", "not a valid regular expression"),
        Bad("'\\bbook\\b'", "'.*'", at: 13, "intents[0].patterns[0]", "matches when nothing was said"),
        Bad("[book a visit]", "['']", at: 11, "intents[0].phrases[0]", "is empty"),
        Bad("[book a visit]", "[book a visit, '?!']", at: 11, "intents[0].phrases[1]", "has no word in it"),
        Bad("    phrases: [a person please]\n", "", at: 25, "intents[1]", "can never be recognised"),
        Bad("after: 7s", "after: 7", at: 29, "silence.after", "must be a duration", fix: "2s to 1min"),
        Bad("after: 7s", "after: 1s", at: 29, "silence.after", "is out of range", fix: "2s to 1min"),
        Bad("barge_in: 200ms", "barge_in: 5s", at: 31, "turn_taking.barge_in", "is out of range", fix: "20ms to 2s"),
        Bad("15min", "1500ms", at: 32, "turn_taking.maximum_call", "is out of range", fix: "10s to 240min"),
        Bad("15min", "15500ms", at: 32, "turn_taking.maximum_call", "must be whole seconds"),
        Bad("15min", "15min\n  maximum_turns: many", at: 33, "turn_taking.maximum_turns", "must be a whole number"),
        Bad("15min", "15min\n  duck: 300ms", at: 33, "turn_taking.duck", "is longer than `barge_in`"),
        Bad("15min", "15min\n  barge_in_window: 50ms", at: 33, "turn_taking.barge_in_window", "is shorter"),
        Bad("minimum: 2", "minimum: 20", at: 21, "intents[0].slots[1].minimum", "is larger than `maximum`"),
        Bad(
            "ask: When?",
            "ask: When?\n        minimum: 2",
            at: 18,
            "intents[0].slots[0].minimum",
            "means nothing for `day_time`"
        ),
        Bad(
            "ask: When?",
            "ask: When?\n        options: [a, b]",
            at: 18,
            "intents[0].slots[0].options",
            "means nothing"
        ),
        Bad("kind: day_time", "kind: choice", at: 15, "intents[0].slots[0].options", "must offer a choice"),
        Bad("    say: See you {when}.\n", "", at: 10, "intents[0].say", "is missing"),
        Bad("Test Company", "Test\nname: Again", at: 1, "", "the same key is given twice: `name`"),
        Bad("name: Test Company", "name: &n Test Company", at: 1, "name", "has an anchor"),
        Bad("name: Test Company", "name: \"Test Company", at: 2, "", "not valid YAML"),
        Bad("greeting: Hello.", "greeting: Hello: there", at: 4, "", "not valid YAML: mapping values are not allowed"),
        Bad("greeting: Hello.", "greeting: *nobody", at: 4, "", "undefined alias"),
        Bad("greeting: Hello.", "greeting: Hel\u{1}lo.", at: 4, "", "not valid YAML: control characters"),
    ]

    @Test("Each fault names its line, its key, what is wrong and how to put it right", arguments: table)
    func oneFault(bad: Bad) throws {
        let text = ProfileFixtures.good(replacing: bad.old, with: bad.new)
        #expect(text != ProfileFixtures.good)
        let found = faults(text)
        let fault = try #require(found.first { $0.key == bad.key && $0.problem.contains(bad.problem) }, "\(found)")
        #expect(fault.line == bad.line, "\(fault)")
        #expect(bad.fix.isEmpty || fault.fix.contains(bad.fix), "\(fault)")
        #expect(!fault.fix.isEmpty)
        #expect(fault.file == "test.yaml")
    }

    @Test("A transfer without a number is a fault where it is used")
    func noTransfer() {
        let text = ProfileFixtures.good(replacing: "transfer:\n  number: \"+12025550142\"\n", with: "")
        #expect(faults(text).map(\.key) == ["emergency.words", "intents[1].outcome"])
    }

    @Test("All faults of a file are found in one reading, in the order of its lines")
    func allFaults() {
        let text = ProfileFixtures.good
            .replacingOccurrences(of: "UTC", with: "Moon")
            .replacingOccurrences(of: "+12025550142", with: "911")
            .replacingOccurrences(of: "kind: number", with: "kind: numbr")
            .replacingOccurrences(of: "{when}.", with: "{wenn}.")
            .replacingOccurrences(of: "after: 7s", with: "after: 7m")
            .replacingOccurrences(of: "barge_in: 200ms", with: "barg_in: 200ms")
        let found = faults(text)
        #expect(
            found.map(\.key) == [
                "time_zone", "transfer.number", "intents[0].slots[1].kind", "intents[0].slots[1].minimum",
                "intents[0].slots[1].maximum", "intents[0].say", "silence.after", "turn_taking.barg_in",
            ],
            "\(found)"
        )
        #expect(found.map(\.line) == found.map(\.line).sorted())
    }

    @Test("Faults never repeat a telephone number")
    func private_() {
        let text = ProfileFixtures.good
            .replacingOccurrences(of: "+12025550142", with: "0012025550142")
            .replacingOccurrences(of: "[\"+12025550100\"]", with: "[\"+12025550177x\"]")
        let all = faults(text).map(\.description).joined()
        #expect(!all.contains("0012025550142") && !all.contains("2025550177"), "\(all)")
    }

    @Test("Descriptions can be clicked in a terminal")
    func description() {
        let found = faults(
            ProfileFixtures.good(replacing: "after: 7s", with: "after: 1s"),
            file: "profiles/tenants/a.yaml"
        )
        #expect(
            found.map(\.description) == [
                "profiles/tenants/a.yaml:29:10: silence.after: is out of range; write a duration from 2s to 1min, with its unit (ms, s, min)"
            ]
        )
    }

    @Test(
        "A file that is not a profile at all is one clear fault",
        arguments: ["", "# only a comment\n", "- a\n- b\n", "hello", "---\na: 1\n---\nb: 2\n"]
    )
    func noProfile(text: String) {
        #expect(faults(text).count >= 1)
    }

    @Test("The file's name must serve as an id", arguments: ["Oakfield Vets.yaml", "a/.yaml", "\u{fc}ber.yaml"])
    func identifier(file: String) {
        #expect(faults(ProfileFixtures.good, file: file).contains { $0.problem.contains("tenant's id") })
    }

    @Test("What other legs can do may be named when the reader knows of it")
    func otherVoices() throws {
        let text = ProfileFixtures.good + "\nvoice: nova\nlanguage: fr-FR\n"
        let reader = ProfileReader(voices: ["nova"], languages: ["fr-FR"])
        #expect(try reader.read(text: text, file: "a.yaml").voice == "nova")
    }
}
