import Actors
import Foundation
import Gateway
import TestSupport
import Testing

@Suite("RingCentral telephony session")
struct TelephonySessionTests {
    /// What a call was, apart from when it was heard of.
    private struct Summary: Equatable {
        var phase: CallLifecycle.Phase?
        var isAnswered: Bool
        var isMissed: Bool
        var isVoicemail: Bool
        var answeredAt: Date?
        var endedAt: Date?
        var from: String?
        var to: String?
        var recordings: [String]
        var isOutbound: Bool

        init(_ session: TelephonySession) {
            phase = session.endPhase
            isAnswered = session.isAnswered
            isMissed = session.isMissed
            isVoicemail = session.isVoicemail
            answeredAt = session.answeredAt
            endedAt = session.endedAt
            from = session.from
            to = session.to
            recordings = session.recordingIDs
            isOutbound = session.isOutbound
        }
    }

    private let start = ContinuousClock.now

    private func feed(_ changes: [PartyChange]) -> (session: TelephonySession, outputs: [TelephonySession.Output]) {
        var session = TelephonySession(id: changes[0].session)
        var outputs: [TelephonySession.Output] = []
        for change in changes { outputs += session.handle(change, now: start) }
        return (session, outputs)
    }

    /// All of them, then time passes.
    private func settle(_ changes: [PartyChange]) -> Summary {
        var session = feed(changes).session
        _ = session.handleTimeout(now: start.advanced(by: TelephonySession.patience))
        return Summary(session)
    }

    private func date(_ text: String) throws -> Date {
        try Date.ISO8601FormatStyle(includingFractionalSeconds: true).parse(text)
    }

    private func change(_ party: Int, _ sequence: Int64?, _ status: PartyChange.Status) -> PartyChange {
        var change = PartyChange(session: "s-1", party: "p-1-\(party)", status: status)
        change.sequence = sequence
        change.direction = party == 1 ? .outbound : .inbound
        change.extensionID = party == 1 ? nil : "10\(party)"
        return change
    }

    // MARK: The vectors, in order

