import Actors
import Engine
import Testing

@Suite("Hedging")
struct HedgingTests {
    private let rig = SupervisionRig()

    private func answer(_ provider: String, after delay: Duration) -> [Step<DialogueDelta>] {
        [.wait(delay), .say(.text("\(provider) answers.")), .wait(.milliseconds(100)), .say(.text(" Done."))]
    }

    /// `a` has answered 30 times after 400 ms, and now does what `script` says; `b` answers after 200 ms.
    private func hedged(
        isOn: Bool = true,
        commit: DialogueCommit? = DialogueCommit(),
        isCommitted: Bool = true,
        second: [Step<DialogueDelta>]? = nil,
        _ script: @escaping @Sendable (DialogueTurn) -> [Step<DialogueDelta>]
    ) -> Received<DialogueDelta> {
        let turns = Counter()
        let usual = answer("a", after: .milliseconds(400))
        let other = second ?? answer("b", after: .milliseconds(200))
        let model = rig.supervised([
            rig.model("a") { turns.next() < 30 ? usual : script($0) }, rig.model("b") { _ in other },
        ]) { $0.hedge.isOn = isOn }
        for _ in 0..<30 { _ = rig.ask(model) }
        if isCommitted { commit?.commit() }
        return rig.ask(model, commit: commit)
    }

    @Test func aSlowModelIsOvertakenAndNothingOfItIsUsed() {
        let received = hedged { _ in [.wait(.seconds(2)), .say(.text("late")), .say(.action(.hangUp))] }
        #expect(received.text == "b answers. Done.")
        #expect(received.firstText.map { $0 < .milliseconds(750) } == true)
        #expect(received.actions.isEmpty && received.replacements.isEmpty)
        #expect(rig.ledger.events.contains("a cancelled"))
        #expect(rig.isClean)
    }

    @Test func aModelThatIsJustInTimeAfterAllStaysAndTheSecondIsCancelled() {
        let late = answer("a", after: .milliseconds(550))
        let received = hedged { _ in late }
        #expect(received.text == "a answers. Done.")
        #expect(rig.ledger.events.contains("b cancelled"))
        #expect(rig.isClean)
    }

    @Test(arguments: [true, false]) func withoutTheSettingOrTheCommitNobodyElseIsAsked(isOn: Bool) {
        let late = answer("a", after: .seconds(2))
        let received = hedged(isOn: isOn, commit: isOn ? nil : DialogueCommit()) { _ in late }
        #expect(received.text == "a answers. Done.")
        #expect(!rig.ledger.events.contains { $0.hasPrefix("b asked") })
    }

    @Test func theModelThatLosesNeverMayAct() {
        let commits = Locked<[DialogueCommit]>([])
        _ = hedged { turn in
            if let commit = turn.commit { commits.withLock { $0.append(commit) } }
            return [.hang]
        }
        #expect(commits.withLock { $0.map(\.isCommitted) } == [false])
    }

    @Test(arguments: [true, false]) func theModelThatAnswersMayActOnceTheTurnIsOver(isCommitted: Bool) {
        let commits = Locked<[DialogueCommit]>([])
        let late = answer("a", after: .milliseconds(450))
        _ = hedged(isCommitted: isCommitted) { turn in
            if let commit = turn.commit { commits.withLock { $0.append(commit) } }
            return late
        }
        #expect(commits.withLock { $0.map(\.isCommitted) } == [isCommitted])
    }

    @Test func aToolAtWorkIsAnAnswerToo() {
        let received = hedged { _ in [.say(.working("book")), .wait(.seconds(4)), .say(.text("Booked."))] }
        #expect(received.text == "Booked.")
        #expect(!rig.ledger.events.contains { $0.hasPrefix("b asked") })
    }

    @Test func whenBothAreSilentTheFirstGoesOnAloneAndMayAct() {
        let commits = Locked<[DialogueCommit]>([])
        let received = hedged(second: [.hang]) { turn in
            if let commit = turn.commit { commits.withLock { $0.append(commit) } }
            return [.wait(.seconds(2)), .say(.text("Here."))]
        }
        #expect(received.text == "Here.")
        #expect(commits.withLock { $0.map(\.isCommitted) } == [true])
        #expect(rig.ledger.events.contains("b cancelled"))
        #expect(rig.isClean)
    }

    @Test func theFailureOfOneLeavesTheOther() {
        let received = hedged { _ in [.wait(.milliseconds(500)), .fail(.fault(.llm, "a"))] }
        #expect(received.text == "b answers. Done.")
        #expect(received.replacements.map(\.to) == ["b"])
    }
}
