import Engine

/// What words do while the agent speaks, and what is said while a tool works.
extension ConversationMachine {
    var interruptingWords: InterruptingWords {
        InterruptingWords(minimum: profile.turnTaking.bargeInWords, backchannel: backchannel)
    }

    /// The agent asks something that one short word answers.
    var isAnswerAwaited: Bool {
        switch current?.expectation {
        case .yesNo: true
        case .digits, .choice: interruptingWords.minimum > 0
        case .intents, .dayTime, .name, .anything, nil: false
        }
    }

    /// Where sound alone does not stop the agent, enough words do.
    mutating func interruptByWords(_ text: String, turn: Int, now: MediaInstant) -> [ConversationOutput] {
        guard openTurn == turn, let reply = current, reply.isAudible, !reply.isBinding, !isSettled, !isAskingConsent,
            afterStop == nil, wordsStopSince == nil, now >= protectedUntil, interruptingWords.stop(text)
        else { return [] }
        wordsStopSince = turnOnset
        return [.command(.stopSpeaking)]
    }

    /// A tool takes a moment, and nothing was said yet: the tenant's filler is played, or a few words are.
    mutating func keepCompany() -> [ConversationOutput] {
        guard let reply = current, !reply.isAudible, reply.companyKept == 0, reply.spoken.pieces.isEmpty else {
            return []
        }
        // A sound cannot be taken back, and the caller may still be speaking: it comes with the turn's end (`planFiller`).
        if line.filler != nil { return speculation == nil && !isFillerOn ? beginFiller() : [] }
        return phrases.oneMoment.isEmpty ? [] : sayOneMoment()
    }
}
