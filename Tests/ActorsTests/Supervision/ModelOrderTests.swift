import Actors
import Engine
import Testing

/// Language models that share a conversation, beside models that are none.
@Suite("Order of models")
struct ModelOrderTests {
    private let rig = SupervisionRig()

    /// A conversation of one request for each turn, in virtual time.
    private struct Dialogue: DialogueModel {
        let model: any ChatModel
        let time: VirtualTime
        var provider: String { model.provider }
        var supervised: [String] { model.supervised }
        func warm(_ profile: TenantProfile) async { await model.warm() }
        func open(_ request: DialogueRequest) async throws -> any DialogueSession { Session(dialogue: self) }

        struct Session: DialogueSession {
            let dialogue: Dialogue
            func reply(to turn: DialogueTurn) -> AsyncThrowingStream<DialogueDelta, any Error> {
                AsyncThrowingStream { stream in
                    let task = dialogue.time.task {
                        do {
                            let request = ChatRequest(system: "", messages: [.user("Hi")])
                            for try await delta in dialogue.model.answer(request) {
                                if case .text(let text) = delta { stream.yield(.text(text)) }
                                if case .replaced(let replacement) = delta { stream.yield(.replaced(replacement)) }
                            }
                            stream.finish()
                        } catch {
                            stream.finish(throwing: error)
                        }
                    }
                    stream.onTermination = { _ in task.cancel() }
                }
            }
        }
    }

    private func model(
        _ providers: [ModelOrder.Provider],
        _ change: (inout SupervisionSettings.LLM) -> Void = { _ in }
    ) -> any DialogueModel {
        var settings = SupervisionSettings.LLM()
        change(&settings)
        let order = ModelOrder(health: rig.health, settings: settings, time: rig.time, random: rig.unit)
        return order.model(providers) { Dialogue(model: $0, time: rig.time) }
    }

    private func ask(_ model: any DialogueModel) -> Received<DialogueDelta> {
        rig.time.read {
            let turn = DialogueTurn(number: 1, cause: .notUnderstood, history: [])
            return try await model.open(DialogueRequest(profile: .test)).reply(to: turn)
        }
    }

    private func chat(_ name: String, _ script: [Step<ChatDelta>]) -> ModelOrder.Provider {
        .chat(rig.chat(name) { _ in script })
    }

    private var receptionist: ModelOrder.Provider {
        .dialogue(rig.model("r") { turn in SupervisionRig.answer(turn.said.isEmpty ? "Good day." : "day.") })
    }

    private static let broken: [Step<ChatDelta>] = [.fail(.fault(.llm, "a"))]

    @Test func whoIsNoLanguageModelGoesOnWhenNoneIsLeft() {
        let model = model([
            chat("a", SupervisionRig.chat("Good mor", failing: .fault(.llm, "a"))),
            chat("b", [.fail(.fault(.llm, "b"))]), receptionist,
        ])
        let received = ask(model)
        #expect(received.text == "Good day." && received.error == nil)
        #expect(received.replacements.map { "\($0.from) \($0.to)" } == ["a b", "b r"])
        #expect(rig.ledger.events.contains("r asked 'Good '"))
        #expect(rig.isClean)
    }

    @Test func whileSomebodyElseIsLeftNobodyIsAskedTwice() {
        let received = ask(model([chat("a", Self.broken), receptionist]))
        #expect(received.text == "Good day.")
        #expect(rig.ledger.events.count { $0.hasPrefix("a asked") } == 1)
        // The receptionist's own 200 ms, and the token after its first word.
        #expect(received.firstText == .milliseconds(250))
    }

    @Test func theLastIsAskedAgain() {
        let attempts = Counter()
        let model = model([
            .chat(rig.chat("a") { _ in attempts.next() < 2 ? Self.broken : SupervisionRig.chat("Here.") })
        ])
        #expect(ask(model).text == "Here.")
    }

    @Test func aLanguageModelMayFollowWhoIsNone() {
        let dead = ModelOrder.Provider.dialogue(rig.model("r") { _ in [.fail(.fault(.llm, "r"))] })
        let received = ask(model([dead, chat("a", SupervisionRig.chat("Here."))]))
        #expect(received.text == "Here." && received.replacements.map(\.to) == ["a"])
    }

    @Test func modelsThatAllRestArePassedOverWithoutAWord() {
        let model = model([chat("a", Self.broken), chat("b", [.fail(.fault(.llm, "b"))]), receptionist])
        for _ in 0..<3 { _ = ask(model) }
        #expect(
            rig.health.snapshot().map { "\($0.provider) \($0.state.rawValue)" } == ["a open", "b open", "r closed"]
        )
        let received = ask(model)
        #expect(received.text == "Good day." && received.replacements.isEmpty)
    }

    @Test func oneOfTwoThatIsWellIsEnough() {
        let model = model([chat("a", Self.broken), chat("b", SupervisionRig.chat("Here.")), receptionist])
        for _ in 0..<5 { #expect(ask(model).text == "Here.") }
        #expect(!rig.ledger.events.contains { $0.hasPrefix("r asked") })
    }

    /// 3 s for the first model and 2 s for the next are their own affair: who supervises them waits for both.
    @Test func modelsThatKeepTheirOwnTimeAreNotGivenUpFromOutside() {
        let slow = SupervisionRig.chat("Here.")
        let model = model([chat("a", [.hang]), chat("b", [.wait(.seconds(1))] + slow), receptionist])
        let received = ask(model)
        #expect(received.text == "Here." && received.replacements.map(\.to) == ["b"])
        #expect(received.firstText.map { $0 > .seconds(4) } == true)
    }

    @Test func theWholeAnswersTimeHoldsForThemToo() {
        let drip = (0..<1_000).flatMap { _ -> [Step<ChatDelta>] in [.say(.text("more ")), .wait(.seconds(1))] }
        let received = ask(model([chat("a", drip)]) { $0.answer = .seconds(20) })
        #expect(received.error == nil && received.took == .seconds(20))
        #expect(rig.isClean)
    }

    @Test func warmingReachesTheLanguageModels() {
        let model = model([chat("a", []), chat("b", []), chat("c", []), receptionist])
        rig.time.run { await model.warm(.test) }
        #expect(rig.ledger.events == ["a warm", "b warm"])
    }
}
