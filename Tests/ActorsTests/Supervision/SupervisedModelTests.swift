import Actors
import Engine
import Testing

@Suite("Supervised model")
struct SupervisedModelTests {
    private let rig = SupervisionRig()

    /// A way to fail, at a stage.
    enum Fault: String, CaseIterable, Sendable {
        case openFails, openHangs, failsAtOnce, hangs, endsEmpty, saysOnlySpaces, busy, refused, failsInTheMiddle,
            hangsInTheMiddle, failsAfterATool, hangsInATool

        /// Text comes before the fault.
        var isInTheMiddle: Bool { self == .failsInTheMiddle || self == .hangsInTheMiddle }
        var code: String {
            switch self {
            case .openHangs, .hangs, .hangsInTheMiddle, .hangsInATool: "timeout"
            case .endsEmpty, .saysOnlySpaces: "protocol"
            case .busy: "busy"
            case .refused: "refused"
            case .openFails, .failsAtOnce, .failsInTheMiddle, .failsAfterATool: "unavailable"
            }
        }

        var open: Step<DialogueDelta>? {
            switch self {
            case .openFails: .fail(.fault(.llm, "a"))
            case .openHangs: .hang
            default: nil
            }
        }

        var script: [Step<DialogueDelta>] {
            let error = LegError.fault(.llm, "a")
            switch self {
            case .openFails, .openHangs, .failsAtOnce: return [.fail(error)]
            case .hangs: return [.hang]
            case .endsEmpty: return [.say(.intent("hours")), .say(.expect(.yesNo))]
            case .saysOnlySpaces: return [.say(.text(" \n"))]
            case .busy: return [.fail(.fault(.llm, "a", "busy", retryAfter: .seconds(20)))]
            case .refused: return [.fail(.fault(.llm, "a", "refused", isRetryable: false))]
            case .failsInTheMiddle: return SupervisionRig.answer("We open at ni", failing: error)
            case .hangsInTheMiddle: return SupervisionRig.answer("We open at ni") + [.hang]
            case .failsAfterATool: return [.say(.working("hours")), .wait(.seconds(5)), .fail(error)]
            case .hangsInATool: return [.say(.action(.hangUp)), .say(.working("hours")), .hang]
            }
        }
    }

    private static let rest: @Sendable (DialogueTurn) -> [Step<DialogueDelta>] = { turn in
        SupervisionRig.answer(turn.said.isEmpty ? "We open at nine." : "nine.")
    }

    @Test(arguments: Fault.allCases) func theNextModelAnswers(fault: Fault) {
        let model = rig.supervised([rig.model("a", open: fault.open) { _ in fault.script }, rig.model("b", Self.rest)])
        let received = rig.ask(model)
        #expect(received.error == nil)
        #expect(received.text.drop { $0.isWhitespace } == "We open at nine.")
        #expect(received.replacements.map(\.error.code) == [fault.code])
        #expect(received.replacements.map(\.to) == ["b"])
        #expect(received.actions.isEmpty)
        #expect(rig.ledger.events.contains("b asked '\(fault.isInTheMiddle ? "We open at " : "")'"))
        #expect(rig.isClean)
    }

    @Test(arguments: Fault.allCases) func aFailureIsHonestWhenNobodyIsLeft(fault: Fault) {
        let model = rig.supervised([rig.model("a", open: fault.open) { _ in fault.script }]) { $0.retry.retries = 0 }
        let received = rig.ask(model)
        #expect(received.error?.code == fault.code)
        #expect(received.error?.leg == .llm)
        #expect(received.replacements.isEmpty)
        #expect(rig.isClean)
    }

    @Test func aResetBeforeTheFirstTokenCostsNoWaiting() {
        let model = rig.supervised([
            rig.model("a") { _ in [.wait(.milliseconds(80)), .fail(.fault(.llm, "a"))] }, rig.model("b", Self.rest),
        ])
        #expect((rig.ask(model).firstText ?? .seconds(9)) <= .milliseconds(400))
    }

    @Test func theOnlyModelIsAskedAgainWithJitter() {
        let attempts = Counter()
        let model = rig.supervised([
            rig.model("a") { turn in attempts.next() < 2 ? [.fail(.fault(.llm, "a"))] : Self.rest(turn) }
        ])
        let received = rig.ask(model)
        #expect(received.text == "We open at nine.")
        #expect(received.replacements.map(\.to) == ["a", "a"])
        #expect(received.took < .seconds(1))
    }

