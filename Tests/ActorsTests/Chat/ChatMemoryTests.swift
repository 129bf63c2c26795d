import Actors
import Engine
import TestSupport
import Testing

@Suite("Memory of a chat dialogue", .timeLimit(.minutes(5)))
struct ChatMemoryTests {
    private static func isSummary(_ request: ChatRequest) -> Bool { request.system.hasPrefix("You keep the notes") }

    /// Turns of about 20 words.
    private static func history(turns: Int) -> [DialogueMessage] {
        [.agent("Good morning.")]
            + (0..<turns).flatMap { turn -> [DialogueMessage] in
                let filler = String(repeating: "very ", count: 20)
                return [.caller("question \(turn) \(filler)long"), .agent("answer \(turn) \(filler)long")]
            }
    }

    private static let settings = ChatSettings(memoryTokens: 400, hardMemoryTokens: 4000, wholeTurns: 3)

    @Test func aShortCallIsNotSummarised() async throws {
        let rig = try await ChatRig(ScriptedChatModel(.says("Yes.")), settings: Self.settings)
        _ = try await rig.reply(to: "hi", number: 3, history: Self.history(turns: 3))
        _ = try await rig.reply(to: "hi", number: 4, history: Self.history(turns: 3))
        #expect(rig.model.requests.count == 2)
    }

