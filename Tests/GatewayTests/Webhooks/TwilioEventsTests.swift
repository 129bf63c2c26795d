import Actors
import Foundation
import Gateway
import Testing

/// The vendor's callbacks, recorded, and what each does to its call.
@Suite("Twilio events")
struct TwilioEventsTests {
    static let inbound = "CA0a1b2c3d4e5f60718293a4b5c6d7e8f9"
    static let outbound = "CA1111222233334444555566667777888a"
    private static let recordingURL =
        "https://api.twilio.com/2010-04-01/Accounts/AC0123456789abcdef0123456789abcdef/Recordings/"
        + "RE0123456789abcdef0123456789abcdef"
    private static let recordingID = "RE0123456789abcdef0123456789abcdef"

    /// Which of our addresses answers what the vector's address answers.
    static func endpoint(_ vector: [String: Any]) throws -> TwilioEndpoint {
        let name = vector.text("url").split(separator: "/").last.map(String.init) ?? ""
        return try #require(TwilioEndpoint(rawValue: name == "gather" ? "dtmf" : name), "\(name)")
    }

    static func request(_ vector: [String: Any]) throws -> TwilioRequest {
        TwilioRequest(parameters: try FormParameters(parsing: Array(vector.text("raw_body").utf8)))
    }

    private static let kinds: [(String, ProviderEvent.Kind)] = [
        ("hook-01", .phase(.ringing)), ("hook-02", .phase(.ringing)), ("hook-03", .phase(.ringing)),
        ("hook-04", .phase(.inProgress)), ("hook-05", .phase(.inProgress)), ("hook-06", .phase(.inProgress)),
        ("hook-07", .phase(.inProgress)), ("hook-08", .phase(.inProgress)), ("hook-09", .updated("stream_error")),
        ("hook-10", .updated("stream_stopped")), ("hook-11", .phase(.initiated)), ("hook-12", .phase(.ringing)),
        ("hook-13", .phase(.inProgress)), ("hook-14", .phase(.completed)), ("hook-15", .phase(.busy)),
        ("hook-16", .phase(.noAnswer)), ("hook-17", .phase(.failed)), ("hook-18", .phase(.canceled)),
        ("hook-19", .phase(.ringing)), ("hook-20", .phase(.voicemail)), ("hook-21", .phase(.voicemail)),
        (
            "hook-22",
            .recording(ProviderRecording(id: recordingID, url: recordingURL, durationSeconds: 7, channels: 1))
        ),
        ("hook-23", .other("recording_absent")),
        ("hook-24", .transcription(recordingID: recordingID, text: "hello this is a test")),
        ("hook-25", .other("transcription_failed")), ("hook-26", .updated("transfer_completed")),
        ("hook-27", .updated("transfer_answered")), ("hook-28", .updated("transfer_busy")),
        ("hook-29", .updated("transfer_no_answer")), ("hook-30", .updated("transfer_failed")),
        ("hook-31", .updated("transfer_canceled")), ("hook-32", .phase(.inProgress)),
    ]

