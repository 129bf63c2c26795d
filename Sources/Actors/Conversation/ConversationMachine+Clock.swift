import Engine

/// What happens because nothing else did.
extension ConversationMachine {
    /// When `.timeout` is to be given; nil: nothing is waited for.
    public var deadline: MediaInstant? {
        guard !hasEnded else { return nil }
        var earliest: MediaInstant?
        func consider(_ instant: MediaInstant?) {
            guard let instant else { return }
            earliest = earliest.map { min($0, instant) } ?? instant
        }
        consider(handingOverUntil)
        consider(suspicion?.actAt)
        consider(replyDue)
        guard !isSettled else { return earliest }
        consider(consentUntil)
        consider(menu?.until)
        consider(fillerAt)
        consider(transcriptDue)
        consider(company?.due)
        return earliest
    }

    mutating func elapsed(now: MediaInstant) -> [ConversationOutput] {
        func isDue(_ instant: MediaInstant?) -> Bool { instant.map { $0 <= now } ?? false }
        if let suspicion, suspicion.actAt <= now {
            return emergency(suspicion.word, heardAt: suspicion.heardAt, now: now)
        }
        if isDue(handingOverUntil) {
            // The provider has not moved the call: its next verb does.
            handingOverUntil = now.advanced(by: line.handOverTime)
            return [.command(.close(.transferred))]
        }
        if isDue(replyDue) { return replyOverdue(now: now) }
        guard !isSettled else { return [] }
        if isDue(transcriptDue) { return transcriptMissing(now: now) }
        if isDue(consentUntil) { return consentUnanswered(now: now) }
        if isDue(fillerAt) { return waitedLong(now: now) }
        if isDue(company?.due) { return companyDue(now: now) }
        if isDue(menu?.until) { return menuUnanswered(now: now) }
        return []
    }

    private mutating func menuUnanswered(now: MediaInstant) -> [ConversationOutput] {
        guard openTurn == nil, current == nil else {
            menu?.until = nil
            return []
        }
        return say(menuAgain(), now: now)
    }

    // MARK: A reply that does not come

    /// When the reply that is being made must have got further; nil while it is on its way as it should be.
    private var replyDue: MediaInstant? {
        guard let reply = current else { return nil }
        guard let generatedAt = reply.generatedAt else { return reply.lastDelta.advanced(by: ConversationTimes.model) }
        if reply.isAudible {
            return reply.action == nil
                ? nil : generatedAt.advanced(by: ConversationTimes.voice + ConversationTimes.hearing(reply.spoken.text))
        }
        guard !reply.spoken.pieces.isEmpty else { return nil }
        let patience = reply.isBinding ? ConversationTimes.urgentVoice : ConversationTimes.voice
        return generatedAt.advanced(by: patience)
    }

    private mutating func replyOverdue(now: MediaInstant) -> [ConversationOutput] {
        guard let reply = current else { return [] }
        let number = reply.spoken.number
        if reply.isGenerated {
            let error = timeout(of: .tts, cause: "words were handed over and not heard in time")
            return [.cancel(through: number)] + voiceFailed(reply: number, error: error, now: now)
        }
        if reply.spoken.pieces.allSatisfy({ $0.text == phrases.oneMoment }) {
            let error = timeout(of: .llm, cause: "the model was asked and did not answer in time")
            return modelFailed(reply: number, error: error, now: now)
        }
        // What it has said so far is the answer.
        return generated(reply: number, now: now)
    }

    // MARK: An answer that is late

    /// The caller has finished: something is heard in good time, whatever becomes of the answer. A provider that accepts and never
    /// answers is not known to have failed before its deadline.
    mutating func planFiller(after lastSpeech: MediaInstant) {
        fillerAt = lastSpeech.advanced(by: .milliseconds(profile.sound.fillerAfterMilliseconds))
    }

    private mutating func waitedLong(now: MediaInstant) -> [ConversationOutput] {
        guard line.filler == nil else { return beginFiller() }
        fillerAt = nil
        guard !phrases.oneMoment.isEmpty, afterStop == nil, menu == nil, !isAskingConsent else { return [] }
        if let reply = current {
            guard reply.timeline != nil, !reply.isGenerated, reply.spoken.pieces.isEmpty else { return [] }
            return sayOneMoment()
        }
        guard openTurn != nil, transcriptDue != nil else { return [] }
        return say(Announcement(text: phrases.oneMoment, expect: openQuestion), now: now)
    }

    mutating func beginFiller() -> [ConversationOutput] {
        fillerAt = nil
        let isAwaited = openTurn != nil || current != nil && current?.isAudible == false
        guard let filler = line.filler, isAwaited else { return [] }
        isFillerOn = true
        return [.command(.beginBackground(BackgroundPlay(recording: filler, loops: false, endsWithReply: true)))]
    }

    /// The caller speaks: nothing is played under it.
    mutating func endFiller() -> [ConversationOutput] {
        guard isFillerOn else { return [] }
        isFillerOn = false
        return [.command(.endBackground)]
    }
}
