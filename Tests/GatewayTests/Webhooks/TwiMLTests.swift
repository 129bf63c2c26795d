import Foundation
import FoundationXML
import Gateway
import Testing

@Suite("TwiML")
struct TwiMLTests {
    /// Reads a document back into elements with Foundation's parser: a second opinion on what was written.
    private final class Reader: NSObject, XMLParserDelegate {
        private var stack: [TwiML.Element] = []
        private(set) var root: TwiML.Element?

        static func read(_ xml: String) -> TwiML.Element? {
            let reader = Reader()
            let parser = XMLParser(data: Data(xml.utf8))
            parser.delegate = reader
            return parser.parse() ? reader.root : nil
        }

        func parser(
            _ parser: XMLParser,
            didStartElement name: String,
            namespaceURI: String?,
            qualifiedName: String?,
            attributes: [String: String]
        ) {
            stack.append(TwiML.Element(name: name, attributes: attributes))
        }

        func parser(_ parser: XMLParser, foundCharacters text: String) {
            guard var element = stack.popLast() else { return }
            if case .text(let before)? = element.children.last {
                element.children[element.children.count - 1] = .text(before + text)
            } else {
                element.children.append(.text(text))
            }
            stack.append(element)
        }

        func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
            guard let element = stack.popLast() else { return }
            if var parent = stack.popLast() {
                parent.children.append(.element(element))
                stack.append(parent)
            } else {
                root = element
            }
        }
    }

    /// The SDK's documents, read by Foundation and written by us, come out byte for byte.
    @Test func everyGoldenDocumentIsWrittenAsTheSDKWritesIt() throws {
        var checked = 0
        for document in try WireVectors.list("twilio-twiml-golden.json", "documents") {
            let xml = document.text("xml")
            let root = try #require(Reader.read(xml), "\(document.text("id"))")
            let verbs = root.children.compactMap { node -> TwiML.Element? in
                guard case .element(let element) = node else { return nil }
                return element
            }
            #expect(root.name == "Response")
            #expect(TwiML(verbs).xml == xml, "\(document.text("id"))")
            checked += 1
        }
        #expect(checked == 28)
    }

    private func golden(_ id: String) throws -> String {
        try #require(WireVectors.list("twilio-twiml-golden.json", "documents").first { $0.text("id").hasPrefix(id) })
            .text("xml")
    }

    @Test func theVerbsOfThisEngineAreWrittenAsTheSDKWritesThem() throws {
        #expect(TwiML().xml == (try golden("twiml-01")))
        #expect(TwiML([.init(name: "Pause", attributes: ["length": "3"]), .hangup]).xml == (try golden("twiml-09")))
        #expect(TwiML([.reject(reason: "busy")]).xml == (try golden("twiml-23")))
        #expect(
            TwiML([.say("One moment, please.", language: "en-US"), .dial("+15558675310"), .hangup]).xml
                == #"<?xml version="1.0" encoding="UTF-8"?><Response><Say language="en-US">One moment, please.</Say>"#
                + #"<Dial answerOnBridge="true">+15558675310</Dial><Hangup /></Response>"#
        )
        #expect(
            TwiML([
                .connect(
                    stream: "wss://voice.example.net/twilio/ws",
                    action: "https://voice.example.net/twilio/continue?a=1&b=2",
                    parameters: [("tenant", #"Élysée & Co "A""#)]
                )
            ]).xml
                == #"<?xml version="1.0" encoding="UTF-8"?><Response>"#
                + #"<Connect action="https://voice.example.net/twilio/continue?a=1&amp;b=2" method="POST">"#
                + #"<Stream url="wss://voice.example.net/twilio/ws">"#
                + #"<Parameter name="tenant" value="Élysée &amp; Co &quot;A&quot;" /></Stream></Connect></Response>"#
        )
    }

    @Test(arguments: [
        "plain", "a & b", "<Hangup/>", "]]>", #""quoted" 'too'"#, "line\nfeed\ttab", "é😀 — 漢", "&amp;", "<!-- x -->",
        "%26",
    ])
    func whateverIsSaidComesBackAsItWas(_ text: String) throws {
        let document = TwiML([
            .say(text, language: "en-US"),
            .connect(stream: "wss://a", action: "https://b", parameters: [(name: "p", value: text)]),
        ])
        let root = try #require(Reader.read(document.xml))
        #expect(root.children.first == .element(.say(text, language: "en-US")))
        guard case .element(let connect)? = root.children.last, case .element(let stream)? = connect.children.first,
            case .element(let parameter)? = stream.children.first
        else {
            Issue.record("not a connect: \(document.xml)")
            return
        }
        // A tab in an attribute is white space to every XML reader (XML 1.0 section 3.3.3).
        #expect(parameter.attributes["value"] == text.replacing("\t", with: " "))
    }

    @Test func whatXMLCannotHoldIsLeftOut() throws {
        let text = "a\u{0}b\u{1}c\u{8}d\u{FFFE}e\u{1F}f"
        let root = try #require(Reader.read(TwiML([.say(text, language: "en")]).xml))
        #expect(root.children.first == .element(.say("abcdef", language: "en")))
    }
}
