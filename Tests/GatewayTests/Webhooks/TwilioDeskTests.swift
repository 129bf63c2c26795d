import Actors
import Engine
import Foundation
import Gateway
import Synchronization
import TestSupport
import Testing

/// What Twilio's requests do to the engine's book of calls, and what is answered.
@Suite("Twilio desk", .timeLimit(.minutes(5)))
struct TwilioDeskTests {
    private func desk(
        _ tenants: [TenantProfile] = [.test],
        book: CallBook = CallBook(),
        outcomes: RecentOutcomes = RecentOutcomes(),
        briefs: TransferBriefs = TransferBriefs(),
        hasRoom: Bool = true,
        isVoiceEnabled: Bool = true
    ) -> TwilioDesk {
        let directory = TenantDirectory(tenants)
        return TwilioDesk(
            answers: TwilioAnswers(publicURL: PublicURL("https://voice.example.net")),
            book: book,
            outcomes: outcomes,
            briefs: briefs,
            tenants: { directory },
            hasRoom: { _ in hasRoom },
            isVoiceEnabled: isVoiceEnabled
        )
    }

    private func request(_ parameters: [String: String], query: [String: String] = [:]) -> TwilioRequest {
        func form(_ values: [String: String]) -> FormParameters {
            FormParameters(pairs: values.map { .init(name: $0.key, value: $0.value) })
        }
        return TwilioRequest(parameters: form(parameters), query: form(query))
    }

    private func xml(_ answer: TwilioDesk.Answer) -> String {
        guard case .twiml(let document) = answer else { return "\(answer)" }
        return document.xml
    }

    private func vector(_ id: String) throws -> [String: Any] {
        try #require(WireVectors.list("twilio-webhooks.json", "requests").first { $0.text("id").hasPrefix(id) })
    }

    private func key(_ id: String) -> ProviderCallKey { ProviderCallKey(provider: "twilio", id: id) }

    @Test func everyRecordedRequestIsBookedOnceHoweverOftenItComes() async throws {
        let events = Mutex<[String]>([])
        let book = CallBook { news in events.withLock { $0.append(news.event.id) } }
        let desk = desk(book: book)
        let vectors = try WireVectors.list("twilio-webhooks.json", "requests")
        var answers: [TwilioDesk.Answer] = []
        for vector in vectors {
            answers.append(
                await desk.answer(try TwilioEventsTests.endpoint(vector), try TwilioEventsTests.request(vector))
            )
        }
        let before = [TwilioEventsTests.inbound, TwilioEventsTests.outbound].map { book.entry(key($0)) }
        let count = events.withLock { $0.count }
        #expect(count == Set(events.withLock { $0 }).count && count >= 25)
        for (vector, answer) in zip(vectors, answers) {
            let again = await desk.answer(
                try TwilioEventsTests.endpoint(vector),
                try TwilioEventsTests.request(vector)
            )
            #expect(again == answer, "\(vector.text("id"))")
        }
        #expect(events.withLock { $0.count } == count, "a replayed request changes nothing")
        let after = [TwilioEventsTests.inbound, TwilioEventsTests.outbound].map { book.entry(key($0)) }
        #expect(before.map { $0?.lifecycle } == after.map { $0?.lifecycle })
        #expect(before.map { $0?.recordings } == after.map { $0?.recordings })
    }

    @Test func anOutboundCallGoesThroughItsPhasesAndLateNewsDoNotReopenIt() async throws {
        let book = CallBook()
        let desk = desk(book: book)
        for (id, phase) in [
            ("hook-11", CallLifecycle.Phase.initiated), ("hook-12", .ringing), ("hook-13", .inProgress),
            ("hook-14", .completed), ("hook-19", .completed), ("hook-15", .completed), ("hook-32", .completed),
        ] {
            let answer = await desk.answer(.status, try TwilioEventsTests.request(vector(id)))
            #expect(answer == .nothing)
            #expect(book.entry(key(TwilioEventsTests.outbound))?.lifecycle.phase == phase, "\(id)")
        }
        let entry = try #require(book.entry(key(TwilioEventsTests.outbound)))
        #expect(entry.tenant == "test" && entry.direction == .outbound)
        #expect(entry.from == "+33184800000" && entry.to == "+33612345678")
        #expect(entry.lifecycle.wasAnswered)
        #expect(entry.endedAt == Date(timeIntervalSince1970: 1_795_165_869), "by the vendor's clock")
    }

