import Actors
import Legs
import TestSupport
import Testing

@Suite("Words of spoken characters")
struct WordAlignerTests {
    /// Each character sounds 10 samples.
    private func aligner(_ text: String, spoken: String) -> WordAligner {
        var aligner = WordAligner(text: text)
        for (index, character) in spoken.enumerated() {
            aligner.add(String(character), samples: index * 10..<index * 10 + 10)
        }
        return aligner
    }

    private func written(_ words: [SpokenWord], in text: String) -> [String] {
        words.map { word in
            String(decoding: Array(text.utf8)[word.utf8Range], as: UTF8.self) + (word.isEstimated ? "?" : "")
        }
    }

    @Test(arguments: [
        ("Hello there.", "Hello there.", ["Hello", "there."]),
        ("Hello, — you!", "Hello, — you!", ["Hello,", "you!"]),
        ("Come at 10 today", "Come at ten today", ["Come", "at", "10?", "today"]),
        ("Dr. Smith is in", "Doctor Smith is in", ["Dr.?", "Smith", "is", "in"]),
        ("It costs $25 or more", "It costs twenty five dollars or more", ["It", "costs", "$25?", "or", "more"]),
        ("the cat and the dog", "the cat and the dog", ["the", "cat", "and", "the", "dog"]),
        ("A & B", "A and B", ["A", "&?", "B"]),
        (
            "Caf\u{E9} na\u{EF}ve \u{1F600}\u{1F3FD} ok", "caf\u{E9} na\u{EF}ve ok",
            ["Caf\u{E9}", "na\u{EF}ve", "\u{1F600}\u{1F3FD}?", "ok"]
        ),
        ("one two three", "", ["one?", "two?", "three?"]),
        ("one two", "completely different words here", ["one?", "two?"]),
    ]) func everyWordHasATimeAtTheEnd(text: String, spoken: String, expected: [String]) {
        let aligner = aligner(text, spoken: spoken)
        let total = max(100, spoken.count * 10)
        let words = aligner.timedWords(total: total)
        let expectedText = expected.map { $0.hasSuffix("?") ? String($0.dropLast()) : $0 }
        #expect(words.map { String(decoding: Array(text.utf8)[$0.utf8Range], as: UTF8.self) } == expectedText)
        #expect(written(words, in: text) == expected)
        #expect(words.allSatisfy { (0...total).contains($0.samples.lowerBound) && $0.samples.upperBound <= total })
        #expect(zip(words, words.dropFirst()).allSatisfy { $0.samples.upperBound <= $1.samples.lowerBound })
    }

    @Test func timesAreThoseOfTheCharacters() {
        let words = aligner("Hello there.", spoken: "Hello there.").timedWords()
        #expect(words == [.init(utf8Range: 0..<5, samples: 0..<50), .init(utf8Range: 6..<12, samples: 60..<120)])
    }

    @Test func onlyWhatIsKnownIsToldBeforeTheEnd() {
        #expect(written(aligner("Come at ten", spoken: "Come ").timedWords(), in: "Come at ten") == ["Come"])
        // Inside a word: it has begun.
        let words = aligner("Come at ten", spoken: "Come a").timedWords()
        #expect(words.map(\.samples) == [0..<40, 50..<60])
        #expect(words.last?.utf8Range == 5..<7)
        // A number that is read otherwise stands before the word that follows it.
        let late = aligner("Come 10 times", spoken: "Come ten ti").timedWords()
        #expect(written(late, in: "Come 10 times") == ["Come", "10?", "times"])
    }

    @Test func anEstimateFillsTheTimeBetweenItsNeighbours() {
        let words = aligner("a 12 b", spoken: "a twelve b").timedWords(total: 100)
        #expect(words.map(\.samples) == [0..<10, 10..<90, 90..<100])
    }

    @Test func spokenCharactersWithoutEndAreNotKept() {
        var aligner = WordAligner(text: "one two")
        for index in 0..<100_000 { aligner.add(index % 3 == 2 ? " " : "x", samples: index..<index + 1) }
        #expect(aligner.timedWords(total: 80).count == 2)
    }

    @Test func anythingSpokenGivesEveryWordOnceAndInOrder() {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SeededGenerator(seed: seed)
        let letters = Array("ab 1.,\u{E9}\u{1F600}\u{301}- ")
        func text(_ random: inout SeededGenerator) -> String {
            String(
                (0..<Int.random(in: 0...40, using: &random)).map { _ in letters.randomElement(using: &random) ?? " " }
            )
        }
        for _ in 0..<500 {
            let text = text(&random)
            var aligner = WordAligner(text: text)
            var time = 0
            for character in self.text(from: &random, letters) {
                let start = Int.random(in: 0...200, using: &random)
                aligner.add(String(character), samples: start..<start + Int.random(in: 0...30, using: &random))
                time += 1
                let known = aligner.timedWords()
                #expect(zip(known, known.dropFirst()).allSatisfy { $0.samples.upperBound <= $1.samples.lowerBound })
            }
            let words = aligner.timedWords(total: 300)
            #expect(words.map(\.utf8Range) == WrittenWord.words(of: text).map(\.utf8Range), "seed \(seed)")
            #expect(zip(words, words.dropFirst()).allSatisfy { $0.samples.upperBound <= $1.samples.lowerBound })
        }
    }

    private func text(from random: inout SeededGenerator, _ letters: [Character]) -> [Character] {
        (0..<Int.random(in: 0...20, using: &random)).map { _ in letters.randomElement(using: &random) ?? " " }
    }

    @Test func theLongestCommonSubsequenceIsFoundEarliest() {
        func pairs(_ first: String, _ second: String) -> [[Int]] {
            CommonSubsequence(first.map { String($0) }, second.map { String($0) }, cellLimit: 1000).pairs.map {
                [$0.0, $0.1]
            }
        }
        #expect(pairs("abcd", "acd") == [[0, 0], [2, 1], [3, 2]])
        #expect(pairs("aa", "a") == [[0, 0]])
        #expect(pairs("abc", "xyz") == [])
        #expect(pairs("", "a") == [])
        #expect(CommonSubsequence(["a", "b"], ["a", "b"], cellLimit: 3).pairs.isEmpty)
    }
}
