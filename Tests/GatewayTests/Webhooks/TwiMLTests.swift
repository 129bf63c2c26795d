import Foundation
import Gateway
import TestSupport
import Testing

@Suite("TwiML")
struct TwiMLTests {
    @Test(arguments: [
        "plain", "a & b", "<Hangup/>", "]]>", #""quoted" 'too'"#, "line\nfeed\ttab", "é😀 — 漢", "&amp;", "<!-- x -->",
        "%26",
    ])
    func whateverIsSaidComesBackAsItWas(_ text: String) throws {
        let parameter = try #require(TwiML.Parameter("p", text))
        let document = TwiML([
            .say(text, language: "en-US"),
            .connect(.init(.stream(.init("wss://a", parameters: [parameter])), action: "https://b?x=\(text)")),
            .dial(.init([.number(.init(text))])), .redirect(.init(text)),
        ])
        let root = try #require(CanonicalXML.tree(document.xml))
        #expect(root.first("Say")?.text == text)
        #expect(root.first("Dial")?.first("Number")?.text == text)
        #expect(root.first("Redirect")?.text == text)
        // A tab in an attribute is white space to every XML reader (XML 1.0 section 3.3.3).
        let inAttribute = text.replacing("\t", with: " ")
        #expect(root.first("Connect")?.attributes["action"] == "https://b?x=" + inAttribute)
        #expect(root.first("Connect")?.first("Stream")?.first("Parameter")?.attributes["value"] == inAttribute)
        #expect(root.elements.count == 4, "nothing that was said becomes a verb")
    }

    @Test func anyTextGivesAWellFormedDocument() throws {
        var random = SeededGenerator(seed: 11)
        for _ in 0..<500 {
            let text = String(
                String.UnicodeScalarView(
                    (0..<Int.random(in: 0...40, using: &random)).compactMap { _ in
                        Unicode.Scalar(UInt32.random(in: 0...0x2FFF, using: &random))
                    }
                )
            )
            let document = TwiML([.say(text, language: text), .reject(nil)])
            #expect(try #require(CanonicalXML.tree(document.xml)).elements.map(\.name) == ["Say", "Reject"])
        }
    }

    @Test func whatXMLCannotHoldIsLeftOut() throws {
        let text = "a\u{0}b\u{1}c\u{8}d\u{FFFE}e\u{1F}f"
        let root = try #require(CanonicalXML.tree(TwiML([.say(text, language: "en")]).xml))
        #expect(root.first("Say")?.text == "abcdef")
    }

    @Test func aLongTextIsSaidInPiecesThatEndBetweenWords() throws {
        let text = Array(repeating: "seventeen letters", count: 600).joined(separator: " ")
        let document = TwiML([.say(text, language: "en-US"), .hangup]).xml
        let says = try #require(CanonicalXML.tree(document)).elements.filter { $0.name == "Say" }
        #expect(says.count == 3)
        #expect(says.allSatisfy { $0.text.count <= 4096 && $0.attributes == ["language": "en-US"] })
        #expect(says.map(\.text).joined(separator: " ") == text)
        // Inside a menu too.
        let menu = TwiML([.gather(.init(prompts: [.say(.init(text))]))]).xml
        #expect(CanonicalXML.tree(menu)?.first("Gather")?.elements.count == 3)
    }

    @Test func aLongTextThatIsRepeatedOrMarkedUpIsCutAtAWord() throws {
        let text = Array(repeating: "seventeen letters", count: 600).joined(separator: " ")
        let repeated = try #require(CanonicalXML.tree(TwiML([.say(.init(text, loop: 2))]).xml))
        #expect(repeated.elements.count == 1)
        let kept = try #require(repeated.first("Say")).text
        #expect(kept.count <= 4096 && kept.count > 4000 && text.hasPrefix(kept + " "))
        let marked = TwiML([
            .say(.init([.emphasis(level: "strong", [.text(text)]), .text("never"), .sayAs("digits", "123")]))
        ])
        let say = try #require(CanonicalXML.tree(marked.xml)?.first("Say"))
        #expect(say.elements.map(\.name) == ["emphasis"] && say.text.isEmpty)
        #expect(say.first("emphasis")?.text == kept)
    }

    @Test(
        arguments: [
            ("", [""]), ("one", ["one"]), ("one two", ["one two"]), ("one two three", ["one two", "three"]),
            ("abcdefghijkl", ["abcdefghij", "kl"]), ("abcdefghij kl", ["abcdefghij", "kl"]),
            ("aaaa bbbb  cccc", ["aaaa bbbb", "cccc"]), ("👍👍👍👍👍👍", ["👍👍👍👍👍", "👍"]),
        ] as [(String, [String])]
    )
    func textsArePartedBetweenWords(_ text: String, _ pieces: [String]) {
        #expect(TextPieces.split(text, limit: 10) == pieces)
    }

    @Test func aParameterIsShorterThanTheVendorsLimit() {
        #expect(TwiML.Parameter("tenant", String(repeating: "x", count: 493)) != nil)
        #expect(TwiML.Parameter("tenant", String(repeating: "x", count: 494)) == nil)
    }

    @Test func numbersBeyondTheVendorsLimitsAreBroughtBack() throws {
        let root = try #require(
            CanonicalXML.tree(
                TwiML([
                    .say(.init("a", loop: 5000)), .play(.file("https://a/b.wav", loop: 1001)),
                    .dial(.init([.queue("support")], callReason: String(repeating: "r", count: 60))),
                ]).xml
            )
        )
        #expect(root.first("Say")?.attributes["loop"] == "1000")
        #expect(root.first("Play")?.attributes["loop"] == "1000")
        #expect(root.first("Dial")?.attributes["callReason"]?.count == 50)
        #expect(root.first("Dial")?.first("Queue")?.text == "support")
    }
}
