import Actors
import Foundation
import Gateway
import Testing

@Suite("Ringover events")
struct RingoverEventTests {
    private func event(_ text: String) -> RingoverEvent? {
        (try? JSONValue(parsing: Array(text.utf8))).flatMap(RingoverEvent.init)
    }

    private func events(_ id: String) throws -> [ProviderEvent] {
        let body = try #require(try RingoverBodies.all.first { $0.id == id }?.body)
        return try #require(RingoverEvent(body)).providerEvents(tenant: "clinic")
    }

    @Test func everyRecordedBodyIsReadAsItSays() throws {
        let bodies = try RingoverBodies.all
        #expect(bodies.count == 20)
        for body in bodies {
            let event = try #require(RingoverEvent(body.body), "\(body.id)")
            #expect(event.name?.rawValue == body.expect["normalized"]?.word, "\(body.id)")
            #expect(event.callID == body.expect["call_id"]?.word, "\(body.id)")
            if let resource = body.expect["resource"]?.word { #expect(event.resource == resource, "\(body.id)") }
            #expect(event.providerEvents(tenant: "t").isEmpty == (event.callID == nil), "\(body.id)")
        }
    }

    @Test(arguments: [
        ("vendor_ringing", CallLifecycle.Phase.ringing), ("vendor_answered", .inProgress),
        ("vendor_hangup", .completed), ("vendor_missed", .noAnswer), ("vendor_voicemail", .voicemail),
        ("spec_call_ringing", .ringing), ("spec_call_answered", .inProgress), ("spec_call_ended", .completed),
        ("spec_call_missed", .noAnswer), ("spec_voicemail", .voicemail), ("vendor_ringing_loose_types", .ringing),
    ]) func aCallsPhaseIsWhatTheEventSays(_ id: String, _ phase: CallLifecycle.Phase) throws {
        #expect(try events(id).first?.kind == .phase(phase))
    }

    @Test func numbersBecomeE164AndTimesAreTheProviders() throws {
        let answered = try #require(try events("vendor_answered").first)
        #expect(answered.from == "+33612345678" && answered.to == "+33184800000")
        #expect(answered.direction == .inbound)
        #expect(answered.at == Date(timeIntervalSince1970: 1_763_715_600.5))
        let loose = try #require(try events("vendor_ringing_loose_types").first)
        #expect(loose.from == "+33612345678", "a number, not a text")
        let ours = try #require(try events("spec_call_ended").first)
        #expect(ours.durationSeconds == 61)
        #expect(ours.at == (try Date("2026-11-20T09:01:09Z", strategy: .iso8601)))
    }

    @Test(
        arguments: [
            ("33612345678", "+33612345678"), ("+33 6 12-34.56(78)", "+33612345678"), ("0033612345678", "+33612345678"),
            ("101", nil), ("0612345678", nil), ("anonymous", nil), ("", nil), ("1234567890123456", nil),
            ("3361+2345", nil),
        ] as [(String, String?)]
    ) func anythingElseIsNoNumber(_ text: String, _ number: String?) {
        #expect(RingoverNumber.e164(text) == number)
    }

    @Test func theSameLinkIsTheSameRecordingWhoeverTellsIt() throws {
        let ended = try events("vendor_hangup")
        #expect(ended.count == 2)
        let available = try events("vendor_record_available")
        guard case .recording(let first)? = ended.last?.kind, case .recording(let second)? = available.first?.kind
        else {
            Issue.record("no recordings")
            return
        }
        #expect(first.id == second.id && ended.last?.id == available.first?.id)
        #expect(second.durationSeconds == 30, "written 30s")
        #expect(second.url == "https://cdr.example.net/record/a.mp3")
        let own = event(
            #"{"event":"record_available","resource":"aftercall","data":{"call_id":1,"record_link":"https://c/a.mp3","#
                + #""private_record_link":"https://c/p.mp3"}}"#
        )
        guard case .recording(let recording)? = own?.providerEvents(tenant: "t").first?.kind else {
            Issue.record("no recording")
            return
        }
        #expect(recording.url == "https://c/p.mp3", "the public links are given up")
    }

    @Test func anAttemptNamesNothing() throws {
        let first = event(#"{"event":"ringing","data":{"id":"u","call_id":7},"attempt":1}"#)
        let second = event(#"{"event":"ringing","data":{"id":"u","call_id":"7"},"attempt":2}"#)
        #expect(first?.providerEvents(tenant: "t").first?.id == second?.providerEvents(tenant: "t").first?.id)
        let tags = ["a", "b"].map {
            event(#"{"event":"tags_updated","resource":"aftercall","data":{"call_id":7,"tags":["\#($0)"]}}"#)
        }
        let ids = tags.compactMap { $0?.providerEvents(tenant: "t").first?.id }
        #expect(Set(ids).count == 2, "tags that change again are another event")
    }

    @Test func ourNumberIsTheOneTheTenantOwns() throws {
        #expect(
            event(#"{"event":"ringing","data":{"direction":"out","from_number":33184800000,"to_number":33612345678}}"#)?
                .ownNumbers == ["+33184800000"]
        )
        let menu = event(
            #"{"event":"ringing","data":{"direction":"inbound","to_number":"33111111111","ivr_data":{"number":"33184800000"}}}"#
        )
        #expect(menu?.ownNumbers == ["+33111111111", "+33184800000"])
    }

    @Test(arguments: [
        ("call", "ringing", RingoverSettings.WebhookFamily.call), ("call", "contact", .contact),
        ("search", "contact", .search), ("call", "routing", .routing), ("call", "ivr_response_code", .routing),
        ("aftercall", "record_available", .call), ("sms", "received", .call),
    ]) func eachFamilyHasItsKey(_ resource: String, _ name: String, _ family: RingoverSettings.WebhookFamily) {
        #expect(event(#"{"event":"\#(name)","resource":"\#(resource)"}"#)?.family == family)
        #expect(event(#"{"event":"\#(name)","ressource":"\#(resource)"}"#)?.family == family)
    }

    @Test(arguments: [
        "null", "[]", "{}", #"{"event":null}"#, #"{"event":7}"#, #"{"event":""}"#,
        #"{"event":"\#(String(repeating: "x", count: 65))"}"#,
    ]) func withoutANameThereIsNoEvent(_ text: String) { #expect(event(text) == nil) }

    @Test func nullsAndStrangeTypesAreNoFault() throws {
        let fields = [
            "id", "call_id", "direction", "from_number", "to_number", "ivr_data", "ivr", "record",
            "duration_in_seconds",
            "hangup_time", "answered_time",
        ]
        for strange in ["null", "[]", "{}", "true", "-1e400", "\"\"", "[[[]]]"] {
            let data = fields.map { #""\#($0)":\#(strange)"# }.joined(separator: ",")
            for name in ["ringing", "answered", "hangup", "missed", "voicemail"] {
                let read = try #require(event(#"{"event":"\#(name)","timestamp":\#(strange),"data":{\#(data)}}"#))
                #expect(read.from == nil && read.to == nil && read.time == nil && read.durationSeconds == nil)
            }
        }
        #expect(
            event(#"{"event":"ringing","data":{"call_id":"\#(String(repeating: "9", count: 200))"}}"#)?.callID == nil
        )
    }
}
