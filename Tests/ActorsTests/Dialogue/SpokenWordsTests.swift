import Actors
import Testing

@Suite("Spoken words")
struct SpokenWordsTests {
    @Test(
        "Text becomes plain words",
        arguments: [
            ("I'd like to BOOK, please!", "i would like to book please"),
            ("It\u{2019}s Rex", "it is rex"),
            ("isnt won't can't cannot", "is not will not can not can not"),
            ("at 10:30 or 10.30", "at 10:30 or 10:30"),
            ("7pm and 7 p.m.", "7 pm and 7 pm"),
            ("nine o'clock", "nine o'clock"),
            ("Mr. O'Brien's dog", "mr o'brien's dog"),
            ("1,200 guests", "1200 guests"),
            ("check-up", "check up"),
            ("salt & pepper", "salt and pepper"),
            ("5:", "5"),
            ("the dog's name's Rex", "the dog name is rex"),
            ("", ""),
            ("?!.,'", ""),
        ]
    )
    func words(text: String, words: String) {
        #expect(SpokenWords.words(text).joined(separator: " ") == words)
    }

    @Test("An endless utterance is cut")
    func bounded() {
        #expect(SpokenWords.words(String(repeating: "a b ", count: 5000)).count == SpokenWords.maximumWords)
    }
}

@Suite("Spoken pattern")
struct SpokenPatternTests {
    @Test("Matches over the joined words and says which they are")
    func covered() throws {
        let pattern = try #require(SpokenPattern(#"\bhow much (is|are)\b"#))
        #expect(pattern.matches(["so", "how", "much", "is", "it"]))
        #expect(pattern.covered(["so", "how", "much", "is", "it"]) == 1..<4)
        #expect(pattern.covered(["how", "many"]).isEmpty)
    }

    @Test(
        "Broken and oversized expressions are refused",
        arguments: ["(a", "[", "*", String(repeating: "a", count: 201)]
    )
    func refused(source: String) {
        #expect(SpokenPattern(source) == nil)
    }
}
