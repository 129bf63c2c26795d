import Actors
import Engine

/// A tool whose work a test writes.
struct TestTool: Tool {
    var declaration: ToolDeclaration
    var work: @Sendable (JSON, ToolContext) async throws -> ToolResult

    init(
        _ name: String,
        parameters: JSON = ["type": "object"],
        timeout: Duration = .seconds(8),
        hasEffect: Bool = false,
        _ work: @escaping @Sendable (JSON, ToolContext) async throws -> ToolResult = { _, _ in ToolResult(["ok": true])
        }
    ) {
        declaration = ToolDeclaration(
            name: name,
            description: "Does \(name).",
            parameters: parameters,
            timeout: timeout,
            hasEffect: hasEffect
        )
        self.work = work
    }

    func call(_ arguments: JSON, _ context: ToolContext) async throws -> ToolResult {
        try await work(arguments, context)
    }
}

/// Something that happens once, for tests that order what runs at the same time.
final class Signal: Sendable {
    private let waiting = Locked<(isSent: Bool, all: [CheckedContinuation<Void, Never>])>((false, []))

    func send() {
        let all = waiting.withLock { state in
            defer { state = (true, []) }
            return state.all
        }
        for continuation in all { continuation.resume() }
    }

    /// Does not notice that its task was cancelled, like a service that goes on working.
    func wait() async {
        await withCheckedContinuation { continuation in
            let isSent = waiting.withLock { state in
                if !state.isSent { state.all.append(continuation) }
                return state.isSent
            }
            if isSent { continuation.resume() }
        }
    }
}

extension ToolOutcome {
    var content: String { if case .tool(_, let content, _) = message { content } else { "" } }
    var isError: Bool { if case .tool(_, _, let isError) = message { isError } else { false } }
}
