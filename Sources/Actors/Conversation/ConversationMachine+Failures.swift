import Engine

/// What the conversation does when a leg fails.
extension ConversationMachine {
    mutating func modelFailed(reply: Int32, error: LegError, now: MediaInstant) -> [ConversationOutput] {
        let report: [ConversationOutput] = [.publish(.legFailed(error))]
        guard let asked = current, asked.spoken.number == reply, !asked.isGenerated else { return report }
        modelFailures += 1
        guard canConverse else { return report + fallBack(saying: phrases.wentWrong, now: now) }
        return report + override(with: Announcement(text: phrases.sayAgain, expect: .intents), now: now)
    }

    /// A provider failed and nothing was lost: only those who watch learn of it.
    func replaced(_ replacement: LegReplacement) -> [ConversationOutput] {
        [.publish(.legFailed(replacement.error)), .publish(.legReplaced(replacement))]
    }

    /// Without ears the agent says so once; the keypad and a person remain.
    mutating func becomeDeaf(now: MediaInstant) -> [ConversationOutput] {
        isDeaf = true
        consentUntil = nil
        closeTurn()
        guard !isSettled else { return [] }
        return fallBack(saying: phrases.cannotHear, now: now)
    }

    /// Without a voice the provider's own verbs are the only way left to be heard; what was to follow the words is done now.
    mutating func voiceFailed(reply: Int32, error: LegError, now: MediaInstant) -> [ConversationOutput] {
        let report: [ConversationOutput] = [.publish(.legFailed(error))]
        guard handingOverUntil == nil else { return report }
        if let speaking = current, let action = speaking.action,
            speaking.isBinding || speaking.isGenerated && speaking.spoken.number == reply
        {
            current = nil
            return report + act(action, brief: speaking.brief, isPrompt: speaking.isPrompt, now: now)
        }
        // The failure of a reply that was given up for another one: that one will say how it fares.
        if let number = current?.spoken.number, reply < number { return report }
        return report + [.command(.close(.legFailed))]
    }

    /// A turn's transcript has not come in time.
    mutating func transcriptMissing(now: MediaInstant) -> [ConversationOutput] {
        let turn = openTurn
        closeTurn()
        missingTranscripts += 1
        let error = timeout(of: .stt, cause: "a turn was handed over and no transcript came back in time")
        guard missingTranscripts < 2 else { return [.publish(.legFailed(error))] + becomeDeaf(now: now) }
        let timeline = turn.flatMap { timelines.removeValue(forKey: $0) }
        return [.publish(.legFailed(error))] + afterNothing(timeline: timeline, now: now)
    }

    /// The leg did not tell: the conversation's patience is over.
    func timeout(of leg: LegKind, cause: String) -> LegError {
        LegError(leg: leg, provider: "engine", code: "timeout", cause: cause, isRetryable: true)
    }
}
