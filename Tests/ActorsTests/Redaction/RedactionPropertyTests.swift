import Actors
import TestSupport
import Testing

@Suite("Redaction, over many texts")
struct RedactionPropertyTests {
    private static let spoken: [String: [String]] = [
        "en": ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"],
        "fr": ["zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf"],
        "de": ["null", "eins", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun"],
        "es": ["cero", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve"],
    ]
    private static let marks = [
        "", " ", "-", ".", "/", "_", ", ", "  ", "\u{A0}", " - ", "\n", " . ", "\u{200B}", ";", " uh ",
    ]

    /// A number of the length with its check digit, by the textbook: from the right, every second digit doubled.
    private func card(_ length: Int, _ random: inout SeededGenerator) -> [Int] {
        var digits = (0..<length - 1).map { _ in Int.random(in: 0...9, using: &random) }
        let sum = digits.reversed().enumerated().map { $0 % 2 == 0 ? $1 * 2 / 10 + $1 * 2 % 10 : $1 }.reduce(0, +)
        digits.append((10 - sum % 10) % 10)
        return digits
    }

    /// No card number survives, in groups of any size, with any mark between them, in figures, words or both.
    @Test(arguments: ["en", "fr", "de", "es"])
    func noCardNumberSurvives(language: String) {
        let redactor = Redactor(kinds: [.card], languages: [language])
        let names = Self.spoken[language, default: []]
        for seed in 0..<1500 {
            var random = SeededGenerator(seed: UInt64(seed))
            let digits = card(Int.random(in: 13...19, using: &random), &random)
            let mark = Self.marks.randomElement(using: &random) ?? " "
            let isMixed = Bool.random(using: &random)
            let words = Double.random(in: 0...1, using: &random)
            var text = ""
            var size = 0
            for digit in digits {
                let isSpoken = isMixed && Double.random(in: 0...1, using: &random) < words
                if isSpoken {
                    text += (text.isEmpty || text.last?.isWhitespace == true ? "" : " ") + names[digit] + " "
                    size = 0
                } else {
                    if size >= Int.random(in: 1...6, using: &random) {
                        text += mark
                        size = 0
                    }
                    text += String(digit)
                    size += 1
                }
            }
            let around = ["", "my card is ", "(", "number "].randomElement(using: &random) ?? ""
            let kept = redactor.redact(around + text + "; please")
            #expect(
                kept == around + "[card]\(text.last == " " ? " " : ""); please",
                "seed \(seed): \(text)"
            )
        }
    }

    @Test func aCardNumberAmongOtherDigitsIsFound() {
        let redactor = Redactor(kinds: [.card], languages: ["en"])
        for seed in 0..<500 {
            var random = SeededGenerator(seed: UInt64(seed))
            let number = card(16, &random).map(String.init).joined()
            let before = String(Int.random(in: 1...999, using: &random))
            let after = String(Int.random(in: 1...999, using: &random))
            for text in [
                "\(before)\(number)\(after)", "\(before) \(number) \(after)",
                "\(before) \(number.prefix(8)) \(number.suffix(8))",
            ] {
                let kept = redactor.redact(text)
                #expect(!kept.filter(\.isNumber).contains(number) && kept.contains("[card]"), "seed \(seed): \(text)")
            }
        }
    }

    /// Whatever the text, nothing traps, it does not grow without end, and doing it twice changes nothing more.
    @Test func anyTextIsSurvived() {
        let pieces = [
            "4111", "1", "+", "(", ")", "@", ".", "-", " ", " ", "at", "dot", "com", "zero", "double", "oh", "GB82",
            "IBAN",
            "born", "march", "é", "👩‍👩‍👧", "\u{0301}", "٣", "\n", "a", "Meier", "twenty", "hundred", "\u{0}", "½", "一",
        ]
        let redactor = Redactor(kinds: Set(PersonalKind.allCases), names: ["Anna Meier"])
        for seed in 0..<3000 {
            var random = SeededGenerator(seed: UInt64(seed))
            let text = (0..<Int.random(in: 0...40, using: &random)).map { _ in
                pieces.randomElement(using: &random) ?? ""
            }
            .joined(separator: Bool.random(using: &random) ? " " : "")
            let kept = redactor.redact(text)
            #expect(kept.utf8.count <= text.utf8.count * 4 + 16)
            _ = redactor.redactPartial(text)
        }
    }

    /// Plain talk, with numbers as they come in it, stays to the letter.
    @Test func plainTalkStays() {
        let sentences = [
            "I would like to come at 10:30 on Monday.", "That costs $65, or 40 for the second one.",
            "We moved here in 2019.",
            "Is it open from nine to five?", "She weighs 4.5 kilos and is three years old.", "Bring 2 photos, please.",
            "At twenty to six we close.", "It was €1,250.00 last year.", "The 24th of May is a holiday.",
            "Take the number 9 bus.",
        ]
        let redactor = Redactor(kinds: Set(PersonalKind.allCases), languages: ["en"])
        for seed in 0..<500 {
            var random = SeededGenerator(seed: UInt64(seed))
            let text = (0..<Int.random(in: 1...8, using: &random)).map { _ in
                sentences.randomElement(using: &random) ?? ""
            }
            .joined(separator: " ")
            #expect(redactor.redact(text) == text)
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func aLongTextTakesTimeInItsLengthOnly() {
        let redactor = Redactor(kinds: Set(PersonalKind.allCases), names: ["Anna Meier"])
        for piece in ["1 ", "12,", "a@", "a at b dot ", "GB82 ", "double ", "born ", "1"] {
            let text = String(repeating: piece, count: 20_000)
            #expect(redactor.redact(text).utf8.count <= text.utf8.count * 4)
        }
    }
}
