import Foundation
import Gateway
import TestSupport
import Testing

@Suite("RingCentral notifications")
struct RingCentralNotificationTests {
    private func parse(_ text: String) throws -> RingCentralNotification {
        try RingCentralNotification(parsing: Array(text.utf8))
    }

    private func one(_ body: String) throws -> PartyChange? {
        try parse(#"{"uuid":"1","event":"/restapi/v1.0/account/~/telephony/sessions","body":\#(body)}"#).changes.first
    }

    @Test func theVendorsFormIsReadWhole() throws {
        let sequence = try RingCentralVectors.sequence("rc-seq-1")
        let notification = try #require(try sequence.notifications.first)
        #expect(notification.uuid == "1645516954245065934")
        #expect(notification.subscriptionID == "2461434a-276a-4073-bd26-34089effbad5")
        let change = try #require(notification.changes.first)
        #expect(change.session == "s-718107795d564867a6f635fd81e89940" && change.sequence == 2)
        #expect(change.party.hasSuffix("-1") && change.index == 1)
        #expect(change.direction == .outbound && change.extensionID == nil && change.status == .setup)
        #expect(change.from == "+14155550100" && change.to == "+18005550199")
        #expect(
            change.at
                == (try? Date.ISO8601FormatStyle(includingFractionalSeconds: true).parse("2026-11-20T09:05:43.940Z"))
        )
        let agent = try #require(try sequence.changes.last { $0.index == 3 })
        #expect(agent.extensionID == "809646016" && agent.direction == .inbound && agent.status == .disconnected)
    }

    @Test func theFlatFormIsReadAlike() throws {
        let statuses = try RingCentralVectors.flat().map { try RingCentralNotification(parsing: $0.body).changes }
        #expect(statuses.map(\.count) == [1, 1, 1])
        #expect(statuses.flatMap { $0 }.map(\.status) == [.proceeding, .answered, .disconnected])
        #expect(statuses[0][0].from == "+14155550100" && statuses[0][0].sequence == nil)
    }

    @Test func presenceListsAnExtensionsCalls() throws {
        let notification = try RingCentralNotification(parsing: try RingCentralVectors.presence())
        guard case .presence("809646016", 34470, let changes) = notification.kind else {
            Issue.record("\(notification.kind)")
            return
        }
        #expect(changes.count == 1)
        #expect(changes[0].status == .proceeding && changes[0].direction == .inbound)
        #expect(changes[0].from == "103" && changes[0].to == "102" && changes[0].extensionID == "809646016")
    }

    @Test func aReminderIsOne() throws {
        #expect(try RingCentralNotification(parsing: try RingCentralVectors.reminder()).kind == .reminder)
        #expect(try parse(#"{"event":"/restapi/v1.0/subscription/~?threshold=1","body":null}"#).kind == .reminder)
    }

    @Test(arguments: [
        ("VoiceMail", PartyChange.Status.voicemail), ("Voicemail", .voicemail), ("VOICEMAIL", .voicemail),
        ("VMScreening", .screening), ("VoiceMailScreening", .screening), ("setup", .setup), ("PROCEEDING", .proceeding),
        ("answered", .answered), ("Gone", .gone), ("parked", .parked), ("hold", .hold), ("FaxReceive", .fax),
        ("Tds", .unknown), ("Sleeping", .unknown), ("", .unknown),
    ])
    func codesAreReadWithoutCaseInBothSpellings(_ code: String, _ status: PartyChange.Status) throws {
        let change = try one(
            #"{"telephonySessionId":"s-1","parties":[{"id":"p-1-2","status":{"code":"\#(code)"}}]}"#
        )
        #expect(change?.status == status)
    }

    @Test(arguments: [
        ("Ringing", PartyChange.Status.proceeding), ("callconnected", .answered), ("ONHOLD", .hold),
        ("ParkedCall", .parked), ("NoCall", .disconnected), ("Dancing", .unknown),
    ])
    func presenceWordsAreReadWithoutCase(_ word: String, _ status: PartyChange.Status) throws {
        #expect(
            try one(#"{"telephonySessionId":"s-1","partyId":"p-1","telephonyStatus":"\#(word)"}"#)?.status == status
        )
    }

