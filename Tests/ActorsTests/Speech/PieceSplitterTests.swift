import Actors
import TestSupport
import Testing

@Suite("Piece splitter")
struct PieceSplitterTests {
    @Test(
        arguments: [
            ("en", "Hello there. How are you?", ["Hello there.", "How are you?"]),
            ("en", "Dr. Smith is in at 10.30 today. Good.", ["Dr. Smith is in at 10.30 today.", "Good."]),
            ("en", "One!  Two?\nThree", ["One!", "Two?", "Three"]),
            ("en", "  ...  ", []),
            ("en", "", []),
            ("en", "It costs $4.50, no more.", ["It costs $4.50, no more."]),
            ("en", "Ask J. Doe. He knows.", ["Ask J. Doe.", "He knows."]),
            ("en", "No. We are closed.", ["No.", "We are closed."]),
            ("en", "Ask for No. 5 please. Bye.", ["Ask for No. 5 please.", "Bye."]),
            ("en", "We close at 5 p.m. Please come early.", ["We close at 5 p.m.", "Please come early."]),
            ("en", "We close at 5 p.m. on Friday.", ["We close at 5 p.m. on Friday."]),
            ("en", "The U.S. Army called. So do I. Fine.", ["The U.S. Army called.", "So do I.", "Fine."]),
            ("en", "Well... maybe. Wait... Now.", ["Well... maybe.", "Wait...", "Now."]),
            ("en", "He said \"Stop.\" Then he left.", ["He said \"Stop.\"", "Then he left."]),
            ("en", "\"Really?\" he asked. Yes.", ["\"Really?\" he asked.", "Yes."]),
            ("en", "1. Call us\n2. Wait", ["1. Call us", "2. Wait"]),
            ("en", "Open today:\n\nMonday\nTuesday", ["Open today:", "Monday", "Tuesday"]),
            ("de", "Am 3. Mai ist Dr. Beck da. Gut.", ["Am 3. Mai ist Dr. Beck da.", "Gut."]),
            ("de", "Bringen Sie z. B. den Impfpass mit. Danke.", ["Bringen Sie z. B. den Impfpass mit.", "Danke."]),
            ("de", "Futter, Leine usw. Bis bald.", ["Futter, Leine usw.", "Bis bald."]),
            ("fr", "M. Dupont est là. Merci.", ["M. Dupont est là.", "Merci."]),
            ("fr", "Bonjour ! Ça va ?", ["Bonjour !", "Ça va ?"]),
            ("es", "¿Qué tal? ¡Hola! La Sra. Gil está.", ["¿Qué tal?", "¡Hola!", "La Sra. Gil está."]),
            ("ja", "こんにちは。元気ですか？はい", ["こんにちは。", "元気ですか？", "はい"]),
        ] as [(String, String, [String])]
    )
    func textIsCutAtSentences(language: String, text: String, pieces: [String]) {
        #expect(PieceSplitter.pieces(of: text, language: language) == pieces)
    }

    @Test(
        arguments: [
            ("**Hello** _there_, ~~old~~ `code`.", ["Hello there, old code."]),
            ("# Hours\n- Monday\n* Tuesday\n+ Friday\n> quoted", ["Hours", "Monday", "Tuesday", "Friday", "quoted"]),
            ("See [our page](https://a.example/x) now.", ["See our page now."]),
            ("![a dog](dog.png) here [1] and [text][ref]!", ["a dog here 1 and text!"]),
            ("```swift\nlet a\n```\nDone", ["let a", "Done"]),
            ("One<br/>two <b>three</b><!-- no --> 3 < 5", ["One", "two three 3 < 5"]),
            ("<speak>Hi<break time=\"1s\"/>you</speak>", ["Hi you"]),
            ("Great 👍! I ❤️ it 👨‍👩‍👧 🇫🇷 3️⃣", ["Great!", "I it 3"]),
            ("A &amp; B &lt;3 &unknown; AT&T", ["A & B <3 &unknown; AT&T"]),
            ("john_doe@a.example and 2*3 and 5 * 3", ["john_doe@a.example and 2*3 and 5 * 3"]),
            ("-5 degrees\n---\n***\n+49 30 1234567", ["-5 degrees", "+49 30 1234567"]),
            ("| Day | Time |\n|---|---|\n| Mon | 9 |", ["Day Time", "Mon 9"]),
            ("Mail <anna@a.example> or <https://a.example>", ["Mail anna@a.example or https://a.example"]),
            ("zero\u{200B}width\u{FEFF} and\u{0} control\u{AD}s", ["zerowidth and controls"]),
            ("\\*literal\\* star", ["*literal* star"]),
            ("open [bracket and <tag without end", ["open bracket and tag without end"]),
        ] as [(String, [String])]
    )
    func markupIsTakenOut(text: String, pieces: [String]) {
        #expect(PieceSplitter.pieces(of: text) == pieces)
    }

    @Test func theFirstWordsOfALongSentenceComeEarly() {
        let comma = PieceSplitter.pieces(of: "Thank you for calling us today, how can I help you and your dog?")
        #expect(comma == ["Thank you for calling us today,", "how can I help you and your dog?"])
        let none = PieceSplitter.pieces(
            of: "I would be glad to look for a free place on Tuesday and I will call you back about it this afternoon"
        )
        #expect(none.first == "I would be glad to look for a free place on Tuesday")
        #expect(none.count == 2)
        let short = PieceSplitter.pieces(of: "Yes. I would be glad to look for a free place for the dog of yours today")
        #expect(short.count == 3, "a short first sentence does not end the hurry")
    }

