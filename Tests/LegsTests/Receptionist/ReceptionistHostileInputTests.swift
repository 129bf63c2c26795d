import Actors
import Legs
import Testing

@Suite("Receptionist, hostile input")
struct ReceptionistHostileInputTests {
    private static let vocabulary = [
        "book", "appointment", "cancel", "yes", "no", "tuesday", "next", "at", "ten", "thirty", "the", "first", "of",
        "march",
        "half", "past", "quarter", "to", "in", "a", "hundred", "thousand", "and", "five", "double", "oh", "name", "is",
        "rex",
        "people", "not", "emergency", "bleeding", "goodbye", "repeat", "person", "one", "zero", "10:30", "99:99",
        "25th",
        "99999999999999999999", "menu", "quote", "wedding", "order", "change", "um", "'", "-", "\u{1F600}", "e\u{301}",
        "\u{0}", "ﬀ", "twenty", "second", "day", "after", "tomorrow", "weeks", "o'clock", "pm", "am", "midnight",
        "31st",
        "february", "2099", "2400", "0000", "1260", "any", "time", "#", "{when}", "{", "minus", "never", "mind",
    ]

    @Test(
        "Word salad, keys and silence in any order are always answered",
        .timeLimit(.minutes(5)),
        arguments: [1, 2, 3, 4] as [UInt64]
    )
    func wordSalad(seed: UInt64) throws {
        var random = SplitMix(seed: seed)
        for profile in ReceptionistFixtures.profiles {
            for _ in 0..<20 {
                var call = Conversation(profile)
                for _ in 0..<25 {
                    let cause = Self.cause(&random)
                    let reply = call.hear(cause)
                    if case .digit = cause {} else { #expect(!reply.text.isEmpty, "seed \(seed): \(cause)") }
                    #expect(!reply.text.contains("  ") && !reply.text.contains("{ "), "seed \(seed): \(cause)")
                }
            }
        }
    }

    private static func cause(_ random: inout SplitMix) -> DialogueTurn.Cause {
        switch random.below(12) {
        case 0: return .digit(Array("0123456789*#x")[random.below(13)])
        case 1: return .silence(count: random.below(5))
        case 2: return .notUnderstood
        case 3 where random.below(4) == 0: return .emergency(word: "bleeding")
        default:
            let words = (0...random.below(14)).map { _ in vocabulary[random.below(vocabulary.count)] }
            return .speech(
                Transcript(text: words.joined(separator: " "), provider: "test", isRejected: random.below(5) == 0)
            )
        }
    }

    @Test(
        "Extreme transcripts are answered",
        arguments: [
            "", " ", "...", String(repeating: "a", count: 100_000),
            String(repeating: "book appointment ", count: 20_000), String(repeating: "five ", count: 5000),
            "\u{202E}\u{0}\u{FFFF}",
        ]
    )
    func extremes(text: String) throws {
        for profile in ReceptionistFixtures.profiles {
            for before in ["", "book an appointment", "i want a quote", "i need a refill", "change my order"] {
                var call = Conversation(profile)
                _ = call.say(before)
                #expect(!call.say(text).text.isEmpty)
            }
        }
    }

    @Test("A tenant with nothing configured still answers")
    func emptyProfile() {
        let profile = TenantProfile(
            id: "x",
            name: "X",
            numbers: [],
            greeting: "",
            fallback: .init(say: [], escalateAfter: 0),
            silence: .init(say: [], hangUpAfter: 1)
        )
        for cause in [.notUnderstood, .silence(count: 1), .digit("1"), .emergency(word: "x")] as [DialogueTurn.Cause] {
            var call = Conversation(profile)
            #expect(!call.hear(cause).text.isEmpty)
        }
        var call = Conversation(profile)
        #expect(!call.say("repeat that").text.isEmpty)
        #expect(!call.say("help").text.isEmpty)
    }

    @Test(
        "Losing any one word of a sentence never turns it into another wish",
        arguments: IntentMatcherTests.vetSentences
    )
    func missingWords(text: String, intent: String) throws {
        let profile = try ReceptionistFixtures.profile("oakfield-vets")
        let matcher = IntentMatcher(intents: profile.intents)
        let words = SpokenWords.words(text)
        for missing in words.indices where words.count > 3 {
            var rest = words
            rest.remove(at: missing)
            guard case .intent(let index, _) = matcher.match(rest), profile.intents[index].name != intent else {
                continue
            }
            // "Cancel my appointment" without "cancel" says "appointment": nobody can tell.
            let lost = [
                "cancel", "move", "change", "make", "reschedule", "time", "much", "to", "not", "speak", "talk",
                "refill",
            ]
            #expect(lost.contains(words[missing]), "\(rest) means \(profile.intents[index].name)")
        }
    }
}

/// A small generator with a seed, so that a failure can be repeated.
struct SplitMix {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }

    mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }
}
