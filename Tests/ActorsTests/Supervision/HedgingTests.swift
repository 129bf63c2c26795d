import Actors
import Engine
import Testing

@Suite("Hedging")
struct HedgingTests {
    private let rig = SupervisionRig()

    private func answer(_ provider: String, after delay: Duration) -> [Step<ChatDelta>] {
        [.wait(delay), .say(.text("\(provider) answers.")), .wait(.milliseconds(100)), .say(.text(" Done."))]
            + [.say(.finished(.stop))]
    }

    /// `a` has answered 30 times after 400 ms, and now does what `script` says; `b` answers after 200 ms.
    private func hedged(
        isOn: Bool = true,
        second: [Step<ChatDelta>]? = nil,
        usage: @escaping @Sendable (String, ChatUsage) -> Void = { _, _ in },
        _ script: [Step<ChatDelta>]
    ) -> Received<ChatDelta> {
        let turns = Counter()
        let usual = answer("a", after: .milliseconds(400))
        let other = second ?? answer("b", after: .milliseconds(200))
        let models = [rig.chat("a") { _ in turns.next() < 30 ? usual : script }, rig.chat("b") { _ in other }]
        let model = rig.supervised(models, { $0.hedge.isOn = isOn }, usage: usage)
        for _ in 0..<30 { _ = rig.ask(model) }
        return rig.ask(model)
    }

    private static let call = ChatDelta.call(ToolCall(id: "1", name: "book", arguments: "{}"))

    @Test func aSlowModelIsOvertakenAndNothingOfItIsUsed() {
        let received = hedged([.wait(.seconds(2)), .say(.text("late")), .say(Self.call), .say(.finished(.tools))])
        #expect(received.text == "b answers. Done." && received.finish == .stop)
        #expect(received.firstText.map { $0 < .milliseconds(750) } == true)
        #expect(received.calls.isEmpty && received.replacements.isEmpty)
        #expect(rig.ledger.events.contains("a cancelled"))
        #expect(rig.isClean)
    }

    /// Both want something done: what is done is what one of them wants, once. The other would be through before it.
    @Test(arguments: [(Duration.milliseconds(550), "a"), (.milliseconds(900), "b")])
    func onlyTheModelThatWasFirstHasItsCallsCarriedOut(delay: Duration, winner: String) {
        func wants(_ name: String, after delay: Duration) -> [Step<ChatDelta>] {
            let call = ChatDelta.call(ToolCall(id: "1", name: name, arguments: "{}"))
            let rest = Duration.milliseconds(name == winner ? 1_500 : 20)
            return [.wait(delay), .say(call), .wait(rest), .say(call), .say(.finished(.tools))]
        }
        let received = hedged(second: wants("b", after: .milliseconds(200)), wants("a", after: delay))
        #expect(received.calls == [winner, winner] && received.finish == .tools)
        #expect(rig.ledger.events.contains("\(winner == "a" ? "b" : "a") cancelled"))
        #expect(rig.isClean)
    }

    @Test func aModelThatIsJustInTimeAfterAllStaysAndTheSecondIsCancelled() {
        let received = hedged(answer("a", after: .milliseconds(550)))
        #expect(received.text == "a answers. Done.")
        #expect(rig.ledger.events.contains("b cancelled"))
        #expect(rig.isClean)
    }

    @Test func withoutTheSettingNobodyElseIsAsked() {
        let received = hedged(isOn: false, answer("a", after: .seconds(2)))
        #expect(received.text == "a answers. Done.")
        #expect(!rig.ledger.events.contains { $0.hasPrefix("b asked") })
    }

    @Test func whatAVendorCountsIsNoAnswer() {
        let counted = Locked<[String]>([])
        let usage = ChatUsage(inputTokens: 5, outputTokens: 0)
        let received = hedged(
            usage: { provider, _ in counted.withLock { $0.append(provider) } },
            [.say(.usage(usage)), .hang]
        )
        #expect(received.text == "b answers. Done.")
        #expect(counted.withLock { $0 } == ["a"])
    }

    @Test func whenBothAreSlowTheFirstToSaySomethingAnswers() {
        let received = hedged(second: [.hang], [.wait(.seconds(2)), .say(.text("Here.")), .say(.finished(.stop))])
        #expect(received.text == "Here." && received.replacements.isEmpty)
        #expect(rig.ledger.events.contains("b cancelled"))
        #expect(rig.isClean)
    }

    @Test func theFailureOfOneLeavesTheOther() {
        let received = hedged([.wait(.milliseconds(500)), .fail(.fault(.llm, "a"))])
        #expect(received.text == "b answers. Done.")
        #expect(received.replacements.map(\.to) == ["b"])
    }
}