    @Test func laterPiecesAreWholeSentencesOfBoundedLength() {
        let sentence = "We have places on Monday at nine, on Tuesday at ten. "
        #expect(
            PieceSplitter.pieces(of: "That is a good idea, of course. " + sentence).last == String(sentence.dropLast())
        )
        let long = "Good morning to you and your whole family. " + String(repeating: "word ", count: 200)
        let pieces = PieceSplitter.pieces(of: long)
        #expect(pieces.allSatisfy { $0.count <= 200 })
        #expect(pieces.joined(separator: " ") == String(long.dropLast()))
    }

    @Test func aSentenceIsHandedOnBeforeTheTextIsOver() {
        var splitter = PieceSplitter()
        #expect(splitter.push("We are open. And ") == ["We are open."])
    }

    private static let parts = [
        "Good morning", "the clinic", "Dr.", "z. B.", "10.30", "$4.50", "and", "und", "et", "y", "...", "…", "!", "?",
        ".", ",",
        ";", " ", " ", " ", "\n", "\r\n", "**", "*", "_", "`", "```", "# ", "- ", "[a](b)", "[", "](", "<b>", "<", ">",
        "&amp;",
        "&", "é", "e\u{301}", "👨‍👩‍👧", "👍🏽", "🇫🇷", "日本。", "\"", "”", "(", ")", "3.", "Mai", "p.m.", "U.S.", "a", "I", "\\",
        "~", "|",
        "supercalifragilistic", "\u{301}", "\u{200D}",
    ]

    private func text(_ generator: inout SeededGenerator, parts count: Int) -> String {
        (0..<count).map { _ in
            (Self.parts.randomElement(using: &generator) ?? "") + (Bool.random(using: &generator) ? " " : "")
        }.joined()
    }

    /// Cut between scalars, so inside graphemes too.
    private func streamed(_ text: String, _ language: String, _ generator: inout SeededGenerator, upTo size: Int)
        -> [String]
    {
        var splitter = PieceSplitter(language: language)
        var pieces: [String] = []
        var rest = Array(text.unicodeScalars)[...]
        while !rest.isEmpty {
            let chunk = rest.prefix(Int.random(in: 1...size, using: &generator))
            pieces += splitter.push(String(String.UnicodeScalarView(chunk)))
            rest = rest.dropFirst(chunk.count)
        }
        return pieces + splitter.finish()
    }

    @Test(arguments: ["en", "fr", "de", "es"])
    func howTheTextIsStreamedMakesNoDifference(language: String) {
        for seed in UInt64(1)...20 {
            var generator = SeededGenerator(seed: seed)
            let text = text(&generator, parts: 60)
            let whole = PieceSplitter.pieces(of: text, language: language)
            for size in [1, 3, 17] {
                #expect(streamed(text, language, &generator, upTo: size) == whole, "seed \(seed), up to \(size)")
            }
        }
    }

    @Test func joinedPiecesHoldEveryWord() {
        let words = [
            "Hello", "there", "Dr.", "Lee", "10.30", "$5,", "and", "yes!", "no?", "it's", "été", "straße;", "3.",
            "U.S.",
        ]
        for seed in UInt64(1)...60 {
            var generator = SeededGenerator(seed: seed)
            let text = (0..<Int.random(in: 1...120, using: &generator)).map { _ in
                words.randomElement(using: &generator) ?? ""
            }
            let joined = text.joined(separator: " ")
            #expect(streamed(joined, "de", &generator, upTo: 9).joined(separator: " ") == joined, "seed \(seed)")
        }
    }

    @Test(
        arguments: [
            "a", "word ", "日", "e\u{301}", "a, ", "*", "<", "[", "&", "`", "#", "\u{301}", "👍", "(", "Dr. ", "a. ",
        ]
    )
    func endlessTextTakesBoundedMemoryAndLinearWork(unit: String) {
        let count = 3_000
        var splitter = PieceSplitter()
        var longest = 0
        var handed = 0
        for _ in 0..<count {
            for piece in splitter.push(unit) {
                longest = max(longest, piece.unicodeScalars.count)
                handed += piece.unicodeScalars.count
            }
        }
        let scalars = count * unit.unicodeScalars.count
        let letters = unit.unicodeScalars.contains { $0.properties.isAlphabetic }
        for piece in splitter.finish() { longest = max(longest, piece.unicodeScalars.count) }
        #expect(longest <= 520)
        if letters { #expect(handed > scalars / 2, "pieces are handed on while the text goes on") }
        #expect(splitter.work <= 6 * scalars, "\(splitter.work) steps for \(scalars) scalars")
    }

    @Test func aLetterIsNeverParted() {
        let pieces = PieceSplitter.pieces(of: String(repeating: "e\u{301}", count: 1_000))
        #expect(pieces.count > 1)
        #expect(pieces.joined().allSatisfy { $0 == "é" })
        #expect(pieces.joined().count == 1_000)
    }
}
