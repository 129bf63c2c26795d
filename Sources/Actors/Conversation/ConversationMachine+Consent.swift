import Engine

/// How a call begins: consent to being recorded where it is needed, then the greeting.
extension ConversationMachine {
    var isAskingConsent: Bool { current?.purpose == .consent && profile.consent?.kind == .ask || consentUntil != nil }

    mutating func open(now: MediaInstant) -> [ConversationOutput] {
        // An operator's decision may have come first: it stands.
        guard replies == 0 else { return [] }
        // No model answers here, however the call came: a person does.
        guard profile.mode != .humanOnly else { return say(lastResort(saying: ""), now: now) }
        guard let consent = profile.consent, consent.kind == .ask || line.announcesConsent else {
            return [.startRecording] + say(greeting(), now: now)
        }
        return say(
            Announcement(text: consent.say, expect: consent.kind == .ask ? .yesNo : nil, purpose: .consent),
            now: now
        )
    }

    /// The caller has heard the announcement or the question to its end.
    mutating func consentHeard(now: MediaInstant) -> [ConversationOutput] {
        guard profile.consent?.kind == .ask else { return [.startRecording] + beginTalking(now: now) }
        consentUntil = now.advanced(by: ConversationTimes.consent)
        return []
    }

    mutating func consentPressed(_ key: Character, now: MediaInstant) -> [ConversationOutput] {
        switch key {
        case "1": consentGiven(true, now: now)
        case "2": consentGiven(false, now: now)
        default: []
        }
    }

    mutating func consentAnswered(
        _ transcript: Transcript,
        timeline: TurnTimeline?,
        now: MediaInstant
    ) -> [ConversationOutput] {
        switch ConsentAnswer(transcript.text) {
        case .yes where !transcript.isRejected: return consentGiven(true, now: now)
        case .yes, .no: return consentGiven(false, now: now)
        case .other:
            // A caller who comes straight to the point is answered, unrecorded.
            return consentSettled(false, now: now) + stopAnd(.ask(.speech(transcript), timeline), now: now)
        }
    }

    /// Nothing was answered: the call goes on unrecorded.
    mutating func consentUnanswered(now: MediaInstant) -> [ConversationOutput] {
        guard openTurn == nil else {
            // The answer is being spoken or written down; a transcript that never comes has its own limit.
            consentUntil = now.advanced(by: ConversationTimes.consent)
            return []
        }
        return consentGiven(false, now: now)
    }

    private mutating func consentGiven(_ isGiven: Bool, now: MediaInstant) -> [ConversationOutput] {
        consentSettled(isGiven, now: now) + stopAnd(.say(greeting()), now: now)
    }

    private mutating func consentSettled(_ isGiven: Bool, now: MediaInstant) -> [ConversationOutput] {
        consentUntil = nil
        if current?.purpose == .consent { current?.purpose = .dialogue }
        return (isGiven ? [.startRecording] : []) + [.publish(.consent(isGiven: isGiven)), .command(unprotected(now))]
    }

    private mutating func beginTalking(now: MediaInstant) -> [ConversationOutput] {
        [.command(unprotected(now))] + say(greeting(), now: now)
    }

    /// From here on the greeting's own protection counts.
    private func unprotected(_ now: MediaInstant) -> CallCommand {
        .protect(until: now.advanced(by: .milliseconds(profile.turnTaking.protectGreetingMilliseconds)))
    }
}
