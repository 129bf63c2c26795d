import Actors
import Engine
import Testing

@Suite("Supervised chat model")
struct SupervisedChatModelTests {
    private let rig = SupervisionRig()

    /// A way to fail, at a stage.
    enum Fault: String, CaseIterable, Sendable {
        case failsAtOnce, hangs, endsUnfinished, empty, onlySpaces, filtered, busy, refused, failsInTheMiddle,
            hangsInTheMiddle, failsAfterACall, hangsAfterACall

        /// Text comes before the fault.
        var isInTheMiddle: Bool { self == .failsInTheMiddle || self == .hangsInTheMiddle }
        var code: String {
            switch self {
            case .hangs, .hangsInTheMiddle, .hangsAfterACall: "timeout"
            case .endsUnfinished, .empty, .onlySpaces: "protocol"
            case .busy: "busy"
            case .refused, .filtered: "refused"
            case .failsAtOnce, .failsInTheMiddle, .failsAfterACall: "unavailable"
            }
        }

        var script: [Step<ChatDelta>] {
            let error = LegError.fault(.llm, "a")
            let call = ChatDelta.call(ToolCall(id: "c", name: "book", arguments: "{}"))
            switch self {
            case .failsAtOnce: return [.fail(error)]
            case .hangs: return [.hang]
            case .endsUnfinished: return []
            case .empty: return [.say(.usage(ChatUsage(inputTokens: 1, outputTokens: 0))), .say(.finished(.stop))]
            case .onlySpaces: return [.say(.text(" \n")), .say(.finished(.stop))]
            case .filtered: return [.say(.finished(.filtered))]
            case .busy: return [.fail(.fault(.llm, "a", "busy", retryAfter: .seconds(20)))]
            case .refused: return [.fail(.fault(.llm, "a", "refused", isRetryable: false))]
            case .failsInTheMiddle: return SupervisionRig.chat("We open at ni", failing: error)
            case .hangsInTheMiddle: return SupervisionRig.chat("We open at ni").dropLast() + [.hang]
            case .failsAfterACall: return [.wait(.milliseconds(90)), .say(call), .fail(error)]
            case .hangsAfterACall: return [.say(call), .hang]
            }
        }
    }

    private static let rest: @Sendable (ChatRequest) -> [Step<ChatDelta>] = { request in
        SupervisionRig.chat(request.saidBefore.isEmpty ? "We open at nine." : "nine.")
    }

    private static let call = ChatDelta.call(ToolCall(id: "1", name: "book", arguments: "{}"))

    @Test(arguments: Fault.allCases) func theNextModelAnswersAndWhatTheFirstWantedDoneIsNotHeardOf(fault: Fault) {
        let model = rig.supervised([rig.chat("a") { _ in fault.script }, rig.chat("b", Self.rest)])
        let received = rig.ask(model)
        #expect(received.error == nil)
        #expect(received.text.drop { $0.isWhitespace } == "We open at nine.")
        #expect(received.calls.isEmpty && received.finish == .stop)
        #expect(received.replacements.map(\.error.code) == [fault.code])
        #expect(received.replacements.map(\.to) == ["b"])
        #expect(rig.ledger.events.contains("b asked '\(fault.isInTheMiddle ? "We open at " : "")'"))
        #expect(rig.isClean)
    }

    @Test(arguments: Fault.allCases) func aFailureIsHonestWhenNobodyIsLeft(fault: Fault) {
        let model = rig.supervised([rig.chat("a") { _ in fault.script }]) { $0.retry.retries = 0 }
        let received = rig.ask(model)
        #expect(received.error?.code == fault.code && received.error?.leg == .llm)
        #expect(received.replacements.isEmpty && received.calls.isEmpty && received.finish == nil)
        #expect(rig.isClean)
    }

    @Test func whoGoesOnGetsTheWholeConversationAndOnlyThenTheBeginningOfTheAnswer() {
        let asked = Locked<[ChatRequest]>([])
        let messages: [ChatMessage] = [
            .user("Is Rex there?"), .assistant("I look.", calls: [ToolCall(id: "1", name: "find", arguments: "{}")]),
            .tool(id: "1", content: "\"yes\"", isError: false),
        ]
        let model = rig.supervised([
            rig.chat("a") { _ in SupervisionRig.chat("Rex is", failing: .fault(.llm, "a")) },
            rig.chat("b") { request in
                asked.withLock { $0.append(request) }
                return SupervisionRig.chat("there.")
            },
        ])
        let request = ChatRequest(system: "You are here.", messages: messages)
        #expect(rig.ask(model, request).text == "Rex there.")
        #expect(asked.withLock { $0.first?.messages.prefix(3) } == messages[...])
        #expect(asked.withLock { $0.first?.messages.count } == 5)
        #expect(asked.withLock { $0.first?.saidBefore } == "Rex ")
    }

    @Test func afterAToolsResultAModelMayHaveNothingToAdd() {
        let model = rig.supervised([rig.chat("a") { _ in [.say(.finished(.stop))] }, rig.chat("b", Self.rest)])
        let request = ChatRequest(system: "", messages: [.user("Hi"), .tool(id: "1", content: "{}", isError: false)])
        let received = rig.ask(model, request)
        #expect(received.text.isEmpty && received.finish == .stop && received.replacements.isEmpty)
    }

    @Test func callsComeWholeAndInOrderWithTheEndOfTheAnswer() {
        let model = rig.supervised([
            rig.chat("a") { _ in
                [.say(Self.call), .wait(.seconds(1)), .say(.text("I book it.")), .say(Self.call)]
                    + [.wait(.seconds(1)), .say(.finished(.tools))]
            }
        ])
        let received = rig.ask(model)
        #expect(received.calls == ["book", "book"] && received.finish == .tools)
        #expect(received.deltas.suffix(3).allSatisfy { $0.at == .seconds(2) })
    }

