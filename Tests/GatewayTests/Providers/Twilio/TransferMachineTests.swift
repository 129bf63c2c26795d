import Gateway
import Testing

@Suite("Transfer machine")
struct TransferMachineTests {
    /// A transfer with 60 s for the person's answer, and the time.
    private struct Rig {
        var machine: TransferMachine
        var now = ContinuousClock.now
        let start: ContinuousClock.Instant

        init() {
            start = now
            machine = TransferMachine(answerBy: now.advanced(by: .seconds(60)))
        }

        /// After these inputs; what they led to is not looked at.
        init(after inputs: [TransferMachine.Input]) {
            self.init()
            for input in inputs { _ = give(input) }
        }

        mutating func give(_ input: TransferMachine.Input, after pause: Duration = .zero) -> [TransferMachine.Output] {
            now = now.advanced(by: pause)
            return machine.handle(input, now: now)
        }
    }

    private static let ringing: [TransferMachine.Input] = [.placed(leg: "CA9")]
    private static let briefing = ringing + [.answered(leg: "CA9")]
    private static let joining = briefing + [.briefed(leg: "CA9")]
    private static let joined = joining + [.moved]

    @Test func thePersonIsBriefedThenTheCallerIsMovedOnce() {
        var rig = Rig()
        #expect(rig.give(.placed(leg: "CA9")).isEmpty)
        #expect(rig.give(.answered(leg: "CA9")).isEmpty && rig.machine.isBriefing("CA9"))
        #expect(rig.give(.answered(leg: "CA9")).isEmpty && rig.machine.isBriefing("CA9"), "asked again")
        #expect(rig.give(.briefed(leg: "CA9")) == [.moveCaller])
        #expect(rig.give(.briefed(leg: "CA9")).isEmpty && rig.machine.isInConference("CA9"))
        #expect(rig.give(.mediaEnded).isEmpty, "the caller's new document ends the stream")
        #expect(rig.give(.moved).isEmpty && rig.machine.isInConference())
        #expect(rig.give(.timeout, after: .seconds(100)).isEmpty)
        #expect(
            rig.give(.legEnded(leg: "CA9", status: "completed"), after: .seconds(9)) == [
                .sendCallerOn(status: "completed")
            ]
        )
        #expect(rig.machine.ending == .met)
        #expect(rig.give(.legEnded(leg: "CA9", status: "completed")).isEmpty)
    }

    @Test(arguments: [
        ("busy", "busy"), ("failed", "failed"), ("no-answer", "no-answer"), ("canceled", "no-answer"),
        ("completed", "no-answer"),
    ])
    func aPersonCalledInVainEndsTheWaiting(_ status: String, _ word: String) {
        var rig = Rig(after: Self.ringing)
        #expect(rig.give(.legEnded(leg: "CA9", status: status)) == [.closeMedia])
        #expect(rig.machine.ending == .unanswered(word))
        #expect(rig.give(.mediaEnded).isEmpty && rig.give(.callerAsks).isEmpty)
        #expect(
            rig.machine.ending == .unanswered(word),
            "what the caller gets stays the same, however often it is asked"
        )
    }

    @Test func aPersonWhoHangsUpInTheBriefWasNotThere() {
        var rig = Rig(after: Self.briefing)
        #expect(rig.give(.legEnded(leg: "CA9", status: "completed")) == [.closeMedia])
        #expect(rig.machine.ending == .unanswered("no-answer"))
    }

    @Test func whereNobodyCouldBeCalledTheCallersOwnDocumentDials() {
        var rig = Rig()
        #expect(rig.give(.notPlaced) == [.closeMedia])
        #expect(rig.machine.ending == .notPlaced)
        // The request had been carried out after all.
        #expect(rig.give(.placed(leg: "CA9")) == [.release(leg: "CA9")])
        #expect(!rig.machine.isInConference("CA9") && !rig.machine.isBriefing("CA9"))
    }

    @Test func thePersonHasTheWholeTimeAndNoLonger() {
        var rig = Rig(after: Self.ringing)
        #expect(rig.give(.timeout, after: .seconds(59)).isEmpty)
        #expect(rig.give(.timeout, after: .seconds(1)) == [.release(leg: "CA9"), .closeMedia])
        #expect(rig.machine.ending == .unanswered("no-answer"))
        #expect(rig.give(.answered(leg: "CA9")).isEmpty && !rig.machine.isBriefing("CA9"))

        var silent = Rig()
        #expect(silent.give(.timeout, after: .seconds(60)) == [.closeMedia])
        #expect(silent.machine.ending == .notPlaced)
    }

    @Test func aBriefThatOutlastsTheTimeSendsTheCallerAhead() {
        var rig = Rig(after: Self.briefing)
        #expect(rig.give(.timeout, after: .seconds(60)) == [.moveCaller])
        #expect(rig.give(.briefed(leg: "CA9")).isEmpty && rig.machine.isInConference("CA9"))
        #expect(rig.give(.moved).isEmpty)
    }

    @Test(arguments: [ringing, briefing])
    func aCallerWhoHangsUpTakesThePersonsCallAlong(_ inputs: [TransferMachine.Input]) {
        var rig = Rig(after: inputs)
        #expect(rig.give(.mediaEnded) == [.release(leg: "CA9")])
        #expect(rig.machine.ending == .left)
        #expect(rig.give(.answered(leg: "CA9")).isEmpty && !rig.machine.isInConference("CA9"))
    }

    @Test func aCallerWhoLeftBeforeAnybodyWasCalledLeavesNoCallBehind() {
        var rig = Rig()
        #expect(rig.give(.mediaEnded).isEmpty)
        #expect(rig.give(.placed(leg: "CA9")) == [.release(leg: "CA9")])
    }

    @Test func webhooksThatOvertakeTheAnswerAreKept() {
        var early = Rig()
        #expect(early.give(.answered(leg: "CA9")).isEmpty && early.machine.isPlacing)
        #expect(early.give(.legEnded(leg: "CA9", status: "busy")).isEmpty)
        #expect(early.give(.placed(leg: "CA9")) == [.closeMedia])
        #expect(early.machine.ending == .unanswered("busy"))

        var late = Rig(after: [.legEnded(leg: "CA8", status: "completed")])
        #expect(late.give(.placed(leg: "CA9")).isEmpty, "that was an earlier transfer's")
        #expect(late.give(.answered(leg: "CA9")).isEmpty && late.machine.isBriefing("CA9"))
    }

    @Test func anotherLegChangesNothing() {
        for inputs in [Self.ringing, Self.briefing, Self.joining, Self.joined] {
            var rig = Rig(after: inputs)
            let isBriefing = rig.machine.isBriefing("CA9")
            #expect(rig.give(.answered(leg: "CA8")).isEmpty && rig.give(.briefed(leg: "CA8")).isEmpty)
            #expect(rig.give(.legEnded(leg: "CA8", status: "completed")).isEmpty)
            #expect(!rig.machine.isOver && rig.machine.isBriefing("CA9") == isBriefing)
            #expect(!rig.machine.isBriefing("CA8") && !rig.machine.isInConference("CA8"))
        }
    }

    // MARK: Moving the caller

    @Test func aCallerWhoIsGoneIsNotWaitedFor() {
        var rig = Rig(after: Self.joining)
        #expect(rig.give(.notMoved(.gone)) == [.release(leg: "CA9")])
        #expect(rig.machine.ending == .left)
    }

    @Test func aMoveNobodyAnsweredIsMadeByTheStreamsEnd() {
        var rig = Rig(after: Self.joining)
        #expect(rig.give(.notMoved(.unknown)) == [.closeMedia])
        #expect(rig.give(.callerAsks).isEmpty && rig.machine.isInConference())
    }

    @Test func aMoveThatWasRefusedIsMadeByTheStreamsEndOrGivenUp() {
        var rig = Rig(after: Self.joining)
        let outputs = rig.give(.notMoved(.refused))
        #expect(outputs == [.closeMedia, .wake(rig.now.advanced(by: TransferMachine.arrival))])
        var gone = rig
        #expect(rig.give(.callerAsks).isEmpty && rig.machine.isInConference("CA9"))
        #expect(rig.give(.timeout, after: TransferMachine.arrival).isEmpty && !rig.machine.isOver)
        // A caller who has hung up never asks.
        #expect(gone.give(.mediaEnded).isEmpty)
        #expect(gone.give(.timeout, after: TransferMachine.arrival) == [.release(leg: "CA9")])
        #expect(gone.machine.ending == .left)
    }

    @Test func aCallerNeverWaitsAloneInTheConference() {
        var onTheWay = Rig(after: Self.joining)
        #expect(onTheWay.give(.legEnded(leg: "CA9", status: "completed")).isEmpty)
        #expect(onTheWay.give(.moved) == [.sendCallerOn(status: "no-answer")])

        var refused = Rig(after: Self.joining + [.legEnded(leg: "CA9", status: "completed")])
        #expect(refused.give(.notMoved(.refused)) == [.closeMedia])
        #expect(refused.machine.ending == .unanswered("no-answer"))

        var unknown = Rig(after: Self.joining + [.legEnded(leg: "CA9", status: "completed")])
        #expect(unknown.give(.notMoved(.unknown)) == [.closeMedia, .sendCallerOn(status: "no-answer")])

        var hardly = Rig(after: Self.joined)
        let soon = TransferMachine.acquaintance - .milliseconds(1)
        #expect(
            hardly.give(.legEnded(leg: "CA9", status: "completed"), after: soon) == [
                .sendCallerOn(status: "no-answer")
            ]
        )
        #expect(hardly.machine.ending == .unanswered("no-answer"))
    }

    /// Whatever comes in whatever order: the caller is moved at most once, and nothing comes of a transfer that is over but
    /// letting go.
    @Test func anyOrderMovesTheCallerAtMostOnce() {
        var random = SplitMix(seed: 20_261_121)
        let legs = ["CA8", "CA9"]
        for _ in 0..<2000 {
            var rig = Rig()
            var moves = 0
            var placed = 0
            for _ in 0..<12 {
                let leg = legs[Int(random.next() % 2)]
                let inputs: [TransferMachine.Input] = [
                    .placed(leg: "CA9"), .notPlaced, .answered(leg: leg), .briefed(leg: leg),
                    .legEnded(leg: leg, status: "completed"), .moved, .notMoved(.gone), .notMoved(.refused),
                    .notMoved(.unknown), .mediaEnded, .callerAsks, .timeout,
                ]
                let input = inputs[Int(random.next() % UInt64(inputs.count))]
                if case .placed = input {
                    placed += 1
                    if placed > 1 { continue }
                }
                let outputs = rig.give(input, after: .seconds(Int64(random.next() % 20)))
                moves += outputs.count { $0 == .moveCaller }
                if placed == 0 { #expect(!outputs.contains(.moveCaller)) }
            }
            #expect(moves <= 1)
        }
    }

    private struct SplitMix {
        var state: UInt64
        init(seed: UInt64) { state = seed }

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var value = state
            value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
            value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
            return value ^ (value >> 31)
        }
    }
}
