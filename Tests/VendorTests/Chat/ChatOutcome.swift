import Actors

/// One answer read to its end.
struct ChatOutcome: Sendable {
    var deltas: [ChatDelta] = []
    var error: (any Error)?

    var text: String {
        deltas.reduce(into: "") { text, delta in if case .text(let piece) = delta { text += piece } }
    }
    var calls: [ToolCall] { deltas.compactMap { if case .call(let call) = $0 { call } else { nil } } }
    var usage: ChatUsage? { deltas.lazy.compactMap { if case .usage(let usage) = $0 { usage } else { nil } }.first }
    var finishes: [ChatFinish] { deltas.compactMap { if case .finished(let finish) = $0 { finish } else { nil } } }
    var legError: LegError? { error as? LegError }

    static func read(_ stream: AsyncThrowingStream<ChatDelta, any Error>) async -> ChatOutcome {
        var outcome = ChatOutcome()
        do {
            for try await delta in stream { outcome.deltas.append(delta) }
        } catch {
            outcome.error = error
        }
        return outcome
    }
}