    @Test func whatIsNotRetryableIsNotAskedAgain() {
        let model = rig.supervised([rig.model("a") { _ in [.fail(.fault(.llm, "a", "refused", isRetryable: false))] }])
        #expect(rig.ask(model).error?.code == "refused")
        #expect(rig.ledger.events.count { $0.hasPrefix("a asked") } == 1)
    }

    @Test(arguments: [(Duration.seconds(1), true), (.seconds(5), false)])
    func theOnlyModelIsWaitedForAsLongAsTheBudgetAllows(wait: Duration, isAnswered: Bool) {
        let attempts = Counter()
        let model = rig.supervised([
            rig.model("a") { turn in
                attempts.next() < 1 ? [.fail(.fault(.llm, "a", "busy", retryAfter: wait))] : Self.rest(turn)
            }
        ])
        let received = rig.ask(model)
        #expect((received.error == nil) == isAnswered)
        if isAnswered { #expect((received.firstText ?? .zero) >= wait) }
    }

    @Test func threeModelsFailOneAfterAnotherInTheMiddleOfTheAnswer() {
        func part(_ text: String, _ provider: String) -> ScriptedModel {
            rig.model(provider) { _ in SupervisionRig.answer(text, failing: .fault(.llm, provider)) }
        }
        let model = rig.supervised([
            part("We open at ni", "a"), part("nine in the mor", "b"),
            rig.model("c") { _ in SupervisionRig.answer("morning.") },
        ])
        let received = rig.ask(model)
        #expect(received.text == "We open at nine in the morning.")
        #expect(received.replacements.map(\.to) == ["b", "c"])
        #expect(rig.ledger.events.contains("c asked 'We open at nine in the '"))
    }

    @Test func aModelThatBeginsAgainIsHeardFromWhereItIsNew() {
        let model = rig.supervised([
            rig.model("a") { _ in SupervisionRig.answer("We open at nine. And", failing: .fault(.llm, "a")) },
            rig.model("b") { _ in SupervisionRig.answer("We open at nine. We close at five.") },
        ])
        #expect(rig.ask(model).text == "We open at nine. We close at five.")
    }

    @Test func anAnswerWithNothingToAddIsWhole() {
        let model = rig.supervised([
            rig.model("a") { _ in SupervisionRig.answer("We open at nine. ", failing: .fault(.llm, "a")) + [] },
            rig.model("b") { _ in [] },
        ])
        let received = rig.ask(model)
        #expect(received.error == nil)
        #expect(received.text == "We open at nine.")
    }

    @Test func whatWasSaidBeforeIsPassedOn() {
        let model = rig.supervised([
            rig.model("a") { _ in SupervisionRig.answer("at ten", failing: .fault(.llm, "a")) },
            rig.model("b", Self.rest),
        ])
        _ = rig.ask(model, said: "We open ")
        #expect(rig.ledger.events.contains("a asked 'We open '"))
        #expect(rig.ledger.events.contains("b asked 'We open at '"))
    }

    @Test(arguments: [("a.b@c.de", "We meet"), ("営業時間は九時からです。", "")]) func textIsNeverLostAtTheEnd(
        end: String,
        start: String
    ) {
        let model = rig.supervised([rig.model("a") { _ in SupervisionRig.answer([start, end].joined(separator: " ")) }])
        #expect(rig.ask(model).text.hasSuffix(end))
    }

    @Test func anEndlessAnswerEndsWithASentence() {
        let model = rig.supervised([
            rig.model("a") { _ in
                (0..<5_000).map { _ in .say(.text("And 3.5 more. Again ")) } + [.hang]
            }
        ]) { $0.longestAnswerCharacters = 101 }
        let received = rig.ask(model)
        #expect(received.error == nil)
        #expect(received.text.hasSuffix("And 3.5 more."))
        #expect((101...160).contains(received.text.count))
        #expect(rig.ledger.events.contains("a cancelled"))
        #expect(rig.isClean)
    }

    @Test func anEndlessSentenceEndsWithAWord() {
        let model = rig.supervised([rig.model("a") { _ in (0..<5_000).map { _ in .say(.text("and more ")) } + [.hang] }]
        ) {
            $0.longestAnswerCharacters = 100
            $0.longestSentenceCharacters = 50
        }
        let text = rig.ask(model).text
        #expect(text.hasSuffix("and") || text.hasSuffix("more"))
        #expect((150...160).contains(text.count))
    }

    @Test func endlessNewsWithoutTextIsAFailure() {
        let model = rig.supervised([
            rig.model("a") { _ in (0..<5_000).map { .say(.intent("\($0)")) } }, rig.model("b", Self.rest),
        ])
        let received = rig.ask(model)
        #expect(received.text == "We open at nine.")
        #expect(received.replacements.map(\.error.code) == ["protocol"])
    }

    @Test func aDripThatNeverEndsIsCutWithTheWholeAnswersTime() {
        let model = rig.supervised([
            rig.model("a") { _ in (0..<1_000).flatMap { _ in [.say(.text("more ")), .wait(.seconds(1))] } }
        ]) { $0.answer = .seconds(20) }
        let received = rig.ask(model)
        #expect(received.error == nil)
        #expect(received.took == .seconds(20))
    }

    @Test func anIntentIsToldOnceAndActionsOnlyOfTheModelThatFinished() {
        let model = rig.supervised([
            rig.model("a") { _ in
                [.say(.intent("hours")), .say(.action(.hangUp)), .say(.text("We ")), .fail(.fault(.llm, "a"))]
            },
            rig.model("b") { _ in [.say(.intent("hours")), .say(.text("open.")), .say(.action(.voicemail))] },
        ])
        let received = rig.ask(model)
        #expect(received.deltas.count { $0.delta == .intent("hours") } == 1)
        #expect(received.actions == [.voicemail])
    }

    @Test func aModelWhoseBreakerIsOpenIsNotAskedUntilAProbeIsDue() {
        let isWell = Locked(false)
        let model = rig.supervised([
            rig.model("a") { turn in isWell.withLock { $0 } ? Self.rest(turn) : [.fail(.fault(.llm, "a"))] },
            rig.model("b", Self.rest),
        ])
        func asked() -> Int { rig.ledger.events.count { $0.hasPrefix("a asked") } }
        for _ in 0..<5 { #expect(rig.ask(model).text == "We open at nine.") }
        #expect(asked() == 3)
        #expect(rig.health.snapshot().map(\.state) == [.open, .closed])
        isWell.withLock { $0 = true }
        rig.time.run { try? await rig.time.sleep(.seconds(6)) }
        #expect(rig.ask(model).replacements.isEmpty)
        #expect(asked() == 4)
        #expect(rig.health.snapshot().map(\.state) == [.closed, .closed])
    }

    @Test func everybodyRestingIsAnHonestFailureAtOnce() {
        let model = rig.supervised([rig.model("a") { _ in [.fail(.fault(.llm, "a"))] }])
        for _ in 0..<2 { _ = rig.ask(model) }
        #expect(rig.health.snapshot()[0].state == .open)
        let received = rig.ask(model)
        #expect(received.error?.code == "unavailable")
        #expect(received.took == .zero)
    }

    @Test func aSessionIsOpenedOnceForACall() {
        let model = rig.supervised([rig.model("a", Self.rest)])
        let texts = Locked<[String]>([])
        rig.time.run {
            guard let session = try? await model.open(DialogueRequest(profile: .test)) else { return }
            for number in 1...3 {
                let turn = DialogueTurn(number: number, cause: .notUnderstood, history: [])
                var text = ""
                do {
                    for try await delta in session.reply(to: turn) { if case .text(let more) = delta { text += more } }
                } catch {}
                let whole = text
                texts.withLock { $0.append(whole) }
            }
        }
        #expect(texts.withLock { $0 } == Array(repeating: "We open at nine.", count: 3))
        #expect(rig.ledger.events.count { $0 == "a open" } == 1)
    }

    @Test(arguments: [10, 190, 210, 260, 1_000]) func aReaderWhoLeavesStopsTheModel(milliseconds: Int) {
        let model = rig.supervised([rig.model("a") { _ in SupervisionRig.answer("one two three") + [.hang] }])
        let seen = Counter()
        rig.time.run {
            let reader = rig.time.task {
                guard let session = try? await model.open(DialogueRequest(profile: .test)) else { return }
                let turn = DialogueTurn(number: 1, cause: .notUnderstood, history: [])
                do { for try await _ in session.reply(to: turn) { _ = seen.next() } } catch {}
            }
            try? await rig.time.sleep(.milliseconds(milliseconds))
            let before = seen.value
            reader.cancel()
            await reader.value
            #expect(seen.value == before)
        }
        #expect(rig.ledger.events.last == "a cancelled")
        #expect(rig.isClean)
        #expect(rig.health.snapshot()[0].failed == 0)
    }
}

/// Counts, from any thread.
final class Counter: Sendable {
    private let count = Locked(0)
    var value: Int { count.withLock { $0 } }
    /// - Returns: the count before.
    func next() -> Int {
        count.withLock { count in
            defer { count += 1 }
            return count
        }
    }
}
