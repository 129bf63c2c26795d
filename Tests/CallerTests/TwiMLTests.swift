import Caller
import Testing

@Suite("TwiML")
struct TwiMLTests {
    private func golden(_ id: String) throws -> TwiML {
        let documents = try #require(Vectors.object("twilio-twiml-golden.json")["documents"] as? [[String: Any]])
        let document = try #require(documents.first { ($0["id"] as? String) == id })
        return try TwiML(parsing: Array(try #require(document["xml"] as? String).utf8))
    }

    @Test func theStreamIsFound() throws {
        let plain = try golden("twiml-18-connect-stream")
        #expect(plain.stream == .init(url: "wss://voice.example.net/ws/twilio/media", parameters: [:]))
        let full = try golden("twiml-19-connect-stream-parameters")
        #expect(full.stream?.parameters == ["session_id": "s-0f3c", "tenant": "Élysée & Co \"A\""])
        #expect(full.before.isEmpty)
        #expect(full.after == ["Say \"The assistant left the call.\"", "Hangup"])
        let escaped = try golden("twiml-28-attribute-escaping")
        #expect(escaped.stream?.parameters == ["quote": "a\"b'c<d>&e\nf"])
    }

    @Test func aForkedStreamIsNotAConnectedOne() throws {
        let twiml = try golden("twiml-20-start-stream")
        #expect(twiml.stream == nil)
        #expect(twiml.before == ["Start", "Say \"Recording started.\"", "Pause"])
    }

    @Test func whatHappensInsteadIsTold() throws {
        #expect(try golden("twiml-23-reject").before == ["Reject (busy)"])
        #expect(try golden("twiml-01-empty").before.isEmpty)
        #expect(try golden("twiml-04-say-escaping").before == ["Say \"Tom & \"Jerry\" <3 it's 5 > 4\""])
    }

    @Test func verbsBeforeTheStreamAreTolerated() throws {
        let text =
            "<Response><Say>Hello</Say><Pause length=\"1\"/><Connect><Stream url=\"ws://h/s\"/></Connect></Response>"
        let twiml = try TwiML(parsing: Array(text.utf8))
        #expect(twiml.before == ["Say \"Hello\"", "Pause"])
        #expect(twiml.stream?.url == "ws://h/s")
    }

    @Test func everyGoldenDocumentIsRead() throws {
        let documents = try #require(Vectors.object("twilio-twiml-golden.json")["documents"] as? [[String: Any]])
        for document in documents {
            let xml = try #require(document["xml"] as? String)
            #expect(throws: Never.self, "\(document["id"] ?? "")") { try TwiML(parsing: Array(xml.utf8)) }
        }
    }

    @Test(arguments: ["", "hello", "<Response>", "<Response><Say></Response>", "<html><body/></html>", "{\"a\":1}"])
    func whatIsNoTwiMLIsRefused(_ text: String) {
        #expect(throws: CallError.self) { try TwiML(parsing: Array(text.utf8)) }
    }
}
