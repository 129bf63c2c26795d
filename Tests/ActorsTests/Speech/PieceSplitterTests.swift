import Actors
import Testing

@Suite("Piece splitter")
struct PieceSplitterTests {
    @Test(
        arguments: [
            ("Hello there. How are you?", ["Hello there.", "How are you?"]),
            ("Dr. Smith is in at 10.30 today. Good.", ["Dr. Smith is in at 10.30 today.", "Good."]),
            ("One!  Two?\nThree", ["One!", "Two?", "Three"]),
            ("  ...  ", []),
            ("", []),
            ("It costs $4.50, no more.", ["It costs $4.50, no more."]),
            ("Ask J. Doe. He knows.", ["Ask J. Doe.", "He knows."]),
        ] as [(String, [String])]
    )
    func textIsCutAtSentences(text: String, pieces: [String]) {
        #expect(PieceSplitter.pieces(of: text) == pieces)
    }

    @Test func aLongSentenceIsCutAtAClause() {
        let text = String(repeating: "word ", count: 18) + "and then, after a while, it goes on and on until the end."
        let pieces = PieceSplitter.pieces(of: text)
        #expect(pieces.count >= 2)
        #expect(pieces.first?.hasSuffix(",") == true)
        #expect(pieces.joined(separator: " ") == text)
    }

    @Test func howTheTextIsStreamedMakesNoDifference() {
        let text = "Good morning. The clinic opens at 9.30, Dr. Lee is in; we close at six! Anything else? Fine"
        let whole = PieceSplitter.pieces(of: text)
        for size in 1...9 {
            var splitter = PieceSplitter()
            var pieces: [String] = []
            var rest = Substring(text)
            while !rest.isEmpty {
                pieces += splitter.push(String(rest.prefix(size)))
                rest = rest.dropFirst(size)
            }
            pieces += splitter.finish()
            #expect(pieces == whole, "tokens of \(size)")
        }
    }

    @Test func aSentenceIsHandedOnBeforeTheTextIsOver() {
        var splitter = PieceSplitter()
        #expect(splitter.push("We are open. And ") == ["We are open."])
    }
}
