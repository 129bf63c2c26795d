import Actors
import Foundation
import Gateway
import Synchronization
import TestSupport
import Testing

/// Events of calls for tests.
enum Told {
    static func key(_ id: String, _ provider: String = "twilio") -> ProviderCallKey {
        ProviderCallKey(provider: provider, id: id)
    }

    static func event(
        _ call: String,
        _ kind: ProviderEvent.Kind,
        id: String? = nil,
        provider: String = "twilio",
        tenant: String = "a",
        at: Double? = nil
    ) -> ProviderEvent {
        var event = ProviderEvent(
            call: key(call, provider),
            kind: kind,
            id: id ?? "\(call) \(kind)",
            tenant: tenant
        )
        event.at = at.map { Date(timeIntervalSince1970: $0) }
        return event
    }
}

@Suite("Call book", .timeLimit(.minutes(5)))
struct CallBookTests {
    private let now = Date(timeIntervalSince1970: 1_000_000)

    @Test func anEventIsTakenOnceWhateverItSays() {
        let book = CallBook()
        let event = Told.event("1", .phase(.ringing), id: "x")
        #expect(book.take(event, now: now) == .accepted(.entered(.ringing)))
        #expect(book.take(event, now: now) == .duplicate)
        #expect(book.take(Told.event("1", .phase(.completed), id: "x"), now: now) == .duplicate)
        #expect(book.take(Told.event("1", .phase(.completed), id: "x", provider: "ringover"), now: now) != .duplicate)
        #expect(book.take(Told.event("1", .phase(.ringing), id: "y"), now: now) == .accepted(.stale))
        #expect(book.take(Told.event("1", .updated("hold"), id: "z"), now: now) == .accepted(nil))
        #expect(book.entry(Told.key("1"))?.lifecycle.phase == .ringing)
    }

    @Test func aLongEventNameIsKnownAgainToo() {
        let book = CallBook()
        let long = String(repeating: "n", count: 100_000)
        #expect(book.take(Told.event("1", .phase(.ringing), id: long + "1")) != .duplicate)
        #expect(book.take(Told.event("1", .phase(.ringing), id: long + "2")) != .duplicate)
        #expect(book.take(Told.event("1", .phase(.ringing), id: long + "1")) == .duplicate)
    }