    @Test func everyRecordedCallbackMeansWhatItSays() throws {
        var left = Dictionary(uniqueKeysWithValues: Self.kinds)
        for vector in try WireVectors.list("twilio-webhooks.json", "requests") {
            let id = vector.text("id")
            let kind = left.removeValue(forKey: String(id.prefix(7)))
            let event = try #require(
                TwilioEvents.event(Self.endpoint(vector), Self.request(vector), tenant: "test"),
                "\(id)"
            )
            #expect(event.kind == kind, "\(id)")
            #expect(event.call.provider == "twilio" && event.tenant == "test")
            #expect(event.call.id == Self.inbound || event.call.id == Self.outbound, "\(id)")
        }
        #expect(left.isEmpty && Self.kinds.count == 32)
    }

    @Test func numbersDirectionDurationAndTimeAreTakenOver() throws {
        let vectors = try WireVectors.list("twilio-webhooks.json", "requests")
        let done = try #require(vectors.first { $0.text("id").hasPrefix("hook-14") })
        let event = try #require(TwilioEvents.event(.status, Self.request(done), tenant: "t"))
        #expect(event.from == "+33184800000" && event.to == "+33612345678")
        #expect(event.direction == .outbound && event.durationSeconds == 60)
        #expect(event.at == Date(timeIntervalSince1970: 1_795_165_869))
        let hidden = try #require(vectors.first { $0.text("id").hasPrefix("hook-02") })
        #expect(try #require(TwilioEvents.event(.voice, Self.request(hidden), tenant: "t")).from == "anonymous")
    }

    /// Ids are what makes a repetition harmless: the same request the same, every other one another.
    @Test func theSameRequestIsTheSameEventAndNoOtherIs() throws {
        var owners: [String: String] = [:]
        for vector in try WireVectors.list("twilio-webhooks.json", "requests") {
            let event = try #require(TwilioEvents.event(Self.endpoint(vector), Self.request(vector), tenant: "a"))
            let again = try #require(TwilioEvents.event(Self.endpoint(vector), Self.request(vector), tenant: "b"))
            #expect(event.id == again.id)
            let facts = "\(event.call.id) \(event.kind) \(vector.text("expect"))"
            if let before = owners.updateValue(facts, forKey: event.id) {
                #expect(before == facts, "two events share the id \(event.id)")
            }
        }
        #expect(owners.count >= 25)
    }

    @Test(arguments: [
        ("queued", CallLifecycle.Phase.initiated), ("initiated", .initiated), ("ringing", .ringing),
        ("in-progress", .inProgress), ("completed", .completed), ("busy", .busy), ("failed", .failed),
        ("no-answer", .noAnswer), ("canceled", .canceled),
    ])
    func everyCallStatusIsAPhase(_ status: String, _ phase: CallLifecycle.Phase) throws {
        for endpoint in [TwilioEndpoint.status, .voice, .continue] {
            let event = try #require(TwilioEvents.event(endpoint, request(["CallStatus": status]), tenant: "t"))
            #expect(event.kind == .phase(phase))
        }
    }

    @Test(arguments: ["", "IN-PROGRESS", "answered", "\u{0}", String(repeating: "x", count: 10_000)])
    func anUnknownStatusChangesNothing(_ status: String) throws {
        let event = try #require(TwilioEvents.event(.status, request(["CallStatus": status]), tenant: "t"))
        #expect(event.kind == .other("status"))
        #expect(event.id.utf8.count < 200)
    }

    @Test func aTransferredLegIsPartOfItsCallAndBringsNoNumbers() throws {
        let leg = request([
            "CallSid": "CA2", "ParentCallSid": "CA1", "CallStatus": "completed", "To": "+15550100",
            "CallDuration": "9",
        ])
        let event = try #require(TwilioEvents.event(.status, leg, tenant: "t"))
        #expect(event.call.id == "CA1" && event.kind == .updated("leg_completed"))
        #expect(event.to == nil && event.durationSeconds == nil)
        var whisper = request(["CallSid": "CA2", "CallStatus": "in-progress"])
        whisper.query = FormParameters(pairs: [.init(name: "call", value: "CA1")])
        #expect(TwilioEvents.event(.whisper, whisper, tenant: "t")?.call.id == "CA1")
        #expect(TwilioEvents.event(.whisper, whisper, tenant: "t")?.kind == .updated("transfer_answered"))
    }

    @Test func aMessageWithoutAnySoundIsNoVoicemail() throws {
        for parameters in [["RecordingDuration": "0"], [:]] {
            let event = try #require(TwilioEvents.event(.recordDone, request(parameters), tenant: "t"))
            #expect(event.kind == .other("no_message"))
        }
    }

    @Test func withoutACallOrARecordingThereIsNoEvent() {
        for endpoint in TwilioEndpoint.allCases {
            #expect(TwilioEvents.event(endpoint, request(["CallSid": ""]), tenant: "t") == nil)
            #expect(TwilioEvents.event(endpoint, TwilioRequest(parameters: FormParameters()), tenant: "t") == nil)
        }
        #expect(TwilioEvents.event(.recording, request(["RecordingStatus": "completed"]), tenant: "t") == nil)
    }

    private func request(_ parameters: [String: String]) -> TwilioRequest {
        let pairs = parameters.merging(["CallSid": "CA1"]) { own, _ in own }
        return TwilioRequest(parameters: FormParameters(pairs: pairs.map { .init(name: $0.key, value: $0.value) }))
    }
}
