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

    // MARK: The next provider is at it

    /// What the caller waits for while a leg's next provider is tried.
    struct Company: Sendable {
        /// Something is said then, unless what the caller waits for has come.
        var due: MediaInstant
        let leg: LegKind
        /// The caller's turn nobody has written down yet.
        let turn: Int?
        /// The reply that was being made, and how much of it there was.
        let reply: Int32?
        let pieces: Int
    }

    /// A provider failed and nothing was lost: those who watch learn of it, and a caller who waits does not wait in silence.
    mutating func replaced(_ replacement: LegReplacement, now: MediaInstant) -> [ConversationOutput] {
        var report: [ConversationOutput] = [.publish(.legFailed(replacement.error))]
        // The same provider once more replaces nobody.
        if replacement.from != replacement.to { report.append(.publish(.legReplaced(replacement))) }
        // Words would need the voice that has just failed; a recording does not.
        if replacement.leg == .tts { return report + (isSettled || isFillerOn ? [] : beginFiller()) }
        let waiting = companyWanted(replacement.leg, now: now)
        // The first failure counts from when it was.
        if company?.leg != waiting.leg || company?.turn != waiting.turn || company?.reply != waiting.reply {
            company = waiting
        }
        return report
    }

    private func companyWanted(_ leg: LegKind, now: MediaInstant) -> Company {
        Company(
            due: now.advanced(by: ConversationTimes.company),
            leg: leg,
            turn: openTurn,
            reply: current?.spoken.number,
            pieces: current?.spoken.pieces.count ?? 0
        )
    }

    /// The next provider takes its time.
    mutating func companyDue(now: MediaInstant) -> [ConversationOutput] {
        guard let waiting = company else { return [] }
        company = nil
        guard afterStop == nil, menu == nil, !isAskingConsent else { return [] }
        switch waiting.leg {
        case .tts:
            return []
        case .llm:
            guard let reply = current, reply.spoken.number == waiting.reply, !reply.isGenerated,
                reply.spoken.pieces.count == waiting.pieces,
                reply.companyKept < Self.companyForOneReply
            else { return [] }
            return phrases.oneMoment.isEmpty ? beginFiller() : sayOneMoment()
        case .stt:
            guard openTurn != nil, openTurn == waiting.turn, current == nil else { return [] }
            guard transcriptDue != nil else {
                // The caller still speaks.
                company = companyWanted(.stt, now: now)
                return []
            }
            guard !phrases.oneMoment.isEmpty else { return beginFiller() }
            return say(Announcement(text: phrases.oneMoment, expect: openQuestion), now: now)
        }
    }

    /// How often "one moment" is said before one answer: once when it is late, and after failures.
    private static let companyForOneReply = 3

    mutating func sayOneMoment() -> [ConversationOutput] {
        current?.companyKept += 1
        return speak([phrases.oneMoment])
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
