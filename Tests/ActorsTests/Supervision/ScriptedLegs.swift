import Actors
import Engine

/// What a scripted provider does, one after another.
enum Step<Delta: Sendable>: Sendable {
    case say(Delta)
    case wait(Duration)
    case fail(LegError)
    /// Says nothing more, and does not end.
    case hang
}

extension LegError {
    static func fault(
        _ leg: LegKind,
        _ provider: String,
        _ code: String = "unavailable",
        isRetryable: Bool = true,
        retryAfter: Duration? = nil
    ) -> LegError {
        LegError(
            leg: leg,
            provider: provider,
            code: code,
            cause: "as scripted",
            isRetryable: isRetryable,
            retryAfter: retryAfter
        )
    }
}

/// What happened at scripted providers.
final class Ledger: Sendable {
    private struct State {
        var live = 0
        var events: [String] = []
    }
    private let state = Locked(State())

    /// Streams and sessions that were begun and have not ended.
    var live: Int { state.withLock { $0.live } }
    var events: [String] { state.withLock { $0.events } }
    func note(_ event: String) { state.withLock { $0.events.append(event) } }
    func begin() { state.withLock { $0.live += 1 } }
    func end() { state.withLock { $0.live -= 1 } }

    /// A stream that follows a script in virtual time.
    func stream<Delta: Sendable>(
        _ name: String,
        _ steps: [Step<Delta>],
        _ time: VirtualTime
    ) -> AsyncThrowingStream<Delta, any Error> {
        AsyncThrowingStream { stream in
            begin()
            let task = time.task {
                do {
                    for step in steps {
                        switch step {
                        case .say(let delta): stream.yield(delta)
                        case .wait(let duration): try await time.sleep(duration)
                        case .fail(let error): throw error
                        case .hang: try await time.sleep(.seconds(86_400))
                        }
                    }
                    stream.finish()
                } catch {
                    stream.finish(throwing: error)
                }
            }
            stream.onTermination = { reason in
                if case .cancelled = reason { self.note("\(name) cancelled") }
                task.cancel()
                self.end()
            }
        }
    }
}

struct ScriptedModel: DialogueModel {
    let provider: String
    let time: VirtualTime
    let ledger: Ledger
    var openFault: Step<DialogueDelta>?
    let script: @Sendable (DialogueTurn) -> [Step<DialogueDelta>]

    func open(_ request: DialogueRequest) async throws -> any DialogueSession {
        ledger.note("\(provider) open")
        switch openFault {
        case .fail(let error): throw error
        case .hang: try await time.sleep(.seconds(86_400))
        case .wait(let duration): try await time.sleep(duration)
        case .say, nil: break
        }
        return Session(model: self)
    }

    struct Session: DialogueSession {
        let model: ScriptedModel
        func reply(to turn: DialogueTurn) -> AsyncThrowingStream<DialogueDelta, any Error> {
            model.ledger.note("\(model.provider) asked '\(turn.said)'")
            return model.ledger.stream(model.provider, model.script(turn), model.time)
        }
    }
}

/// A language model that follows a script for each request.
struct ScriptedChat: ChatModel {
    let provider: String
    let time: VirtualTime
    let ledger: Ledger
    let script: @Sendable (ChatRequest) -> [Step<ChatDelta>]

    func warm() async { ledger.note("\(provider) warm") }

    func answer(_ request: ChatRequest) -> AsyncThrowingStream<ChatDelta, any Error> {
        ledger.note("\(provider) asked '\(request.saidBefore)'")
        return ledger.stream(provider, script(request), time)
    }
}

extension ChatRequest {
    /// What of the answer somebody else has said already.
    var saidBefore: String {
        guard case .user(let note) = messages.last, note.hasPrefix("[A fault cut"),
            case .assistant(let said, let calls) = messages.dropLast().last, calls.isEmpty
        else { return "" }
        return said
    }
}

struct ScriptedVoice: Synthesizer {
    let provider: String
    let time: VirtualTime
    let ledger: Ledger
    let script: @Sendable (SpeechRequest) -> [Step<SpeechDelta>]

    func synthesize(_ request: SpeechRequest) -> AsyncThrowingStream<SpeechDelta, any Error> {
        ledger.note("\(provider) speaks '\(request.text)' as \(request.voice)")
        return ledger.stream(provider, script(request), time)
    }
}

/// What a stream gave, and when.
struct Received<Delta: Sendable>: Sendable {
    var deltas: [(at: Duration, delta: Delta)] = []
    var error: LegError?
    var took = Duration.zero
}

extension VirtualTime {
    /// Reads a stream to its end; nothing is left afterwards.
    func read<Delta: Sendable>(
        _ make: @escaping @Sendable () async throws -> AsyncThrowingStream<Delta, any Error>
    ) -> Received<Delta> {
        let result = Locked(Received<Delta>())
        let start = now
        run {
            do {
                for try await delta in try await make() {
                    result.withLock { $0.deltas.append((start.duration(to: self.now), delta)) }
                }
            } catch {
                result.withLock { $0.error = error as? LegError }
            }
            result.withLock { $0.took = start.duration(to: self.now) }
        }
        return result.withLock { $0 }
    }
}

extension Received where Delta == DialogueDelta {
    var text: String {
        deltas.map { if case .text(let text) = $0.delta { text } else { "" } }.joined()
    }
    var firstText: Duration? { deltas.first { if case .text = $0.delta { true } else { false } }?.at }
    var replacements: [LegReplacement] {
        deltas.compactMap { if case .replaced(let replacement) = $0.delta { replacement } else { nil } }
    }
    var actions: [CallAction] {
        deltas.compactMap { if case .action(let action) = $0.delta { action } else { nil } }
    }
}

extension Received where Delta == ChatDelta {
    var text: String {
        deltas.map { if case .text(let text) = $0.delta { text } else { "" } }.joined()
    }
    var firstText: Duration? { deltas.first { if case .text = $0.delta { true } else { false } }?.at }
    var calls: [String] { deltas.compactMap { if case .call(let call) = $0.delta { call.name } else { nil } } }
    var replacements: [LegReplacement] {
        deltas.compactMap { if case .replaced(let replacement) = $0.delta { replacement } else { nil } }
    }
    /// The last delta's, as it must be.
    var finish: ChatFinish? { if case .finished(let reason)? = deltas.last?.delta { reason } else { nil } }
}

extension Received where Delta == SpeechDelta {
    var audio: [Int16] {
        deltas.reduce(into: []) { audio, next in
            if case .audio(let samples) = next.delta { audio += samples }
        }
    }
    var firstAudio: Duration? { deltas.first { if case .audio = $0.delta { true } else { false } }?.at }
    var words: [SpokenWord] {
        deltas.compactMap { if case .words(let words) = $0.delta { words } else { nil } }.last ?? []
    }
    var replacements: [LegReplacement] {
        deltas.compactMap { if case .replaced(let replacement) = $0.delta { replacement } else { nil } }
    }
}
