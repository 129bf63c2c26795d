import Actors
import Engine
import Foundation
import TestSupport

/// A language model that answers each request as a test says.
final class ScriptedChatModel: ChatModel {
    enum Answer: Sendable {
        case deltas([ChatDelta])
        /// These, then the error.
        case fails([ChatDelta], LegError)
        /// These, then nothing until it is cancelled.
        case hangs([ChatDelta])
        /// Says this without end.
        case endless(String)

        static func says(_ text: String) -> Answer { .deltas([.text(text), .finished(.stop)]) }
        static func calls(_ calls: (String, String)..., saying text: String = "") -> Answer {
            .deltas(
                (text.isEmpty ? [] : [.text(text)])
                    + calls.enumerated().map { .call(ToolCall(id: "c\($0)", name: $1.0, arguments: $1.1)) }
                    + [.finished(.tools)]
            )
        }
    }

    let provider: String
    let cancelled = Signal()
    private let respond: @Sendable (ChatRequest, Int) -> Answer
    private let asked = Locked<[ChatRequest]>([])

    /// - Parameter respond: the request and how many came before it.
    init(named provider: String = "scripted", _ respond: @escaping @Sendable (ChatRequest, Int) -> Answer) {
        self.provider = provider
        self.respond = respond
    }

    /// One answer after the other; the last one again and again.
    convenience init(_ answers: Answer...) {
        self.init { _, index in answers[min(index, answers.count - 1)] }
    }

    var requests: [ChatRequest] { asked.withLock { $0 } }

    func warm() async {}

    func answer(_ request: ChatRequest) -> AsyncThrowingStream<ChatDelta, any Error> {
        let index = asked.withLock { asked in
            asked.append(request)
            return asked.count - 1
        }
        let answer = respond(request, index)
        if case .endless(let text) = answer { return AsyncThrowingStream { Task.isCancelled ? nil : .text(text) } }
        return AsyncThrowingStream { stream in
            stream.onTermination = { [cancelled] reason in
                if case .cancelled = reason { cancelled.send() }
            }
            switch answer {
            case .deltas(let deltas):
                for delta in deltas { stream.yield(delta) }
                stream.finish()
            case .fails(let deltas, let error):
                for delta in deltas { stream.yield(delta) }
                stream.finish(throwing: error)
            case .hangs(let deltas):
                for delta in deltas { stream.yield(delta) }
            case .endless: break
            }
        }
    }
}

/// A call with a scripted model.
struct ChatRig {
    let model: ScriptedChatModel
    let session: any DialogueSession

    init(
        _ model: ScriptedChatModel,
        profile: TenantProfile = .test,
        tools: [any Tool] = [],
        settings: ChatSettings = ChatSettings(),
        callerNumber: String? = "+15550199",
        clock: any Clock<Duration> = ContinuousClock(),
        now: @escaping @Sendable () -> Date = { ChatRig.tuesday }
    ) async throws {
        self.model = model
        let dialogue = ChatDialogue(model: model, tools: { _ in tools }, settings: settings, clock: clock)
        session = try await dialogue.open(
            DialogueRequest(
                profile: profile,
                call: CallIdentity(id: "call-1", provider: "twilio", providerCallID: "CA1", tenant: "test"),
                callerNumber: callerNumber,
                now: now
            )
        )
    }

    /// 2026-03-03 14:05 UTC.
    static let tuesday = Date(timeIntervalSince1970: 1_772_546_700)

    func reply(_ turn: DialogueTurn) async throws -> [DialogueDelta] {
        var deltas: [DialogueDelta] = []
        for try await delta in session.reply(to: turn) { deltas.append(delta) }
        return deltas
    }

    func reply(to text: String, number: Int = 1, history: [DialogueMessage] = []) async throws -> [DialogueDelta] {
        try await reply(.says(text, number: number, history: history))
    }

    var messages: [ChatMessage] { model.requests.last?.messages ?? [] }
    var system: String { model.requests.last?.system ?? "" }
}

extension DialogueTurn {
    static func says(
        _ text: String,
        number: Int = 1,
        history: [DialogueMessage] = [],
        language: String? = nil,
        confidence: Double = 1,
        said: String = "",
        commit: DialogueCommit? = nil
    ) -> DialogueTurn {
        let transcript = Transcript(text: text, confidence: confidence, provider: "test", language: language)
        return DialogueTurn(number: number, cause: .speech(transcript), history: history, said: said, commit: commit)
    }
}

extension [DialogueDelta] {
    var text: String { compactMap { if case .text(let text) = $0 { text } else { nil } }.joined() }
    var actions: [CallAction] { compactMap { if case .action(let action) = $0 { action } else { nil } } }
    var reports: [ToolReport] { compactMap { if case .tool(let report) = $0 { report } else { nil } } }
    var working: [String] { compactMap { if case .working(let name) = $0 { name } else { nil } } }
    var replacements: [LegReplacement] {
        compactMap { if case .replaced(let replacement) = $0 { replacement } else { nil } }
    }
    var languages: [String] { compactMap { if case .language(let tag) = $0 { tag } else { nil } } }
    var wishes: [String] { compactMap { if case .wish(let wish) = $0 { wish } else { nil } } }
}

extension [ChatMessage] {
    var users: [String] { compactMap { if case .user(let text) = $0 { text } else { nil } } }
    var results: [(content: String, isError: Bool)] {
        compactMap { if case .tool(_, let content, let isError) = $0 { (content, isError) } else { nil } }
    }
}

extension DialogueMessage {
    static func caller(_ text: String) -> DialogueMessage { DialogueMessage(party: .caller, text: text) }
    static func agent(_ text: String, wasInterrupted: Bool = false) -> DialogueMessage {
        DialogueMessage(party: .agent, text: text, wasInterrupted: wasInterrupted)
    }
}
