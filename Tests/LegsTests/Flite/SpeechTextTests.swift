import Legs
import Testing

@Suite("Speech text")
struct SpeechTextTests {
    static let folded = [
        ("Hello, Dr. Smith!", "Hello, Dr. Smith!"),
        ("café naïve Zoë", "cafe naive Zoe"),
        ("cafe\u{301}", "cafe"),
        ("Straße Æsop Øst Łódź", "Strasse AEsop Ost Lodz"),
        ("“It’s” ‘fine’", "\"It's\" 'fine'"),
        ("9–5", "9 - 5"),
        ("€25", " euro 25"),
        ("20°", "20 degrees "),
        ("a\u{A0}b\tc\r\nd\u{0}e\\f", "a b c d e f"),
        ("½", " half "),
        ("ﬁne", "fine"),
        ("ok 👍 好", "ok    "),
        ("", ""),
    ]

    @Test(arguments: folded) func foldsToASCII(written: String, ascii: String) {
        #expect(String(decoding: SpeechText(written).ascii, as: UTF8.self) == ascii)
    }

    @Test func everyByteLeadsBackToItsCharacter() {
        let written = "Zoë pays €25"
        let text = SpeechText(written)
        #expect(String(decoding: text.ascii, as: UTF8.self) == "Zoe pays  euro 25")
        let bytes = Array(written.utf8)
        let back = { (range: Range<Int>) in String(decoding: bytes[text.written(range)], as: UTF8.self) }
        #expect(back(0..<3) == "Zoë")
        #expect(back(2..<3) == "ë")
        #expect(back(4..<8) == "pays")
        #expect(back(10..<14) == "€")
        #expect(back(15..<17) == "25")
    }

    @Test func knowsWhetherThereIsAWord() {
        #expect(SpeechText("é").hasWords)
        #expect(SpeechText("7").hasWords)
        #expect(!SpeechText("-- ... 好").hasWords)
    }
}
