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
/// What the caller said can be taken back: a reply started on a guess is thrown away, or the caller goes on before a word
/// of it was heard, and the same words come again with more behind them. `isTakenBack` knows both; the turn before then
/// leaves no trace, whatever comes after it: words, a key or silence.
final class ReceptionistSession: DialogueSession {
    private struct State {
        var receptionist: Receptionist
        /// Before the last turn, and that turn.
        var before: Receptionist
        var last: DialogueTurn?

        /// The last turn is void: it was a guess that never came true; or it was speech that is asked again under its
        /// number, or whose words are no longer in the history that came with the new turn.
        func isTakenBack(by turn: DialogueTurn) -> Bool {
            guard let last else { return false }
            if let commit = last.commit, !commit.isCommitted { return true }
            guard last.cause.isSpoken, turn.cause.isSpoken else { return false }
            return last.number == turn.number || (!turn.history.isEmpty && last.history == turn.history)
        }
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
            if state.isTakenBack(by: turn) { state.receptionist = state.before }
            state.before = state.receptionist
            state.last = turn
            return state.receptionist.reply(to: turn.cause, turn: turn.number, now: now, history: turn.history)
        }
        let remaining = Mutex(reply.deltas[...])
        return AsyncThrowingStream {
            try Task.checkCancellation()
            return remaining.withLock { $0.popFirst() }
        }
    }
}

extension DialogueTurn.Cause {
    fileprivate var isSpoken: Bool {
        switch self {
        case .speech, .notUnderstood: true
        case .silence, .digit, .emergency: false
        }
    }
}
