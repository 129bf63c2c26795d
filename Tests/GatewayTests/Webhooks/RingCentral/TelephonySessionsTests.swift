import Actors
import Foundation
import Gateway
import Synchronization
import TestSupport
import Testing

@Suite("RingCentral calls")
struct TelephonySessionsTests {
    private final class WorkLog: Sendable {
        private let items = Mutex<[TelephonySessions.Work]>([])
        func add(_ item: TelephonySessions.Work) { items.withLock { $0.append(item) } }
        var all: [TelephonySessions.Work] { items.withLock { $0 } }
    }

    private final class Desk: Sendable {
        let book = CallBook()
        let sessions: TelephonySessions
        let start = ContinuousClock.now
        private let log = WorkLog()

        init(
            settings: RingCentralSettings = RingCentralSettings(),
            profiles: [TenantProfile] = [.test],
            limit: Int = 10_000
        ) {
            let tenants = TenantDirectory(profiles)
            sessions = TelephonySessions(
                served: settings.extensionIDs,
                policy: RingCentralPolicy(settings),
                book: book,
                tenants: { tenants.profile(calledNumber: $0) },
                limit: limit,
                work: { [log] in log.add($0) }
            )
        }

        @discardableResult func take(_ body: [UInt8], after: Duration = .zero) throws -> TelephonySessions.Disposition {
            sessions.take(try RingCentralNotification(parsing: body), now: start.advanced(by: after))
        }

        func entry(_ session: String) -> CallBook.Entry? {
            book.entry(ProviderCallKey(provider: "ringcentral", id: session))
        }

        var allWork: [TelephonySessions.Work] { log.all }
    }

    private let one = "s-718107795d564867a6f635fd81e89940"

