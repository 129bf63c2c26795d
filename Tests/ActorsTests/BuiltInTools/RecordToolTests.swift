import Actors
import Foundation
import Testing

@Suite("Tools on records and messages")
struct RecordToolTests {
    @Test func theCallerIsFoundByTheNumberOfTheCallAlone() async throws {
        let practice = Practice()
        let tool = LookUpContactTool(practice, book: practice, profile: .weekdays, now: { saturday })
        let result = try await tool.call(["phone": "+12025550199"], .of())
        #expect(practice.state.withLock { $0.asked } == ["+12025550142"])
        let contact = result.content["contacts"]?.list?.first
        #expect(contact?["name"] == "Jane Doe")
        #expect(contact?["appointments"]?.list?.first?["time"] == "2026-11-22T11:00")
        #expect(contact?["appointments"]?.list?.first?["patient"] == "Rex")
        #expect(!result.content.serialized.contains("\"id\""), "ids stay here")
        #expect(result.callerNames == ["Jane Doe"], "known to whatever takes names out of the words")
    }

    @Test(arguments: [nil, "+12025550199", "sip:x@y"])
    func whoIsNotKnownIsNotFound(_ number: String?) async {
        let tool = LookUpContactTool(Practice(), profile: .weekdays)
        #expect(await fault { try await tool.call([:], .of(number)) }?.code == .notFound)
    }

    @Test func casesAreTheNewestFirstAndOnOneLine() async throws {
        let practice = Practice()
        let tool = LookUpCasesTool(practice, cases: practice, profile: .weekdays)
        let all = try await tool.call([:], .of()).content["cases"]?.list
        #expect(all?.map { $0["patient"]?.text } == ["Möhre", "Rex"])
        #expect(all?.last?["summary"] == "Limping on the left")
        let rex = try await tool.call(["patient": "REX"], .of()).content["cases"]?.list
        #expect(rex?.map { $0["patient"]?.text } == ["Rex"])
        #expect(await fault { try await tool.call(["patient": "Fido"], .of()) }?.code == .notFound)
    }

    @Test(arguments: [
        (nil, "+12025550142"), ("+1 (202) 555-0177", "+12025550177"), ("+44 20.7946.0000", "+442079460000"),
        ("", "+12025550142"),
    ])
    func aMessageIsTakenWithTheNumberToCallBack(_ other: String?, _ expected: String) async throws {
        let practice = Practice()
        var arguments: [String: JSON] = ["name": "Jane", "message": "Please\u{0} call\n back", "urgent": true]
        if let other { arguments["call_back"] = .text(other) }
        _ = try await TakeMessageTool(practice, now: { saturday }).call(.object(arguments), .of(key: "m1"))
        let message = practice.state.withLock { $0.messages }.first
        #expect(message?.callBack == expected && message?.text == "Please call back" && message?.isUrgent == true)
        #expect(message?.idempotencyKey == "m1" && message?.takenAt == saturday.timeIntervalSince1970)
    }

    @Test(
        arguments: [
            ["name": "J", "message": " \n "], ["name": "", "message": "x"],
            ["name": "J", "message": "x", "call_back": "555 0142"],
            ["name": "J", "message": "x", "call_back": "+0123456789"],
            ["name": "J", "message": "x", "call_back": "+1234567890123456"],
        ] as [JSON]
    )
    func halfAMessageIsAskedForAgain(_ arguments: JSON) async {
        let practice = Practice()
        #expect(await fault { try await TakeMessageTool(practice).call(arguments, .of()) }?.code == .arguments)
        #expect(practice.state.withLock { $0.messages }.isEmpty)
    }

    @Test func aLongMessageIsShortened() async throws {
        let practice = Practice()
        let text = String(repeating: "word ", count: 1000)
        _ = try await TakeMessageTool(practice).call(["name": "J", "message": .text(text)], .of())
        #expect(practice.state.withLock { $0.messages }.first?.text.count == 1000)
    }
}