    /// Delivered in any order, the end is the same.
    @Test func anyOrderEndsTheSame() async throws {
        var random = SeededGenerator(seed: 21)
        let requests = try ["hook-11", "hook-12", "hook-13", "hook-14"].map {
            try TwilioEventsTests.request(vector($0))
        }
        for _ in 0..<24 {
            let book = CallBook()
            let desk = desk(book: book)
            for request in (requests + requests).shuffled(using: &random) { _ = await desk.answer(.status, request) }
            let entry = try #require(book.entry(key(TwilioEventsTests.outbound)))
            #expect(entry.lifecycle.phase == .completed && entry.durationSeconds == 60)
            #expect(entry.lifecycle.wasAnswered)
        }
    }

    @Test(arguments: [
        ("hook-15", CallLifecycle.Phase.busy), ("hook-16", .noAnswer), ("hook-17", .failed), ("hook-18", .canceled),
    ])
    func everyOtherEndIsKept(_ id: String, _ phase: CallLifecycle.Phase) async throws {
        let book = CallBook()
        _ = await desk(book: book).answer(.status, try TwilioEventsTests.request(vector(id)))
        let entry = try #require(book.entry(key(TwilioEventsTests.outbound)))
        #expect(entry.lifecycle.phase == phase && !entry.lifecycle.wasAnswered)
    }

    @Test func aStatusNobodyHasSeenKeepsTheCallsState() async throws {
        let book = CallBook()
        let desk = desk(book: book)
        _ = await desk.answer(.status, request(["CallSid": "CA1", "CallStatus": "ringing"]))
        #expect(await desk.answer(.status, request(["CallSid": "CA1", "CallStatus": "levitating"])) == .nothing)
        #expect(book.entry(key("CA1"))?.lifecycle.phase == .ringing)
    }

    @Test func callbacksThatNameNoCallAreRefused() async {
        let desk = desk()
        for endpoint in TwilioEndpoint.allCases {
            let answer = await desk.answer(endpoint, request([:]))
            #expect((answer == .missing("CallSid")) == endpoint.isCallback)
            #expect(await desk.answer(endpoint, request(["CallSid": "../x"])) == answer)
        }
    }

