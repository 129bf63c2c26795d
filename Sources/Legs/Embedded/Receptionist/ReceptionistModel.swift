import Actors
import Foundation
import Synchronization

/// The embedded thinking leg: answers from the tenant's profile alone, with no network and no model.
public struct ReceptionistModel: DialogueModel {
    public let provider = "embedded"

    public init() {}

    public func open(_ request: DialogueRequest) async throws -> any DialogueSession {
        ReceptionistSession(request)
    }
}

/// One call's receptionist. Streams its answer the way a cloud model does: the intent, then the text word by word, then
/// what is expected, then what to do.
///
/// A turn that is asked again under the same number takes the place of the first asking: a reply that was started on
/// a guess and thrown away leaves no trace.
final class ReceptionistSession: DialogueSession {
    private struct State {
        var receptionist: Receptionist
        var before: Receptionist
        var turn: Int?
    }

    private let state: Mutex<State>
    private let now: @Sendable () -> Date

    init(_ request: DialogueRequest) {
        let receptionist = Receptionist(profile: request.profile)
        state = Mutex(State(receptionist: receptionist, before: receptionist))
        now = request.now
    }

    func reply(to turn: DialogueTurn) -> AsyncThrowingStream<DialogueDelta, any Error> {
        let now = now()
        let reply = state.withLock { state in
            if state.turn == turn.number {
                state.receptionist = state.before
            } else {
                state.before = state.receptionist
                state.turn = turn.number
            }
            return state.receptionist.reply(to: turn.cause, turn: turn.number, now: now, history: turn.history)
        }
        let remaining = Mutex(reply.deltas[...])
        return AsyncThrowingStream {
            try Task.checkCancellation()
            return remaining.withLock { $0.popFirst() }
        }
    }
}
