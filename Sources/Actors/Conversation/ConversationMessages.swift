import Engine

/// What reaches a conversation, from its call and its legs.
public enum ConversationInput: Sendable {
    case opened
    case event(CallEvent)
    /// `work`: the recogniser's own time. For a final: from the turn's end to the text. For a partial: from the newest sound it
    /// was given to the text. For a provisional: from the pause to the text.
    case transcript(TranscriptEvent, work: TurnTimeline.Work?)
    case dialogue(reply: Int32, DialogueDelta)
    case dialogueFinished(reply: Int32)
    case dialogueFailed(reply: Int32, LegError)
    case speechPlanned(reply: Int32, piece: Int, words: [SpokenWord])
    case speechStarted(reply: Int32, work: TurnTimeline.Work)
    case speechReplaced(LegReplacement)
    case speechFailed(reply: Int32, LegError)
    /// From outside: an operator, a provider.
    case instructed(CallInstruction)
    /// The machine's `deadline` has come.
    case timeout
}

/// What a conversation wants done. The actor carries out all of them, in order, before the next input.
public enum ConversationOutput: Sendable {
    case command(CallCommand)
    /// Ask the model; its answer is reply `reply`.
    case ask(DialogueTurn, reply: Int32)
    /// The turn a model was asked about ahead of its end is over.
    case commit(DialogueCommit)
    /// The pieces of this reply that follow are in this language (BCP 47), and not in the tenant's own.
    case language(String, reply: Int32)
    /// Synthesise this piece of a reply.
    case speak(String, reply: Int32, piece: Int)
    /// No more pieces will come for this reply.
    case finishSpeech(reply: Int32)
    /// Stop thinking and speaking for every reply up to this one.
    case cancel(through: Int32)
    case expect(Expectation)
    /// The caller knows and agrees: recording may begin.
    case startRecording
    case publish(CallHappening)
}