    @Test func aVoicemailIsKeptWithItsRecordingAndTranscript() async throws {
        let kinds = Mutex<[ProviderEvent.Kind]>([])
        let book = CallBook { news in kinds.withLock { $0.append(news.event.kind) } }
        let desk = desk(book: book)
        for id in ["hook-20", "hook-22", "hook-24", "hook-22"] {
            _ = await desk.answer(try TwilioEventsTests.endpoint(vector(id)), try TwilioEventsTests.request(vector(id)))
        }
        let entry = try #require(book.entry(key(TwilioEventsTests.inbound)))
        #expect(entry.lifecycle.phase == .voicemail && entry.recordings.count == 1)
        #expect(entry.recordings.first?.durationSeconds == 7)
        #expect(
            kinds.withLock { $0.last }
                == .transcription(recordingID: "RE0123456789abcdef0123456789abcdef", text: "hello this is a test")
        )
    }

    // MARK: Which tenant

    @Test func theCalledNumberDecidesAndTheAddressBeforeIt() async {
        var clinic = TenantProfile.test
        clinic.numbers = ["+15550001"]
        clinic.id = "clinic"
        var shop = TenantProfile.test
        shop.numbers = ["+15550002"]
        shop.id = "shop"
        let book = CallBook()
        let desk = desk([clinic, shop], book: book)
        func tenant(_ parameters: [String: String], _ query: [String: String] = [:]) async -> String {
            xml(await desk.answer(.voice, request(parameters, query: query)))
        }
        #expect(await tenant(["CallSid": "CA1", "To": "+15550002"]).contains(#"value="shop""#))
        #expect(await tenant(["CallSid": "CA2", "To": "+1"]) == TwilioAnswers.unknownNumber.xml)
        // An outbound call's own number is the calling one.
        let out = ["CallSid": "CA3", "To": "+1", "From": "+15550001", "Direction": "outbound-api"]
        #expect(await tenant(out).contains(#"value="clinic""#))
        #expect(await tenant(["CallSid": "CA4", "To": "+15550002"], ["tenant": "clinic"]).contains(#"value="clinic""#))
        // A tenant that is gone after a reload is not the end of the call.
        #expect(await tenant(["CallSid": "CA5", "To": "+15550002"], ["tenant": "gone"]).contains(#"value="shop""#))
        #expect(book.entry(key("CA3"))?.tenant == "clinic" && book.entry(key("CA5"))?.tenant == "shop")
        // Callbacks without any number belong to the call's tenant.
        _ = await desk.answer(
            .recording,
            request(["CallSid": "CA3", "RecordingSid": "RE1", "RecordingStatus": "completed"])
        )
        #expect(book.entry(key("CA3"))?.tenant == "clinic" && book.entry(key("CA3"))?.recordings.count == 1)
    }

    @Test func whatTheAgentCanDoDecides() async {
        let call = ["CallSid": "CA1", "To": "+1"]
        #expect(xml(await desk().answer(.voice, request(call))).verbs.first == "Connect")
        #expect(xml(await desk(hasRoom: false).answer(.voice, request(call))) == TwilioAnswers.busy.xml)
        #expect(xml(await desk(isVoiceEnabled: false).answer(.voice, request(call))).verbs == ["Say", "Dial"])
    }

    @Test func keysAreAnsweredByTheTenantsMenu() async {
        var tenant = TenantProfile.test
        tenant.menu = .init(say: "Press one.", choices: ["1": .init(way: .agent)], attempts: 3)
        let desk = desk([tenant])
        func answer(_ digits: String?, _ query: [String: String]) async -> [String] {
            var parameters = ["CallSid": "CA1", "To": "+1"]
            parameters["Digits"] = digits
            return xml(await desk.answer(.dtmf, request(parameters, query: query))).verbs
        }
        #expect(await answer("1", ["attempt": "1"]).first == "Connect")
        #expect(await answer("1", ["attempt": "1", "agent": "off"]) == ["Say", "Dial"])
        #expect(await answer(nil, ["attempt": "1"]) == ["Gather", "Gather", "Say", "Dial"])
        #expect(await answer("7", ["attempt": "2"]) == ["Gather", "Say", "Dial"])
        for attempt in ["-5", "0", "99999999999999999999", "x", ""] {
            #expect(await answer("7", ["attempt": attempt]).last == "Dial")
        }
    }

    // MARK: Briefs

    @Test func thePersonIsToldWhatWasPreparedForThisCall() async {
        var tenant = TenantProfile.test
        tenant.transfer?.brief = "A caller."
        tenant.transfers = ["night": .init(number: "+1", brief: "At night.")]
        let outcomes = RecentOutcomes()
        let briefs = TransferBriefs()
        let desk = desk([tenant], outcomes: outcomes, briefs: briefs)
        func brief(_ query: [String: String]) async -> String {
            let more = query.merging(["tenant": "test"]) { $1 }
            let answer = await desk.answer(.whisper, request(["CallSid": "CA2"], query: more))
            return CanonicalXML.tree(xml(answer))?.first("Say")?.text ?? ""
        }
        #expect(await brief([:]) == "A caller.")
        #expect(await brief(["call": "CA1"]) == "A caller.")
        #expect(await brief(["line": "night"]) == "At night.")
        #expect(await brief(["line": "gone"]).isEmpty)
        outcomes.record(
            CallOutcome(
                reason: .transferred,
                turns: 1,
                interruptions: 0,
                duration: .seconds(1),
                transferTo: "+1",
                transferBrief: "Ann, about Rex."
            ),
            of: CallIdentity(id: "1", provider: "twilio", providerCallID: "CA1", tenant: "test")
        )
        #expect(await brief(["call": "CA1"]) == "Ann, about Rex.")
        briefs.remember("From the operator.", for: "CA1")
        #expect(await brief(["call": "CA1"]) == "From the operator.")
    }
}