    /// A long letter for a tool is written for seconds before anything can be said or done.
    @Test func whatAToolIsToBeGivenIsNoSilence() {
        let writes = (0..<10).flatMap { _ -> [Step<ChatDelta>] in [.wait(.milliseconds(1_500)), .say(.working)] }
        let model = rig.supervised([
            rig.chat("a") { _ in writes + [.say(Self.call), .say(.finished(.tools))] }, rig.chat("b", Self.rest),
        ])
        let received = rig.ask(model)
        #expect(received.calls == ["book"] && received.replacements.isEmpty)
        #expect(received.deltas.allSatisfy { $0.delta != .working })

        let silent = rig.supervised([
            rig.chat("a") { _ in [.say(.working), .wait(.milliseconds(2_100)), .say(Self.call)] },
            rig.chat("b", Self.rest),
        ])
        #expect(rig.ask(silent).replacements.map(\.to) == ["b"])
    }

    @Test func theOnlyModelIsAskedAgainWithJitter() {
        let attempts = Counter()
        let model = rig.supervised([
            rig.chat("a") { request in attempts.next() < 2 ? [.fail(.fault(.llm, "a"))] : Self.rest(request) }
        ])
        let received = rig.ask(model)
        #expect(received.text == "We open at nine." && received.took < .seconds(1))
        #expect(received.replacements.map(\.to) == ["a", "a"])
    }

    @Test func aModelThatRestsIsPassedOver() {
        let model = rig.supervised([rig.chat("a") { _ in [.fail(.fault(.llm, "a"))] }, rig.chat("b", Self.rest)])
        for _ in 0..<5 { #expect(rig.ask(model).text == "We open at nine.") }
        #expect(rig.ledger.events.count { $0 == "a asked ''" } == 3)
        #expect(rig.health.snapshot().map(\.state) == [.open, .closed])
    }

    @Test func anEndlessAnswerEndsWithASentenceAndItsCallsAreNotHeardOf() {
        let model = rig.supervised([
            rig.chat("a") { _ in
                [.say(Self.call)] + (0..<5_000).map { _ in .say(.text("And 3.5 more. Again ")) } + [.hang]
            }
        ]) { $0.longestAnswerCharacters = 101 }
        let received = rig.ask(model)
        #expect(received.text.hasSuffix("And 3.5 more.") && (101...160).contains(received.text.count))
        #expect(received.finish == .length && received.calls.isEmpty)
        #expect(rig.ledger.events.contains("a cancelled") && rig.isClean)
    }

    @Test func endlessCallsAreAFailure() {
        let model = rig.supervised([
            rig.chat("a") { _ in (0..<5_000).map { _ in .say(Self.call) } }, rig.chat("b", Self.rest),
        ])
        let received = rig.ask(model)
        #expect(received.text == "We open at nine." && received.calls.isEmpty)
        #expect(received.replacements.map(\.error.code) == ["protocol"])
    }

    @Test func aDripThatNeverEndsIsCutWithTheWholeAnswersTime() {
        let model = rig.supervised([
            rig.chat("a") { _ in (0..<1_000).flatMap { _ in [.say(.text("more ")), .wait(.seconds(1))] } }
        ]) { $0.answer = .seconds(20) }
        let received = rig.ask(model)
        #expect(received.finish == .length && received.took == .seconds(20))
    }

    @Test func theTokensOfEveryAnswerAreCountedForWhoGaveIt() {
        let counted = Locked<[String]>([])
        let model = rig.supervised(
            [
                rig.chat("a") { _ in
                    [.say(.usage(ChatUsage(inputTokens: 10, outputTokens: 2))), .fail(.fault(.llm, "a"))]
                },
                rig.chat("b") { _ in
                    [.say(.text("Yes.")), .say(.usage(ChatUsage(inputTokens: 20, outputTokens: 3)))]
                        + [.say(.finished(.stop))]
                },
            ],
            usage: { provider, usage in
                counted.withLock { $0.append("\(provider) \(usage.inputTokens) \(usage.outputTokens)") }
            }
        )
        #expect(rig.ask(model).text == "Yes.")
        #expect(counted.withLock { $0 } == ["a 10 2", "b 20 3"])
    }

    @Test(arguments: [10, 190, 210, 260, 1_000]) func aReaderWhoLeavesStopsTheModel(milliseconds: Int) {
        let model = rig.supervised([rig.chat("a") { _ in SupervisionRig.chat("one two three").dropLast() + [.hang] }])
        rig.time.run {
            let reader = rig.time.task {
                do { for try await _ in model.answer(SupervisionRig.question) {} } catch {}
            }
            try? await rig.time.sleep(.milliseconds(milliseconds))
            reader.cancel()
            await reader.value
        }
        #expect(rig.ledger.events.last == "a cancelled" && rig.isClean)
        #expect(rig.health.snapshot()[0].failed == 0)
    }

    @Test func theFirstTwoThatDoNotRestAreWarmed() {
        let models = ["a", "b", "c"].map { name in rig.chat(name) { _ in [.fail(.fault(.llm, name))] } }
        let one = rig.supervised([models[0]]) { $0.retry.retries = 0 }
        for _ in 0..<3 { _ = rig.ask(one) }
        let all = rig.supervised(models)
        rig.time.run { await all.warm() }
        #expect(rig.ledger.events.filter { $0.hasSuffix("warm") } == ["b warm", "c warm"])
    }
}