    @Test func whatIsOldIsSummarisedBetweenTurns() async throws {
        let model = ScriptedChatModel { request, _ in
            Self.isSummary(request) ? .says("Caller has a dog, card 4111 1111 1111 1111.") : .says("Yes.")
        }
        let rig = try await ChatRig(model, settings: Self.settings)
        let history = Self.history(turns: 10)
        while !rig.system.contains("Caller has a dog") {
            _ = try await rig.reply(to: "and now", number: 11, history: history)
            await Task.yield()
            // The answers alone are of interest.
            if let last = model.requests.last(where: { !Self.isSummary($0) }), last.system.contains("Caller has a dog")
            {
                break
            }
        }
        let request = try #require(model.requests.last { !Self.isSummary($0) })
        #expect(request.system.contains("Caller has a dog, card [card]."))
        #expect(request.messages.first == .user(history[15].text))
        #expect(request.messages.count == 7)
        let asked = try #require(model.requests.first(where: Self.isSummary))
        guard case .user(let call)? = asked.messages.first else { return #expect(Bool(false)) }
        #expect(call.contains("question 6") && !call.contains("question 7") && asked.tools.isEmpty)
    }

    @Test func noAnswerWaitsForASummary() async throws {
        let model = ScriptedChatModel { request, _ in Self.isSummary(request) ? .hangs([]) : .says("Yes.") }
        let rig = try await ChatRig(model, settings: Self.settings, clock: SteppedClock())
        for number in 10..<20 {
            let reply = try await rig.reply(to: "and now", number: number, history: Self.history(turns: number - 1))
            #expect(reply.text == "Yes.")
        }
        #expect(model.requests.count { Self.isSummary($0) } <= 1)
    }

    @Test func aSummaryThatHangsIsGivenUpAndTriedAgain() async throws {
        let clock = SteppedClock()
        let model = ScriptedChatModel { request, index in
            guard Self.isSummary(request) else { return .says("Yes.") }
            return index == 1 ? .hangs([.text("half")]) : .says("Notes.")
        }
        let rig = try await ChatRig(model, settings: Self.settings, clock: clock)
        _ = try await rig.reply(to: "and now", number: 10, history: Self.history(turns: 9))
        await clock.waitForSleepers(1)
        clock.advance(by: .seconds(20))
        await model.cancelled.wait()
        while true {
            _ = try await rig.reply(to: "and now", number: 10, history: Self.history(turns: 9))
            let last = model.requests.last { !Self.isSummary($0) }
            if last?.system.contains("Notes.") == true { break }
            await Task.yield()
        }
        #expect(!rig.model.requests.contains { $0.system.contains("half") })
    }

    @Test func withoutSummariesTheOldestTurnsAreLeftOut() async throws {
        let error = LegError(leg: .llm, provider: "x", code: "busy", cause: "429", isRetryable: true)
        let model = ScriptedChatModel { request, _ in Self.isSummary(request) ? .fails([], error) : .says("Yes.") }
        let settings = ChatSettings(memoryTokens: 400, hardMemoryTokens: 2500, wholeTurns: 3)
        let rig = try await ChatRig(model, settings: settings)
        _ = try await rig.reply(to: "and now", number: 61, history: Self.history(turns: 60))
        let request = try #require(model.requests.first)
        #expect(request.messages.count < 60 && request.messages.count > 6)
        #expect(request.messages.suffix(2).first == .assistant(Self.history(turns: 60).last?.text ?? "", calls: []))
    }

    /// However small the budget and whatever was said and called: the newest turns are whole, the caller begins, speakers
    /// alternate, and every call has its result right behind it.
    @Test(arguments: 0..<60)
    func newestTurnsAreWholeAndCallsKeepTheirResults(seed: Int) async throws {
        var random = SeededGenerator(seed: UInt64(seed))
        let whole = Int.random(in: 1...4, using: &random)
        let settings = ChatSettings(
            memoryTokens: Int.random(in: 0...600, using: &random),
            hardMemoryTokens: Int.random(in: 0...3000, using: &random),
            wholeTurns: whole
        )
        let calls = (0..<40).map { _ in Int.random(in: 0...3, using: &random) }
        let model = ScriptedChatModel { request, index in
            if Self.isSummary(request) { return index % 3 == 0 ? .hangs([]) : .says("Notes \(index).") }
            let count = calls[index % calls.count]
            if count == 0 || request.messages.last.map({ if case .tool = $0 { true } else { false } }) == true {
                return .says("Yes.")
            }
            return .deltas(
                (0..<count).map { .call(ToolCall(id: "c\($0)", name: "find", arguments: "{}")) } + [.finished(.tools)]
            )
        }
        let rig = try await ChatRig(model, tools: [TestTool("find")], settings: settings, clock: SteppedClock())
        var history: [DialogueMessage] = [.agent("Good morning.")]
        for number in 1...12 {
            let words = "turn \(number) " + String(repeating: "word ", count: Int.random(in: 0...40, using: &random))
            let isKey = Int.random(in: 0..<5, using: &random) == 0
            let turn =
                isKey
                ? DialogueTurn(number: number, cause: .digit("1"), history: history)
                : DialogueTurn.says(words, number: number, history: history)
            _ = try await rig.reply(turn)
            let request = try #require(model.requests.last { !Self.isSummary($0) })
            check(request.messages)
            let texts = request.messages.map { message in
                switch message {
                case .user(let text), .assistant(let text, _): text
                case .tool: ""
                }
            }.joined(separator: "\n")
            let newest = history.indices.filter { history[$0].party == .caller }.suffix(whole).first ?? 0
            for entry in history[newest...] { #expect(texts.contains(entry.text)) }
            if !isKey { history.append(.caller(words)) }
            if Bool.random(using: &random) {
                history.append(.agent("reply \(number)", wasInterrupted: Bool.random(using: &random)))
            }
        }
    }

    private func check(_ messages: [ChatMessage]) {
        if case .user = messages.first {} else { Issue.record("the caller does not begin") }
        var open: [String] = []
        for (index, message) in messages.enumerated() {
            switch message {
            case .user:
                #expect(open.isEmpty)
                if index > 0, case .user = messages[index - 1] { Issue.record("two of the caller's in a row") }
            case .assistant(_, let calls):
                #expect(open.isEmpty)
                if index > 0, case .assistant(_, let before) = messages[index - 1], before.isEmpty, calls.isEmpty {
                    Issue.record("two of the agent's in a row")
                }
                open = calls.map(\.id)
            case .tool(let id, _, _):
                #expect(open.first == id)
                open = Array(open.dropFirst())
            }
        }
        #expect(open.isEmpty)
    }
}