    @Test func numbersAsTextAndTextAsNumbersAreRead() throws {
        let change = try #require(
            try one(
                #"{"telephonySessionId":77,"sequence":"12","parties":[{"id":5,"extensionId":62242421016,"missedCall":"true","#
                    + #""from":"+1","to":{"phoneNumber":1002},"recordings":[{"id":9007199254740993,"active":"false"}]}]}"#
            )
        )
        #expect(change.session == "77" && change.sequence == 12 && change.party == "5")
        #expect(change.extensionID == "62242421016" && change.isMissed && change.from == "+1" && change.to == "1002")
        #expect(change.recordings == [.init(id: "9007199254740993", isActive: false)], "no digit is lost")
    }

    @Test(arguments: [
        #"{"telephonySessionId":"s","parties":null}"#, #"{"telephonySessionId":null,"parties":[{"id":"p"}]}"#,
        #"{"telephonySessionId":"s","parties":[null,1,"x",[],{},{"id":null}]}"#, #"{"parties":[{"id":"p"}]}"#,
        #"{"telephonySessionId":"s","parties":{}}"#, #"{"telephonySessionId":"s\r\nx","parties":[{"id":"p"}]}"#,
        #"{"telephonySessionId":"s","partyId":"p"}"#, #"{"telephonyStatus":"Ringing"}"#, "{}", "[]", "null", "1",
        #""x""#,
    ])
    func whatNamesNoPartySaysNothing(_ body: String) throws { #expect(try one(body) == nil) }

    @Test func nullEverywhereLeavesThePartyItself() throws {
        let change = try #require(
            try one(
                #"{"telephonySessionId":"s","sequence":null,"eventTime":null,"origin":null,"parties":[{"id":"p-2","status":null,"#
                    + #""direction":null,"from":null,"to":null,"extensionId":null,"recordings":null,"missedCall":null,"park":null}]}"#
            )
        )
        var bare = PartyChange(session: "s", party: "p-2", status: .unknown)
        bare.isMissed = false
        #expect(change == bare)
    }

    @Test(arguments: [
        "", " ", "{", "}", "nul", "01", #"{"a":}"#, #"{"a":1}x"#, "\u{FEFF}{}", String(repeating: "[", count: 100),
    ])
    func whatIsNoJSONIsAFault(_ text: String) {
        #expect(throws: RingCentralNotification.Fault.notJSON) { try parse(text) }
    }

    @Test(arguments: ["[]", "1", "null", #""x""#, "true"]) func whatIsNoObjectIsAFault(_ text: String) {
        #expect(throws: RingCentralNotification.Fault.notAnObject) { try parse(text) }
    }

    @Test func invalidUTF8IsAFault() {
        #expect(throws: RingCentralNotification.Fault.notJSON) {
            try RingCentralNotification(parsing: Array(#"{"uuid":""#.utf8) + [0xC3, 0x28] + Array(#""}"#.utf8))
        }
    }

    @Test func escapesBecomeTheirCharacters() throws {
        let json = try RingCentralJSON(parsing: Array(#"{"a":"\u00e9\ud83d\ude00\n\/\"\\\ud800x\udc00"}"#.utf8))
        #expect(json["a"]?.string == "é😀\n/\"\\\u{FFFD}x\u{FFFD}")
    }

    @Test func partiesBeyondTheLimitAreLeftOut() throws {
        let parties = (0..<100).map { #"{"id":"p-\#($0)"}"# }.joined(separator: ",")
        let text = #"{"body":{"telephonySessionId":"s","parties":[\#(parties)]}}"#
        #expect(try parse(text).changes.count == RingCentralNotification.maximumParties)
    }

    @Test func brokenBytesAreSurvived() throws {
        var random = SeededGenerator(seed: 20_261_121)
        let bodies = try RingCentralVectors.sequences().flatMap(\.bodies) + [try RingCentralVectors.presence()]
        var parsed = 0
        for body in bodies {
            for _ in 0..<100 {
                var broken = body
                for _ in 0..<Int.random(in: 1...4, using: &random) {
                    broken[Int.random(in: broken.indices, using: &random)] = UInt8.random(
                        in: .min ... .max,
                        using: &random
                    )
                }
                if Bool.random(using: &random) { broken.removeLast(Int.random(in: 0..<broken.count, using: &random)) }
                if (try? RingCentralNotification(parsing: broken)) != nil { parsed += 1 }
            }
        }
        #expect(parsed > 0 && parsed < bodies.count * 100, "some still parse, most do not")
    }
}
