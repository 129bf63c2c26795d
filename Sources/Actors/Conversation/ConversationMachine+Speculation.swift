import Engine

/// An answer that is thought out and spoken into the ring while the caller may still go on.
///
/// The conversation is a value: a speculation lets it live on as if the turn were over, and keeps what it was before. Whatever
/// does not belong to the answer itself brings that back, and nothing remains but a number that is not used again.
extension ConversationMachine {
    struct Speculation: Sendable {
        /// One: the conversation before.
        var before: [ConversationMachine]
        var turn: Int
        var reply: Int32
        var transcript: Transcript
        let commit: DialogueCommit
        /// Told once the turn is over.
        var held: [ConversationOutput]
        /// What the model gave and cannot be carried out yet, from the first such thing on.
        var backlog: [ConversationInput] = []
    }

    /// More of an answer than this is not made ready ahead.
    private static let maximumBacklog = 512

    /// Asks the model about the turn as if it had ended in this pause.
    mutating func speculate(
        on transcript: Transcript,
        _ pause: Pausing,
        now: MediaInstant
    ) -> [ConversationOutput] {
        guard isPlainDialogue, !transcript.text.isEmpty, !transcript.isRejected else { return [] }
        let before = self
        var ahead = self
        ahead.closeTurn()
        ahead.pausing = nil
        var timeline = TurnTimeline(lastSpeech: pause.lastSpeech, decided: now)
        timeline.stt = pause.work
        let commit = DialogueCommit()
        var (outputs, held): ([ConversationOutput], [ConversationOutput]) = ([], [])
        var hasAsked = false
        for output in ahead.understood(transcript, timeline: timeline, now: now) {
            switch output {
            case .publish, .expect: held.append(output)
            case .command(.beginReply(let reply)): outputs.append(.command(.holdReply(reply, pause: pause.number)))
            case .ask(var turn, let reply):
                turn.commit = commit
                hasAsked = true
                outputs.append(.ask(turn, reply: reply))
            // The turn leads somewhere else than to the model: that waits for its end.
            default: return []
            }
        }
        guard hasAsked else { return [] }
        ahead.speculation = Speculation(
            before: [before],
            turn: pause.turn,
            reply: ahead.replies,
            transcript: transcript,
            commit: commit,
            held: held
        )
        self = ahead
        return outputs
    }

    /// An input while an answer is being made ready.
    mutating func respondAhead(to input: ConversationInput, now: MediaInstant) -> [ConversationOutput] {
        guard let ahead = speculation else { return respond(to: input, now: now) }
        switch input {
        case .event(.callerEnded(let turn, let lastSpeech, let at)) where Int(turn) == ahead.turn:
            return commit(TurnTimeline(lastSpeech: lastSpeech, decided: at), now: now)
        case .dialogue(let reply, _), .dialogueFinished(let reply), .speechPlanned(let reply, _, _),
            .speechStarted(let reply, _):
            return reply == ahead.reply ? advance(input, now: now) : []
        case .dialogueFailed(let reply, let error), .speechFailed(let reply, let error):
            // The turn is asked about again when it is over.
            return (reply == ahead.reply ? withdraw() : []) + [.publish(.legFailed(error))]
        case .speechReplaced(let replacement), .transcript(.replaced(let replacement), _):
            return replaced(replacement, now: now)
        case .event(.replyAudible), .event(.replyPlayed):
            return []
        case .transcript(.partial, _), .transcript(.endpoint, _):
            return noteBefore(input, now: now)
        case .transcript(.provisional(let transcript, ahead.turn), _) where transcript.text == ahead.transcript.text:
            return []
        case .opened, .event, .transcript, .instructed, .timeout:
            return withdraw() + respond(to: input, now: now)
        }
    }

    /// What the model or the voice gives: carried out as far as nobody notices.
    private mutating func advance(_ input: ConversationInput, now: MediaInstant) -> [ConversationOutput] {
        guard speculation?.backlog.isEmpty == true else { return putBack(input) }
        var next = self
        var (outputs, held): ([ConversationOutput], [ConversationOutput]) = ([], [])
        for output in next.respond(to: input, now: now) {
            switch output {
            case .language, .speak, .finishSpeech: outputs.append(output)
            // What a provider did is a fact, whatever becomes of the turn.
            case .publish(.legFailed), .publish(.legReplaced), .publish(.tool): outputs.append(output)
            case .publish, .expect: held.append(output)
            case .command, .ask, .commit, .cancel, .startRecording: return putBack(input)
            }
        }
        next.speculation?.held += held
        self = next
        return outputs
    }

    private mutating func putBack(_ input: ConversationInput) -> [ConversationOutput] {
        guard let count = speculation?.backlog.count, count < Self.maximumBacklog else { return withdraw() }
        speculation?.backlog.append(input)
        return []
    }

    /// Words of the recogniser belong to the turn and not to the answer: an alarm in them ends the speculation.
    private mutating func noteBefore(_ input: ConversationInput, now: MediaInstant) -> [ConversationOutput] {
        guard var before = speculation?.before.first else { return [] }
        let outputs = before.respond(to: input, now: now)
        let isHarmless = outputs.allSatisfy { if case .command(.endpoint) = $0 { true } else { false } }
        guard isHarmless, before.suspicion == nil else { return withdraw() + respond(to: input, now: now) }
        speculation?.before = [before]
        return outputs
    }

    /// The caller goes on, or something else came between: the answer is void.
    private mutating func withdraw() -> [ConversationOutput] {
        guard let void = speculation, var before = void.before.first else { return [] }
        before.replies = replies
        before.withdrawn = void.reply
        self = before
        return [.cancel(through: void.reply), .command(.discardReply(void.reply))]
    }

    /// The turn ended where it was taken to end. The pipeline has let the reply go in the same tick.
    private mutating func commit(_ timeline: TurnTimeline, now: MediaInstant) -> [ConversationOutput] {
        guard let ready = speculation else { return [] }
        speculation = nil
        current?.timeline?.lastSpeech = timeline.lastSpeech
        current?.timeline?.decided = timeline.decided
        noteAnswered(ready.turn, ready.transcript.text, after: ready.before.first?.carried ?? "")
        planFiller(after: timeline.lastSpeech)
        var outputs = ready.held + [.commit(ready.commit)]
        for input in ready.backlog { outputs += respond(to: input, now: now) }
        return outputs
    }
}
