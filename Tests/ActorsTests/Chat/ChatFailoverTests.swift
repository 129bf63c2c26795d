import Actors
import Engine
import Foundation
import TestSupport
import Testing

/// A conversation whose language model fails and is followed by another one.
@Suite("Failover in a chat dialogue", .timeLimit(.minutes(5)))
struct ChatFailoverTests {
    private static let reset = LegError(
        leg: .llm,
        provider: "a",
        code: "unavailable",
        cause: "reset",
        isRetryable: true
    )

    /// Runs of a tool, with the arguments it had.
    private final class Runs: Sendable {
        private let list = Locked<[String]>([])
        var all: [String] { list.withLock { $0 } }

        func tool(_ name: String) -> TestTool {
            TestTool(name, hasEffect: true) { arguments, _ in
                self.list.withLock { $0.append(arguments.serialized) }
                return ToolResult(["booked": arguments["day"] ?? "none"])
            }
        }
    }

    private func session(
        _ models: [ScriptedChatModel],
        tools: [any Tool] = [],
        change: (inout SupervisionSettings.LLM) -> Void = { _ in }
    ) async throws -> any DialogueSession {
        var settings = SupervisionSettings.LLM()
        change(&settings)
        let order = ModelOrder(health: ProviderHealth(), settings: settings)
        let model = order.model(models.map { .chat($0) }) { ChatDialogue(model: $0, tools: { _ in tools }) }
        let identity = CallIdentity(id: "call-1", provider: "twilio", providerCallID: "CA1", tenant: "test")
        return try await model.open(DialogueRequest(profile: .test, call: identity, now: { ChatRig.tuesday }))
    }

    private func read(_ session: any DialogueSession, _ turn: DialogueTurn) async throws -> [DialogueDelta] {
        var deltas: [DialogueDelta] = []
        for try await delta in session.reply(to: turn) { deltas.append(delta) }
        return deltas
    }

    /// The second model would book another day if it did not know: arguments that differ have keys that differ.
    @Test func theNextModelKnowsWhatToolsDidAndNothingIsDoneTwice() async throws {
        let runs = Runs()
        let first = ScriptedChatModel(named: "a") { _, index in
            index == 0 ? .calls(("book", #"{"day":"monday"}"#), saying: "I book it.") : .fails([], Self.reset)
        }
        let second = ScriptedChatModel(named: "b") { request, _ in
            request.messages.results.isEmpty
                ? .calls(("book", #"{"day":"Monday, at nine"}"#)) : .says("You are booked for Monday.")
        }
        let session = try await session([first, second], tools: [runs.tool("book")])
        let reply = try await read(session, .says("book monday"))
        #expect(reply.text == "I book it. You are booked for Monday.")
        #expect(runs.all == [#"{"day":"monday"}"#])
        #expect(reply.replacements.map(\.to) == ["b"])
        #expect(
            second.requests.first?.messages == [
                .user("book monday"),
                .assistant(
                    "I book it.",
                    calls: [ToolCall(id: "c0", name: "book", arguments: #"{"day":"monday"}"#)]
                ),
                .tool(id: "c0", content: #"{"booked":"monday"}"#, isError: false),
            ]
        )
    }

    @Test func inTheMiddleOfTheWordsAfterAToolTheNextModelGoesOnWithThem() async throws {
        let runs = Runs()
        let first = ScriptedChatModel(named: "a") { _, index in
            index == 0 ? .calls(("book", "{}")) : .fails([.text("You are booked for Mon")], Self.reset)
        }
        let second = ScriptedChatModel(named: "b") { _, _ in .says("Monday.") }
        let session = try await session([first, second], tools: [runs.tool("book")])
        #expect(try await read(session, .says("book monday")).text == "You are booked for Monday.")
        let asked = try #require(second.requests.first)
        #expect(asked.saidBefore == "You are booked for " && asked.messages.results.count == 1)
        #expect(runs.all.count == 1)
    }

    @Test func whatAFailedModelWantedDoneIsNotDone() async throws {
        let runs = Runs()
        let call = ChatDelta.call(ToolCall(id: "1", name: "book", arguments: "{}"))
        let first = ScriptedChatModel(named: "a") { _, _ in .fails([.text("I book it."), call], Self.reset) }
        let second = ScriptedChatModel(named: "b") { _, _ in .says("Which day?") }
        let session = try await session([first, second], tools: [runs.tool("book")])
        #expect(try await read(session, .says("book")).text == "I book it. Which day?")
        #expect(runs.all.isEmpty)
    }

    /// The turn may still be void when the models change.
    @Test func afterAFailoverAToolWithAnEffectStillWaitsForTheTurnsEnd() async throws {
        let runs = Runs()
        let first = ScriptedChatModel(named: "a") { _, _ in .fails([], Self.reset) }
        let second = ScriptedChatModel(named: "b") { request, _ in
            request.messages.results.isEmpty ? .calls(("look", "{}"), ("book", "{}")) : .says("Done.")
        }
        let session = try await session(
            [first, second],
            tools: [
                runs.tool("book"),
                // Long enough for the other one, which was called at the same moment.
                TestTool("look") { _, _ in
                    for _ in 0..<2_000 { await Task.yield() }
                    return ToolResult(["ok": true])
                },
            ]
        )
        let commit = DialogueCommit()
        var reply: [DialogueDelta] = []
        for try await delta in session.reply(to: .says("book", commit: commit)) {
            reply.append(delta)
            // The one without an effect has run: the other could have, and has not.
            if case .tool(let report) = delta, report.name == "look" {
                #expect(runs.all.isEmpty)
                commit.commit()
            }
        }
        #expect(reply.text == "Done." && runs.all.count == 1)
    }

    @Test func laterTurnsOfTheNextModelKnowWhatWasFoundBefore() async throws {
        let runs = Runs()
        let first = ScriptedChatModel(named: "a") { _, index in
            switch index {
            case 0: .calls(("book", "{}"))
            case 1: .says("Booked.")
            default: .fails([], Self.reset)
            }
        }
        let second = ScriptedChatModel(named: "b") { _, _ in .says("It is.") }
        let session = try await session([first, second], tools: [runs.tool("book")])
        _ = try await read(session, .says("book"))
        let history: [DialogueMessage] = [.caller("book"), .agent("Booked.")]
        #expect(try await read(session, .says("is it", number: 2, history: history)).text == "It is.")
        #expect(second.requests.first?.messages.results.count == 1)
    }

    @Test func whoNeverStopsCallingToolsIsNamed() async throws {
        let first = ScriptedChatModel(named: "a") { _, _ in .fails([], Self.reset) }
        let second = ScriptedChatModel(named: "b") { _, _ in .calls(("look", "{}")) }
        let session = try await session([first, second], tools: [TestTool("look")])
        let error = await #expect(throws: LegError.self) { try await read(session, .says("hi")) }
        #expect(error?.code == "protocol" && error?.provider == "b")
    }
}