    @Test func ofTheSameEventAtTheSameTimeExactlyOneIsAccepted() async {
        let told = Mutex(0)
        let book = CallBook { _ in told.withLock { $0 += 1 } }
        for round in 0..<50 {
            let event = Told.event("\(round % 5)", .phase(.completed), id: "\(round)")
            let accepted = await withTaskGroup(of: Bool.self) { group in
                for _ in 0..<32 { group.addTask { book.take(event) != .duplicate } }
                return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(accepted == 1)
        }
        #expect(told.withLock { $0 } == 50)
    }

    @Test func theBookKnowsWhatTheProviderTold() throws {
        let book = CallBook()
        var ringing = Told.event("1", .phase(.ringing), at: 100)
        (ringing.direction, ringing.from, ringing.to) = (.inbound, "+12025550142", "+12025550100")
        book.take(ringing, now: now)
        book.take(Told.event("1", .phase(.inProgress), at: 105), now: now)
        book.take(Told.event("1", .recording(.init(id: "RE1")), id: "begun"), now: now)
        var end = Told.event("1", .phase(.completed), at: 160)
        end.durationSeconds = 55
        book.take(end, now: now)
        book.take(
            Told.event("1", .recording(.init(id: "RE1", url: "https://x/1", durationSeconds: 54)), id: "there"),
            now: now
        )
        book.take(Told.event("1", .transcription(recordingID: "RE1", text: "Hello.")), now: now)
        let entry = try #require(book.entry(Told.key("1")))
        #expect(entry.id == "twilio:1" && entry.tenant == "a" && entry.direction == .inbound)
        #expect(entry.from == "+12025550142" && entry.to == "+12025550100")
        #expect(entry.openedAt.timeIntervalSince1970 == 100 && entry.answeredAt?.timeIntervalSince1970 == 105)
        #expect(entry.endedAt?.timeIntervalSince1970 == 160 && entry.durationSeconds == 55)
        #expect(entry.recordings == [.init(id: "RE1", url: "https://x/1", durationSeconds: 54)])
        #expect(entry.transcriptions == [.init(recordingID: "RE1", text: "Hello.")])
        #expect(entry.lifecycle.wasAnswered && entry.isTold && !entry.isLive)
    }

    @Test func whatIsKeptOfACallIsBounded() throws {
        let book = CallBook()
        for number in 0..<200 {
            var event = Told.event("1", .transcription(recordingID: nil, text: String(repeating: "w", count: 1000)))
            event.id = "\(number)"
            event.kind = .transcription(recordingID: "\(number)", text: String(repeating: "w", count: 1000))
            event.from = String(repeating: "9", count: 5000)
            book.take(event)
            book.take(Told.event("1", .recording(.init(id: "\(number)")), id: "r\(number)"))
        }
        let entry = try #require(book.entry(Told.key("1")))
        #expect(entry.transcriptions.reduce(0) { $0 + $1.text.utf8.count } == 8000)
        #expect(entry.recordings.count == CallLifecycle.maximumRecordings)
        #expect(entry.from?.count == 64)
    }

    /// The events of one call in any order, some of them twice, under their own or new names.
    @Test(arguments: 0..<40 as Range<UInt64>)
    func anyOrderAndRepetitionEndsInTheSameEntry(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var events = [
            Told.event("1", .phase(.initiated), at: 100), Told.event("1", .phase(.ringing), at: 101),
            Told.event("1", .phase(.inProgress), at: 105), Told.event("1", .updated("hold"), at: 110),
            Told.event("1", .recording(.init(id: "RE1")), at: 170),
            Told.event("1", .transcription(recordingID: "RE1", text: "Bye."), at: 180),
            Told.event("1", .phase(.completed), at: 160),
        ]
        if seed % 2 == 1 { events.append(Told.event("1", .phase(.voicemail), at: 161)) }
        for index in events.indices { events[index].from = "+12025550142" }
        events[6].durationSeconds = 55
        func entry(_ events: [ProviderEvent]) -> CallBook.Entry? {
            let book = CallBook()
            for event in events { book.take(event, now: now) }
            return book.entry(Told.key("1"))
        }
        let reference = try #require(entry(events))
        #expect(reference.lifecycle.phase == (seed % 2 == 1 ? .voicemail : .completed))
        for round in 0..<10 {
            var all = events + events
            for event in events where Bool.random(using: &random) {
                all.append(event)
                all[all.count - 1].id += " under another name \(round)"
            }
            let other = try #require(entry(all.shuffled(using: &random)))
            #expect(other.lifecycle == reference.lifecycle, "seed \(seed)")
            #expect(other.openedAt == reference.openedAt && other.answeredAt == reference.answeredAt)
            #expect(other.endedAt == reference.endedAt && other.durationSeconds == 55)
            #expect(other.recordings == reference.recordings && other.transcriptions == reference.transcriptions)
            #expect(other.from == reference.from && other.tenant == reference.tenant)
        }
    }

    @Test func endedCallsAreForgottenFirst() {
        let book = CallBook(limit: 3)
        for id in ["1", "2", "3"] { book.take(Told.event(id, .phase(.inProgress))) }
        book.take(Told.event("2", .phase(.completed)))
        book.take(Told.event("4", .phase(.ringing)))
        #expect(book.entries.map(\.call.id) == ["4", "3", "1"])
        book.take(Told.event("5", .phase(.ringing)))
        #expect(book.entries.map(\.call.id) == ["5", "4", "3"], "none has ended: the oldest")
    }

    @Test func ofEndedCallsTheOneThatEndedFirstIsForgottenFirst() {
        let book = CallBook(limit: 3)
        for id in ["1", "2", "3"] { book.take(Told.event(id, .phase(.inProgress))) }
        for id in ["3", "1"] { book.take(Told.event(id, .phase(.completed))) }
        book.take(Told.event("4", .phase(.ringing)))
        book.take(Told.event("5", .phase(.ringing)))
        #expect(book.entries.map(\.call.id) == ["5", "4", "2"])
    }

    @Test func newsOfAForgottenCallDoesNotPushOutOneThatIsUp() {
        let book = CallBook(limit: 2)
        book.take(Told.event("up", .phase(.inProgress)))
        for id in 0..<20 { book.take(Told.event("\(id)", .recording(.init(id: "RE")))) }
        #expect(book.entries.map(\.call.id) == ["19", "up"])
    }

    @Test func theBookStaysBoundedWhateverComes() {
        let book = CallBook(limit: 16)
        var random = SeededGenerator(seed: 7)
        for number in 0..<5000 {
            let phase = CallLifecycle.Phase.allCases.randomElement(using: &random)!
            let call = "\(Int.random(in: 0..<60, using: &random))"
            book.take(Told.event(call, .phase(phase), id: "\(number)"))
            if number % 100 == 0 {
                let calls = book.entries.map(\.call)
                #expect(calls.count <= 16 && Set(calls).count == calls.count)
            }
        }
        #expect(book.entries.count == 16)
    }

    @Test func onlyTheLastEventNamesAreRemembered() {
        let book = CallBook(limit: 2)
        for id in 0..<8 { book.take(Told.event("1", .updated("x"), id: "\(id)")) }
        #expect(book.take(Told.event("1", .updated("x"), id: "0")) == .duplicate)
        book.take(Told.event("1", .updated("x"), id: "8"))
        #expect(book.take(Told.event("1", .updated("x"), id: "0")) == .accepted(nil), "the oldest name is forgotten")
        #expect(book.take(Told.event("1", .updated("x"), id: "8")) == .duplicate)
    }

    @Test func aPageIsCutFromWhatFits() {
        let book = CallBook()
        for id in 0..<10 { book.take(Told.event("\(id)", .phase(.ringing), tenant: id % 2 == 0 ? "a" : "b")) }
        let (items, total) = book.select(offset: 1, count: 2) { $0.tenant == "a" }
        #expect(items.map(\.call.id) == ["6", "4"] && total == 5)
        #expect(book.select(offset: 9, count: 5) { _ in true }.items.map(\.call.id) == ["0"])
        #expect(book.select(offset: 99, count: 5) { _ in true }.items.isEmpty)
        #expect(book.select(count: 0) { _ in true }.total == 10)
    }

    @Test func aCallIsFoundByEitherOfItsNames() {
        let book = CallBook()
        book.take(Told.event("s:1", .phase(.ringing), provider: "ringcentral"))
        book.attach(media: "E1", to: Told.key("s:1", "ringcentral"))
        book.attach(media: "E2", to: Told.key("nobody"))
        #expect(book.entry(named: "ringcentral:s:1")?.call.id == "s:1")
        #expect(book.entry(named: "E1")?.call.id == "s:1")
        for name in ["E2", "s:1", "twilio:s:1", "", ":", "ringcentral:"] { #expect(book.entry(named: name) == nil) }
        book.attach(media: "E3", to: Told.key("s:1", "ringcentral"))
        #expect(book.entry(named: "E1") == nil && book.entry(named: "E3") != nil)
        #expect(book.entries.count == 1)
    }

    @Test func newsAreToldWithWhatTheyMadeOfTheCall() throws {
        let news = Mutex<[CallBook.News]>([])
        let book = CallBook { told in news.withLock { $0.append(told) } }
        for phase in [CallLifecycle.Phase.ringing, .ringing, .noAnswer, .completed, .inProgress] {
            book.take(Told.event("1", .phase(phase), id: "\(phase)"))
        }
        #expect(
            news.withLock { $0.map(\.change) } == [
                .entered(.ringing), .entered(.noAnswer), .refined(.completed), .stale,
            ]
        )
        #expect(news.withLock { $0.last?.entry.lifecycle.wasAnswered } == true)
    }

    @Test func theEventStreamIsToldWithoutNumbersAndTexts() throws {
        let news = Mutex<[CallBook.News]>([])
        let book = CallBook { told in news.withLock { $0.append(told) } }
        var event = Told.event("CA1", .phase(.ringing), at: 100)
        (event.direction, event.from, event.to) = (.inbound, "+12025550142", "sip:alice@example.net")
        book.take(event)
        book.take(Told.event("CA1", .transcription(recordingID: nil, text: "secret words")))
        let texts = news.withLock { $0.map { EventValue.object(CallNewsEvent.fields($0)).json } }
        let first = try WireVectors.parse(Data(try #require(texts.first).utf8))
        #expect(first.text("id") == "twilio:CA1" && first.text("callSid") == "CA1" && first["callId"] is NSNull)
        #expect(first.text("event") == "ringing" && first.text("status") == "ringing")
        #expect(first.text("change") == "entered" && first.text("at") == "1970-01-01T00:01:40Z")
        #expect(first.text("from") == "+1202•••0142" && first.text("to") == "•••")
        for text in texts { #expect(!text.contains("5550142") && !text.contains("alice") && !text.contains("secret")) }
    }
}
