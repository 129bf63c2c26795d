import Actors
import Engine
import TestSupport
import Testing

@Suite("Tool runner", .timeLimit(.minutes(5)))
struct ToolRunnerTests {
    private static let request = DialogueRequest(
        profile: .test,
        call: CallIdentity(id: "call-1", provider: "twilio", providerCallID: "CA1", tenant: "test"),
        callerNumber: "+15550199"
    )
    private static let pet: JSON = [
        "type": "object", "properties": ["pet": ["type": "string"]], "required": ["pet"], "additionalProperties": false,
    ]

    private func run(
        _ tool: TestTool,
        _ arguments: String,
        turn: Int = 1,
        limit: Int = 6000,
        clock: any Clock<Duration> = SteppedClock()
    ) async throws -> ToolOutcome {
        let runner = ToolRunner([tool], for: Self.request, maximumResultCharacters: limit, clock: clock)
        let call = ToolCall(id: "c1", name: tool.declaration.name, arguments: arguments)
        return try await runner.run(call, turn: turn, commit: nil)
    }

    @Test func aToolIsToldForWhomItWorks() async throws {
        let seen = Locked<ToolContext?>(nil)
        let tool = TestTool("find", parameters: Self.pet) { arguments, context in
            seen.withLock { $0 = context }
            return ToolResult(["found": arguments["pet"] ?? nil])
        }
        let outcome = try await run(tool, #"{"pet":"Rex"}"#)
        #expect(outcome.message == .tool(id: "c1", content: #"{"found":"Rex"}"#, isError: false))
        #expect(outcome.report.failure == nil && outcome.report.name == "find")
        let context = try #require(seen.withLock { $0 })
        #expect(context.callID == "call-1" && context.tenant == "test" && context.callerNumber == "+15550199")
        #expect(context.idempotencyKey == outcome.report.idempotencyKey && context.idempotencyKey.count == 32)
    }

    private static let bad: [(String, String)] = [
        ("{\"pet\":", "not valid JSON"), ("not json", "not valid JSON"), ("[1]", "one JSON object"),
        ("{}", "pet: is missing"), (#"{"pet":1}"#, "pet: must be a string"), (#"{"pet":"a","x":1}"#, "x: is not known"),
        (#"{"pet":""# + String(repeating: "a", count: 70_000) + #""}"#, "longer than"),
    ]

    @Test(arguments: bad)
    func badArgumentsAreAnAnswerToTheModel(arguments: String, fault: String) async throws {
        let outcome = try await run(
            TestTool("find", parameters: Self.pet) { _, _ in
                Issue.record("the tool ran")
                return ToolResult(true)
            },
            arguments
        )
        #expect(outcome.isError && outcome.content.contains(fault))
        #expect(outcome.report.failure == .arguments)
    }

    @Test(arguments: ["", " \n"])
    func noArgumentsAreAnEmptyObject(arguments: String) async throws {
        #expect(try await !run(TestTool("now"), arguments).isError)
    }

    @Test func anUnknownToolIsNoLabel() async throws {
        let runner = ToolRunner([TestTool("find")], for: Self.request)
        let outcome = try await runner.run(
            ToolCall(id: "c1", name: "rm -rf", arguments: "{}"),
            turn: 1,
            commit: nil
        )
        #expect(outcome.report.name == "unknown" && outcome.report.failure == .unknown)
        #expect(outcome.isError && outcome.content.contains("there are: find"))
    }

    @Test func theSameStepHasTheSameKey() async throws {
        let tool = TestTool("find")
        let key = try await run(tool, #"{"a":1,"b":2}"#).report.idempotencyKey
        #expect(try await run(tool, #"{ "b": 2, "a": 1 }"#).report.idempotencyKey == key)
        #expect(try await run(tool, #"{"a":1,"b":3}"#).report.idempotencyKey != key)
        #expect(try await run(tool, #"{"a":1,"b":2}"#, turn: 2).report.idempotencyKey != key)
        #expect(try await run(TestTool("look"), #"{"a":1,"b":2}"#).report.idempotencyKey != key)
    }

    @Test func aToolThatHangsIsGivenUpInTime() async throws {
        let clock = SteppedClock()
        let never = Signal()
        let tool = TestTool("slow", timeout: .seconds(3)) { _, _ in
            await never.wait()  // deaf to its cancellation
            return ToolResult(true)
        }
        async let outcome = run(tool, "{}", clock: clock)
        await clock.waitForSleepers(1)
        clock.advance(by: .seconds(3))
        let given = try await outcome
        #expect(given.report.failure == .timeout && given.report.took == .seconds(3))
        #expect(given.isError && given.content.contains("did not answer in time"))
        never.send()
    }

    private static let errors: [(any Error, ToolError.Code, String)] = [
        (ToolError(.notFound, "no pet of that name"), .notFound, "no pet of that name"),
        (ToolError(.refused, "not on a Sunday"), .refused, "not on a Sunday"),
        (
            LegError(leg: .llm, provider: "x", code: "timeout", cause: "secret host", isRetryable: true), .unavailable,
            "does not work"
        ),
        (CancellationError(), .unavailable, "does not work"),
    ]

    @Test(arguments: 0..<4)
    func anErrorIsAnAnswerWithoutInternals(index: Int) async throws {
        let (error, code, message) = Self.errors[index]
        let outcome = try await run(TestTool("find") { _, _ in throw error }, "{}")
        #expect(outcome.report.failure == code && outcome.isError)
        #expect(outcome.content.contains(message) && !outcome.content.contains("secret"))
    }

    @Test func aHugeResultIsCutAndSaysSo() async throws {
        let tool = TestTool("list") { _, _ in ToolResult(.text(String(repeating: "é", count: 100_000))) }
        let outcome = try await run(tool, "{}", limit: 1000)
        #expect(!outcome.isError && outcome.content.count < 1100)
        #expect(try JSON(parsing: outcome.content.utf8)["truncated"]?.flag == true)
    }

    @Test func personalDataIsTakenOutOfResults() async throws {
        let redactor = Redactor(kinds: [.card])
        let runner = ToolRunner(
            [
                TestTool("card") { _, _ in
                    ToolResult(["n": 4_111_111_111_111_111, "t": ["is 4111 1111 1111 1111"], "x": 5])
                }
            ],
            for: Self.request,
            redact: { redactor.redact($0) }
        )
        let outcome = try await runner.run(ToolCall(id: "c", name: "card", arguments: "{}"), turn: 1, commit: nil)
        #expect(outcome.content == #"{"n":"[card]","t":["is [card]"],"x":5}"#)
    }

    @Test func whatChangesSomethingWaitsForTheTurnToBeOver() async throws {
        let commit = DialogueCommit()
        let order = Locked<[String]>([])
        let runner = ToolRunner(
            [
                TestTool("book", hasEffect: true) { _, _ in
                    order.withLock { $0.append("book") }
                    return ToolResult(true)
                }, TestTool("find"),
            ],
            for: Self.request
        )
        async let booked = runner.run(ToolCall(id: "a", name: "book", arguments: "{}"), turn: 1, commit: commit)
        _ = try await runner.run(ToolCall(id: "b", name: "find", arguments: "{}"), turn: 1, commit: commit)
        order.withLock { $0.append("commit") }
        commit.commit()
        #expect(try await booked.report.hasEffect)
        #expect(order.withLock { $0 } == ["commit", "book"])
    }

    @Test func aVoidTurnChangesNothing() async throws {
        let commit = DialogueCommit()
        let runner = ToolRunner(
            [
                TestTool("book", hasEffect: true) { _, _ in
                    Issue.record("a void turn booked")
                    return ToolResult(true)
                }
            ],
            for: Self.request
        )
        let task = Task {
            try await runner.run(ToolCall(id: "a", name: "book", arguments: "{}"), turn: 1, commit: commit)
        }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        commit.commit()
    }
}
