import Actors
import Engine
import Synchronization

/// Collects what is said in the agent's calls until they end: the last words that were heard, not those that were meant.
///
/// A caller who was asked whether the call may be recorded and did not say yes is not kept at all. Bounded per call by
/// `CallTranscript`, and by the engine's calls.
package final class HeldConversations: CallObserver {
    /// A call that has ended.
    package struct Ended: Sendable {
        package var call: CallIdentity
        /// nil: the caller did not agree to being kept.
        package var transcript: CallTranscript?
        /// Somebody else talked with the caller afterwards, or a message was left.
        package var goesOn: Bool

        package init(call: CallIdentity, transcript: CallTranscript?, goesOn: Bool) {
            self.call = call
            self.transcript = transcript
            self.goesOn = goesOn
        }
    }

    private let calls = Mutex<[String: HeldWords]>([:])
    private let hears: @Sendable (String) -> (provider: String, asksConsent: Bool)
    private let ended: @Sendable (Ended) -> Void

    /// - Parameters:
    ///   - hears: who transcribes a tenant's calls, and whether its callers are asked before they are recorded.
    ///   - ended: told of each call once, when it has ended. Must not wait.
    package init(
        hears: @escaping @Sendable (String) -> (provider: String, asksConsent: Bool),
        ended: @escaping @Sendable (Ended) -> Void
    ) {
        self.hears = hears
        self.ended = ended
    }

    package func call(_ call: CallIdentity, at instant: MediaInstant, _ happening: CallHappening) {
        let start = Double(instant.nanoseconds) / 1e9
        switch happening {
        case .started:
            let (provider, asks) = hears(call.tenant)
            calls.withLock { $0[call.id] = HeldWords(provider: provider, asksConsent: asks) }
        case .callerSaid(let turn, let text, _):
            change(call) { $0.add(HeldWords.Line(turn: turn, speaker: .caller, text: text, start: start)) }
        case .agentSaid(let turn, let text):
            change(call) { $0.said(HeldWords.Line(turn: turn, speaker: .agent, text: text, start: start)) }
        case .interrupted(let turn, let heard, _, _):
            change(call) {
                $0.interrupted(HeldWords.Line(turn: turn, speaker: .agent, text: heard, isCut: true, start: start))
            }
        case .resumed(let turn): change(call) { $0.resumed(turn) }
        case .consent(let isGiven): change(call) { $0.consent = isGiven }
        case .legReplaced(let replacement) where replacement.leg == .stt:
            change(call) { $0.provider = replacement.to }
        case .ended(let outcome):
            guard let held = calls.withLock({ $0.removeValue(forKey: call.id) }) else { return }
            let goesOn = outcome.reason == .transferred || outcome.reason == .voicemail
            ended(Ended(call: call, transcript: held.transcript, goesOn: goesOn))
        case .intent, .turn, .action, .emergency, .handingOver, .legFailed, .legReplaced, .tool: break
        }
    }

    private func change(_ call: CallIdentity, _ body: (inout HeldWords) -> Void) {
        calls.withLock { calls in
            guard var held = calls[call.id] else { return }
            calls[call.id] = nil
            body(&held)
            calls[call.id] = held
        }
    }
}
