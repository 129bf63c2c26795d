import Foundation
import Legs
import Testing

@Suite("Language of the embedded recogniser")
struct LanguageTests {
    @Test(
        "Written phrases become spoken words",
        arguments: [
            ("What's your price?", "what's your price"),
            ("Book me at 10:30, please!", "book me at ten thirty please"),
            ("At 9:05 or 7:00", "at nine oh five or seven o'clock"),
            ("7pm, 8 a.m., 12:00 pm", "seven p.m. eight a.m. twelve o'clock p.m."),
            ("the 3rd, 12th and 21st", "the third twelfth and twenty first"),
            (
                "0 19 40 42 100 365 2500",
                "zero nineteen forty forty two one hundred three hundred sixty five two thousand five hundred"
            ),
            ("call 555123", "call five five five one two three"),
            ("agent 007", "agent zero zero seven"),
            ("Check-ups & shots (all)", "check ups and shots all"),
            ("'Café' Müller\u{2019}s", "cafe muller's"),
            ("i am here", "i am here"),
            ("", ""), ("?! ...", ""),
        ]
    )
    func spokenForm(_ text: String, _ words: String) {
        #expect(SpokenForm.words(text).joined(separator: " ") == words)
    }

    @Test(
        "A word outside the dictionary gets a plausible sound",
        arguments: [
            ("ezyvet", "EH Z IH V EH T"), ("zyxoflex", "Z IH K S AA F L EH K S"), ("kannin", "K AE N IH N"),
            ("whiskas", "W IH S K AE S"), ("shade", "SH EY D"), ("knotty", "N AA T IY"), ("bcd", "B IY S IY D IY"),
            ("x", "EH K S"), ("'", "AH"),
        ]
    )
    func pronunciation(_ word: String, _ phones: String) {
        #expect(Pronunciation.phones(of: word).joined(separator: " ") == phones)
    }

    @Test("A template stands for all its sentences, in order")
    func templates() {
        let sentences = PhraseTemplate.sentences("[on] DAY (morning | late evening)").map { $0.joined(separator: " ") }
        #expect(sentences == ["DAY morning", "DAY late evening", "on DAY morning", "on DAY late evening"])
        #expect(PhraseTemplate.sentences("[please]").map { $0.joined() } == ["please"])
    }

    @Test("The dictionary is cut to the words asked for; unknown ones are added")
    func dictionary() {
        let whole = PronunciationDictionary("a AH\na(2) EY\ncat K AE T\ncats K AE T S\ndog D AO G\n")
        #expect(whole.excerpt(for: ["a", "cat", "zyx"]) == "a AH\na(2) EY\ncat K AE T\nzyx Z IH K S\n")
    }

    @Test("A model's text is the same every time, and as expected")
    func arpa() {
        let counts = SentenceCounts([["yes"], ["no"], ["yes", "please"]])
        let text = TrigramModel(counts, background: ["the"]).arpa
        #expect(text == TrigramModel(counts, background: ["the"]).arpa)
        let lines = text.split(separator: "\n").map(String.init)
        #expect(lines.contains("ngram 1=6"))
        // 0.9 of (0 of 7), plus the background's tenth.
        #expect(lines.contains("-1.0000 the 0.0000"))
        // 0.9 of 2 in 7; after a start 0.9 of 2 in 3, and a tenth of the former.
        #expect(lines.contains("-0.5898 yes -1.0000"))
        #expect(lines.contains { $0.hasPrefix("-0.2036 <s> yes") })
    }

    @Test("After any history the probabilities add up to one")
    func probabilitiesAddUp() throws {
        let counts = SentenceCounts(PhraseTemplate.sentences("i want [to] (book | cancel) [please] [on DAY]"))
        let model = try Backoff(TrigramModel(counts, background: ["the", "weather", "book"]).arpa)
        for history in [
            ["want"], ["i", "want"], ["to", "book"], ["weather"], ["on"], ["tuesday", "please"], ["<s>", "i"],
        ] {
            let total = model.words.reduce(0) { $0 + model.probability(of: $1, after: history) }
            #expect(abs(total - 1) < 0.002, "\(history): \(total)")
        }
        #expect(model.probability(of: "monday", after: ["on"]) > 0.1)
        #expect(model.probability(of: "weather", after: ["on"]) > 0)
    }

    @Test("The tenant's words are those of its phrases, keywords, dangers and options")
    func vocabulary() {
        let words = CallerVocabulary(ClinicProfile.profile).words
        for word in ["zyxoflex", "kannin", "twenty", "four", "seizure", "rabbit", "vaccinate"] {
            #expect(words.contains(word))
        }
        #expect(!words.contains("24"))
    }
}

/// A reader of ARPA text, written from the format's description, to check what the builder writes.
private struct Backoff {
    private var grams: [[String]: (probability: Double, backOff: Double)] = [:]

    init(_ arpa: String) throws {
        for line in arpa.split(separator: "\n") {
            let fields = line.split(separator: " ").map(String.init)
            guard let first = fields.first.flatMap(Double.init), fields.count > 1 else { continue }
            let hasBackOff = Double(fields[fields.count - 1]) != nil && fields.count > 2
            let words = Array(fields.dropFirst().dropLast(hasBackOff ? 1 : 0))
            grams[words] = (first, hasBackOff ? Double(fields[fields.count - 1]) ?? 0 : 0)
        }
    }

    var words: [String] { grams.keys.filter { $0.count == 1 && $0 != ["<s>"] }.map { $0[0] }.sorted() }

    func probability(of word: String, after history: [String]) -> Double { pow(10, logarithm(word, history)) }

    private func logarithm(_ word: String, _ history: [String]) -> Double {
        if let gram = grams[history + [word]] { return gram.probability }
        guard !history.isEmpty else { return -9 }
        return (grams[history]?.backOff ?? 0) + logarithm(word, Array(history.dropFirst()))
    }
}