    @Test func aMenusEndIsNotTheCallsAndTheAgentAnswers() throws {
        var session = TelephonySession(id: "s-718107795d564867a6f635fd81e89940")
        var told: [[String]] = []
        for change in try RingCentralVectors.sequence("rc-seq-1").changes {
            let outputs = session.handle(change, now: start)
            told.append(outputs.map(\.name))
            let sequence = try #require(change.sequence)
            #expect(session.isEnded == (sequence >= 12), "\(sequence)")
            #expect(session.isAnswered == (sequence >= 8), "\(sequence)")
        }
        #expect(
            told == [
                ["call.initiated"], ["call.ringing"], [], [], [], [], ["call.answered"], ["call.updated"],
                ["call.updated"], [], ["call.ended"],
            ]
        )
        #expect(session.answeredAt == (try date("2026-11-20T09:06:00.001Z")))
        #expect(session.endPhase == .completed && session.durationSeconds == 15)
        #expect(session.from == "+14155550100" && session.to == "+18005550199" && !session.isOutbound)
    }

    @Test func aMissedCallIsMissedOnce() throws {
        let (session, outputs) = feed(try RingCentralVectors.sequence("rc-seq-2").changes)
        #expect(outputs == [.ringing, .missed, .ended(.noAnswer)])
        #expect(session.isMissed && !session.isAnswered && session.durationSeconds == nil)
    }

    @Test func aVoicemailEndsAsOne() throws {
        let (session, outputs) = feed(try RingCentralVectors.sequence("rc-seq-3").changes)
        #expect(outputs.map(\.name) == ["call.ringing", "call.voicemail", "call.missed", "call.ended"])
        #expect(session.endPhase == .voicemail && session.isMissed && session.isVoicemail)
    }

    @Test func anAnswerToldAfterTheEndStillCounts() throws {
        var (session, outputs) = feed(try RingCentralVectors.sequence("rc-seq-4").changes)
        #expect(outputs == [.ringing, .answered] && !session.isEnded, "something before the end is missing")
        let due = try #require(session.deadline)
        #expect(session.handleTimeout(now: due.advanced(by: .nanoseconds(-1))) == [])
        #expect(session.handleTimeout(now: due) == [.ended(.completed)])
        #expect(session.isAnswered && session.deadline == nil)
        outputs = session.handle(change(3, 99, .answered), now: due)
        #expect(outputs.isEmpty && session.isEnded, "an ended call never lives again")
    }

    @Test func recordingsTransfersAndParkingAreTold() throws {
        let (session, outputs) = feed(try RingCentralVectors.sequence("rc-seq-5").changes)
        #expect(
            outputs.map(\.name) == [
                "call.answered", "call.recording", "call.updated", "call.updated", "call.updated",
            ]
        )
        #expect(outputs.contains(.recording("1234567890")))
        #expect(!session.isEnded && session.deadline == nil, "a parked party is still there")
    }

    @Test func theFlatFormGivesTheExpectedEvents() throws {
        var session = TelephonySession(id: "s-718107795d564867a6f635fd81e89940")
        for (body, name) in try RingCentralVectors.flat() {
            let changes = try RingCentralNotification(parsing: body).changes
            let outputs = changes.flatMap { session.handle($0, now: start) }
            #expect(outputs.map(\.name) == [name])
        }
        #expect(session.endPhase == .completed && session.durationSeconds == 60)
    }

    @Test func presenceGivesTheExpectedEvent() throws {
        let changes = try RingCentralNotification(parsing: try RingCentralVectors.presence()).changes
        #expect(feed(changes).outputs == [.ringing])
    }

    // MARK: Any order

    @Test func theOrderOfDeliveryDoesNotMatter() throws {
        var random = SeededGenerator(seed: 42)
        var sequences = try RingCentralVectors.sequences().map { try $0.changes }
        sequences.append(
            try RingCentralVectors.flat().flatMap { try RingCentralNotification(parsing: $0.body).changes }
        )
        for changes in sequences {
            let wanted = settle(changes)
            #expect(settle(changes.reversed()) == wanted, "\(changes[0].session) reversed")
            #expect(settle(changes + changes) == wanted, "\(changes[0].session) twice")
            for shuffle in 0..<200 {
                let order = (changes + changes.filter { _ in Bool.random(using: &random) }).shuffled(using: &random)
                #expect(settle(order) == wanted, "\(changes[0].session), shuffle \(shuffle) of seed 42")
            }
        }
    }

    @Test func everyOrderOfAShortCallGivesTheSame() throws {
        let changes = try RingCentralVectors.sequence("rc-seq-5").changes
        var orders: [[PartyChange]] = [[]]
        for change in changes {
            orders = orders.flatMap { order in
                (0...order.count).map { Array(order[..<$0]) + [change] + Array(order[$0...]) }
            }
        }
        #expect(orders.count == 720)
        let wanted = settle(changes)
        for order in orders { #expect(settle(order) == wanted) }
    }

    @Test func anEndThatCameFirstWaitsForWhatIsMissing() throws {
        let changes = try RingCentralVectors.sequence("rc-seq-1").changes
        var session = TelephonySession(id: changes[0].session)
        let last = try #require(changes.last)
        #expect(session.handle(last, now: start) == [.initiated])
        #expect(session.deadline == start.advanced(by: TelephonySession.patience))
        var ended: [TelephonySession.Output] = []
        for change in changes.dropLast() { ended += session.handle(change, now: start) }
        #expect(ended.contains(.ended(.completed)) && session.isEnded)
    }

    @Test func aMenusEndThatCameFirstDoesNotEndTheCall() throws {
        let changes = try RingCentralVectors.sequence("rc-seq-1").changes
        var session = TelephonySession(id: changes[0].session)
        _ = session.handle(changes[3], now: start)
        #expect(changes[3].status == .disconnected && session.deadline != nil && !session.isEnded)
        _ = session.handle(changes[0], now: start)
        #expect(session.deadline == nil, "the caller is still there")
        _ = session.handleTimeout(now: start.advanced(by: .seconds(60)))
        #expect(!session.isEnded)
    }

    @Test func duplicatesSayNothing() throws {
        for sequence in try RingCentralVectors.sequences() {
            var session = TelephonySession(id: "x")
            for change in try sequence.changes {
                _ = session.handle(change, now: start)
                let before = session
                #expect(session.handle(change, now: start) == [])
                #expect(session == before)
            }
        }
    }

    // MARK: Rules

    @Test(arguments: [
        (PartyChange.Reason.busy, false, CallLifecycle.Phase.busy), (.failed, false, .failed),
        (.noAnswer, true, .noAnswer),
        (.canceled, false, .canceled), (.canceled, true, .noAnswer), (.voicemail, true, .voicemail),
    ])
    func theReasonNamesTheEnd(_ reason: PartyChange.Reason, _ isMissed: Bool, _ phase: CallLifecycle.Phase) {
        var end = change(2, 3, .disconnected)
        end.reason = reason
        end.isMissed = isMissed
        #expect(feed([change(2, 2, .proceeding), end]).outputs.last == .ended(phase))
    }

    @Test func aCallerWhoGaveUpWhileItRangCanceled() {
        let outputs = feed([
            change(1, 2, .setup), change(2, 3, .proceeding), change(2, 4, .disconnected), change(1, 5, .disconnected),
        ]).outputs
        #expect(outputs == [.initiated, .ringing, .ended(.canceled)])
    }

    @Test func theAccountsOwnCallIsOutboundAndAnsweredByTheOtherSide() {
        var events = [
            change(1, 2, .setup), change(1, 3, .proceeding), change(1, 4, .answered), change(1, 5, .disconnected),
        ]
        for index in events.indices { events[index].extensionID = "101" }
        let (session, outputs) = feed(events)
        #expect(outputs == [.initiated, .ringing, .answered, .ended(.completed)])
        #expect(session.isOutbound)
    }

    @Test func onlyServedExtensionsCount() {
        var session = TelephonySession(id: "s-1", served: ["103"])
        _ = session.handle(change(1, 2, .setup), now: start)
        #expect(session.handle(change(2, 3, .proceeding), now: start) == [])
        #expect(session.ringing.isEmpty)
        #expect(session.handle(change(2, 4, .answered), now: start) == [])
        #expect(!session.isAnswered)
        #expect(session.handle(change(3, 5, .proceeding), now: start) == [.ringing])
        #expect(session.ringing.map(\.party) == ["p-1-3"])
        #expect(session.handle(change(3, 6, .answered), now: start) == [.answered])
    }

    @Test func nobodyRingsOnceSomebodyAnswered() {
        var session = TelephonySession(id: "s-1")
        _ = session.handle(change(2, 2, .proceeding), now: start)
        _ = session.handle(change(3, 3, .proceeding), now: start.advanced(by: .seconds(1)))
        #expect(session.ringing.map(\.party) == ["p-1-2", "p-1-3"])
        #expect(session.ringing.map(\.since) == [start, start.advanced(by: .seconds(1))])
        #expect(session.actor?.party == "p-1-3")
        _ = session.handle(change(2, 4, .answered), now: start)
        #expect(session.ringing.isEmpty && session.actor?.party == "p-1-2")
    }

    @Test func aHeldPartyIsTakenBackOnce() {
        let outputs = feed([
            change(2, 2, .answered), change(2, 3, .hold), change(2, 4, .unknown), change(2, 5, .answered),
            change(2, 3, .hold),
        ]).outputs
        #expect(
            outputs == [
                .answered, .updated(.hold, party: "p-1-2", mark: 3), .updated(.resumed, party: "p-1-2", mark: 5),
            ]
        )
    }

    @Test func aSessionIsBounded() {
        var session = TelephonySession(id: "s-1")
        for index in 0..<5000 {
            var event = change(2 + index % 1000, Int64(index), .proceeding)
            event.recordings = [.init(id: "r\(index)", isActive: true)]
            _ = session.handle(event, now: start)
        }
        #expect(session.ringing.count == TelephonySession.maximumParties)
        #expect(session.recordingIDs.count == TelephonySession.maximumRecordings)
    }

    @Test func aRecordingIsToldWhenItIsFinishedOrTheCallIs() {
        var answered = change(2, 2, .answered)
        answered.recordings = [.init(id: "r1", isActive: true), .init(id: "r2", isActive: false)]
        var session = TelephonySession(id: "s-1")
        #expect(session.handle(answered, now: start) == [.answered, .recording("r2")])
        #expect(session.handle(change(2, 3, .disconnected), now: start) == [.ended(.completed), .recording("r1")])
        var late = change(2, 4, .disconnected)
        late.recordings = [.init(id: "r3", isActive: true)]
        #expect(session.handle(late, now: start) == [.recording("r3")])
    }
}