    private func body(_ sequence: Int, _ code: String, party: Int = 2, extra: String = "", session: String = "s-9")
        -> [UInt8]
    {
        Array(
            #"""
            {"uuid":"\#(session)-\#(sequence)","body":{"telephonySessionId":"\#(session)","sequence":\#(sequence),"parties":[{"id":
            "p-9-\#(party)","extensionId":"10\#(party)","direction":"Inbound","from":{"phoneNumber":"+33612345678"},"to":
            {"phoneNumber":"+33184800000"},"status":{"code":"\#(code)"}\#(extra)}]}}
            """#.utf8
        )
    }

    @Test func everySequenceEndsInTheBookWhateverItsOrder() throws {
        struct Filed: Equatable {
            var phase: CallLifecycle.Phase?
            var wasAnswered: Bool
            var recordings: [String]
            var duration: Int?
            var endedAt: Date?
            var from: String?
            var to: String?
        }
        func filed(_ bodies: [[UInt8]]) throws -> [String: Filed] {
            let desk = Desk()
            for body in bodies { try desk.take(body) }
            desk.sessions.expire(now: desk.start.advanced(by: .seconds(60)))
            return Dictionary(
                uniqueKeysWithValues: desk.book.entries.map { entry in
                    (
                        entry.call.id,
                        Filed(
                            phase: entry.lifecycle.phase,
                            wasAnswered: entry.lifecycle.wasAnswered,
                            recordings: entry.recordings.map(\.id),
                            duration: entry.durationSeconds,
                            endedAt: entry.endedAt,
                            from: entry.from,
                            to: entry.to
                        )
                    )
                }
            )
        }
        let bodies = try RingCentralVectors.sequences().flatMap(\.bodies)
        let wanted = try filed(bodies)
        #expect(wanted.count == 5)
        #expect(wanted[one]?.phase == .completed && wanted[one]?.duration == 15)
        #expect(wanted.values.compactMap(\.phase).filter(\.isEnded).count == 4, "the parked call goes on")
        var random = SeededGenerator(seed: 7)
        #expect(try filed(bodies.reversed()) == wanted)
        #expect(try filed(bodies + bodies) == wanted)
        for shuffle in 0..<40 {
            let order = (bodies + bodies.filter { _ in Bool.random(using: &random) }).shuffled(using: &random)
            #expect(try filed(order) == wanted, "shuffle \(shuffle) of seed 7")
        }
    }

    @Test func newIsAcceptedAndTheSameAgainIsADuplicate() throws {
        let desk = Desk()
        for body in try RingCentralVectors.sequence("rc-seq-1").bodies {
            #expect(try desk.take(body) == .accepted)
            #expect(try desk.take(body) == .duplicate)
        }
        let entry = try #require(desk.entry(one))
        #expect(entry.direction == .inbound && entry.from == "+14155550100" && entry.to == "+18005550199")
        #expect(entry.tenant == "test" && desk.sessions.stage(one) == .finalised)
    }

    @Test func manyAtOnceMakeOneCall() async throws {
        let desk = Desk()
        let bodies = try RingCentralVectors.sequence("rc-seq-1").bodies
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<8 { for body in bodies { group.addTask { try desk.take(body) } } }
            try await group.waitForAll()
        }
        #expect(desk.book.entries.count == 1)
        #expect(desk.entry(one)?.lifecycle.phase == .completed && desk.entry(one)?.durationSeconds == 15)
    }

    @Test func nobodysNumberIsIgnored() throws {
        var profile = TenantProfile.test
        profile.numbers = ["+33184800099"]
        let desk = Desk(profiles: [profile])
        for body in try RingCentralVectors.sequence("rc-seq-1").bodies { #expect(try desk.take(body) == .ignored) }
        #expect(desk.book.entries.isEmpty && desk.allWork.isEmpty)
        for text in ["{}", #"{"body":{}}"#, #"{"event":"/restapi/v1.0/glip/posts","body":{"id":1}}"#] {
            #expect(try desk.take(Array(text.utf8)) == .ignored)
        }
    }

    @Test func aCallWhoseNumberComesLaterIsFiledFromItsBeginning() throws {
        var profile = TenantProfile.test
        profile.numbers = ["+18005550199"]
        let desk = Desk(profiles: [profile])
        let flat = try RingCentralVectors.flat().map(\.body)
        #expect(try desk.take(flat[1]) == .ignored, "it names no number")
        #expect(desk.book.entries.isEmpty)
        #expect(try desk.take(flat[0]) == .accepted)
        #expect(desk.entry(one)?.lifecycle.phase == .inProgress)
        #expect(try desk.take(flat[2]) == .accepted)
        #expect(desk.entry(one)?.lifecycle.phase == .completed)
    }

    @Test func presenceBeginsAndEndsACall() throws {
        let desk = Desk()
        let id = "Y3MxNjk4ODA5MTYxMzUyOTU5OUAxMC4zMi40NS44NA"
        #expect(try desk.take(try RingCentralVectors.presence()) == .accepted)
        #expect(desk.entry(id)?.lifecycle.phase == .ringing)
        #expect(try desk.take(try RingCentralVectors.presence()) == .duplicate)
        let old = Array(#"{"body":{"extensionId":809646016,"sequence":34469,"activeCalls":[]}}"#.utf8)
        #expect(try desk.take(old) == .duplicate, "an older list")
        let empty = Array(#"{"body":{"extensionId":"809646016","sequence":34471,"activeCalls":[]}}"#.utf8)
        #expect(try desk.take(empty) == .accepted)
        desk.sessions.expire(now: desk.start.advanced(by: TelephonySession.patience))
        #expect(desk.entry(id)?.lifecycle.phase?.isEnded == true)
    }

    @Test func aReminderAsksForTheSubscription() throws {
        let desk = Desk()
        #expect(try desk.take(try RingCentralVectors.reminder()) == .accepted)
        #expect(desk.allWork == [.checkSubscription])
    }

    @Test func onlyTheNewestCallsAreRemembered() throws {
        let desk = Desk(limit: 3)
        for index in 0..<10 { try desk.take(body(2, "Setup", session: "s-\(index)")) }
        #expect(desk.sessions.stages.values.reduce(0, +) == 3)
        try desk.take(body(3, "Disconnected", session: "s-9"))
        try desk.take(body(2, "Setup", session: "s-10"))
        #expect(desk.sessions.session("s-9") == nil, "ended ones are forgotten first")
        #expect(desk.sessions.session("s-8") != nil)
    }

    @Test func aCallWhoseEndWasLostIsAskedAboutAndEnded() throws {
        let desk = Desk()
        try desk.take(body(2, "Answered"))
        let due = desk.start.advanced(by: TelephonySessions.quiet)
        desk.sessions.askAboutQuiet(now: due.advanced(by: .nanoseconds(-1)))
        #expect(desk.allWork.isEmpty)
        desk.sessions.askAboutQuiet(now: due)
        desk.sessions.askAboutQuiet(now: due)
        #expect(desk.allWork == [.ask(session: "s-9")], "and not again before it has been quiet for as long")
        desk.sessions.vanished("s-9", now: due)
        desk.sessions.vanished("s-9", now: due)
        desk.sessions.vanished("s-unknown", now: due)
        #expect(desk.entry("s-9")?.lifecycle.phase == .completed && desk.entry("s-9")?.durationSeconds == nil)
        #expect(desk.book.entries.count == 1)
        desk.sessions.askAboutQuiet(now: due.advanced(by: TelephonySessions.quiet))
        #expect(desk.allWork.count == 1, "an ended call is not asked about")
    }

    // MARK: What is done

    @Test func fullAutoSendsARingingCallToTheAgentOnce() throws {
        var settings = RingCentralSettings()
        settings.mode = .fullAuto
        settings.agentNumber = "+15550142"
        let desk = Desk(settings: settings)
        try desk.take(body(2, "Setup"))
        #expect(desk.allWork.isEmpty, "a menu is set up too")
        try desk.take(body(3, "Proceeding"))
        try desk.take(body(3, "Proceeding"))
        try desk.take(body(4, "Proceeding", party: 3))
        #expect(desk.allWork == [.act(session: "s-9", party: "p-9-2", [.forward(to: "+15550142")])])
        desk.sessions.acted(on: "s-9")
        #expect(desk.sessions.stage("s-9") == .answering)
        try desk.take(body(5, "Answered"))
        #expect(desk.sessions.stage("s-9") == .conversation)
    }

    @Test func aNamedExtensionIsActedForFromItsSetup() throws {
        var settings = RingCentralSettings()
        settings.mode = .fullAuto
        settings.agentNumber = "+15550142"
        settings.extensionIDs = ["102"]
        let desk = Desk(settings: settings)
        try desk.take(body(2, "Setup", party: 3))
        #expect(desk.allWork.isEmpty)
        try desk.take(body(3, "Setup"))
        #expect(desk.allWork == [.act(session: "s-9", party: "p-9-2", [.forward(to: "+15550142")])])
    }

    @Test func colleaguesAmongThemselvesAreLeftAlone() throws {
        var settings = RingCentralSettings()
        settings.mode = .fullAuto
        settings.agentNumber = "+15550142"
        let desk = Desk(settings: settings)
        let text = String(decoding: body(3, "Proceeding"), as: UTF8.self)
        try desk.take(
            Array(text.replacing(#""from":{"#, with: #""from":{"extensionId":"101","#).utf8)
        )
        #expect(desk.allWork.isEmpty && desk.entry("s-9")?.lifecycle.phase == .ringing)
    }

    @Test func triageRoutesAfterItsRings() throws {
        let desk = Desk()
        try desk.take(body(2, "Proceeding"))
        let due = desk.start.advanced(by: RingCentralPolicy.ringCycle * 3)
        #expect(desk.sessions.deadline == due)
        desk.sessions.expire(now: due.advanced(by: .milliseconds(-1)))
        #expect(desk.allWork.isEmpty)
        desk.sessions.expire(now: due)
        #expect(desk.allWork == [.act(session: "s-9", party: "p-9-2", [.forward(to: "+15550100")])])
        #expect(desk.sessions.deadline == nil)
    }

    @Test func whoAnswersInTimeIsLeftAlone() throws {
        let desk = Desk()
        try desk.take(body(2, "Proceeding"))
        try desk.take(body(3, "Answered"), after: .seconds(10))
        #expect(desk.sessions.deadline == nil)
        desk.sessions.expire(now: desk.start.advanced(by: .seconds(60)))
        #expect(desk.allWork.isEmpty)
    }

    @Test func humanOnlyFilesAndDoesNothing() throws {
        var settings = RingCentralSettings()
        settings.mode = .humanOnly
        settings.answersAutomatically = true
        settings.deviceID = "1"
        settings.agentNumber = "+15550142"
        let desk = Desk(settings: settings)
        for body in try RingCentralVectors.sequences().flatMap(\.bodies) { try desk.take(body) }
        desk.sessions.expire(now: desk.start.advanced(by: .seconds(600)))
        #expect(desk.allWork.allSatisfy { if case .fetch = $0 { true } else { false } })
        #expect(desk.book.entries.count == 5)
    }

    @Test func recordingsAreFetchedAndThenTheCallIsFinal() throws {
        let desk = Desk()
        let recordings = #","recordings":[{"id":"r1","active":false}]"#
        try desk.take(body(2, "Answered", extra: recordings))
        #expect(desk.allWork == [.fetch(session: "s-9", recording: "r1")])
        try desk.take(body(3, "Disconnected"))
        #expect(desk.sessions.stage("s-9") == .disconnected)
        #expect(desk.entry("s-9")?.recordings == [ProviderRecording(id: "r1")])
        desk.sessions.settled("r1", of: "s-9")
        #expect(desk.sessions.stage("s-9") == .finalised)
    }
}
