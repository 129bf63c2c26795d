import Actors
import Legs
import Testing

/// One turn: what is heard, and what is answered.
struct Line: Sendable {
    let heard: String
    let said: String
    let intent: String?
    let expectation: Actors.Expectation
    let action: CallAction?

    init(
        _ heard: String,
        _ said: String,
        _ intent: String?,
        _ expectation: Actors.Expectation,
        _ action: CallAction? = nil
    ) {
        (self.heard, self.said, self.intent, self.expectation, self.action) = (heard, said, intent, expectation, action)
    }
}

struct Call: Sendable, CustomTestStringConvertible {
    let title: String
    let lines: [Line]

    var testDescription: String { title }

    init(_ title: String, _ lines: [Line]) {
        self.title = title
        self.lines = lines
    }
}

@Suite("Whole conversations")
struct ConversationTests {
    @Test("With the clinic", arguments: ClinicConversations.calls)
    func clinic(call: Call) throws {
        try run(call, with: "oakfield-vets")
    }

    @Test("With the caterer", arguments: CateringConversations.calls)
    func caterer(call: Call) throws {
        try run(call, with: "saffron-catering")
    }

    private func run(_ call: Call, with tenant: String) throws {
        var conversation = Conversation(try ReceptionistFixtures.profile(tenant))
        for line in call.lines {
            let reply = conversation.say(line.heard)
            #expect(reply.text == line.said, "\(line.heard)")
            #expect(reply.intent == line.intent, "\(line.heard)")
            #expect(reply.expectation == line.expectation, "\(line.heard)")
            #expect(reply.action == line.action, "\(line.heard)")
        }
    }
}
