import Engine

/// Giving the caller to a person, or to what else is left.
extension ConversationMachine {
    /// The agent cannot go on: the keypad, then a person, then voicemail, then a polite end. Never silence.
    mutating func fallBack(saying reason: String, now: MediaInstant) -> [ConversationOutput] {
        guard profile.menu != nil, !hasSaidLastMenu else {
            return override(with: lastResort(saying: reason), now: now)
        }
        hasSaidLastMenu = true
        return override(with: openMenu(saying: reason, repeats: 0), now: now)
    }

    /// A person, else voicemail, else goodbye.
    func lastResort(saying words: String) -> Announcement {
        if let transfer = profile.transfer {
            return announcement(of: transfer, saying: joined(words, transfer.say))
        }
        if profile.voicemail != nil { return Announcement(text: words, action: .voicemail, isBinding: !canConverse) }
        return Announcement(text: joined(words, profile.goodbye), action: .hangUp, isBinding: !canConverse)
    }

    func announcement(of transfer: TenantProfile.Transfer, saying words: String) -> Announcement {
        Announcement(
            text: words,
            action: .transfer(to: transfer.number),
            brief: brief(of: transfer, intent: nil),
            isBinding: !canConverse
        )
    }

    /// - Parameter name: one of the tenant's transfers, or a number; nil is the tenant's own.
    func transfer(named name: String?) -> TenantProfile.Transfer? {
        guard let name else { return profile.transfer }
        if let known = profile.transfers[name] { return known }
        if let own = profile.transfer, own.number == name { return own }
        return profile.transfer.map { TenantProfile.Transfer(number: name, say: $0.say) } ?? .init(number: name)
    }

    // MARK: What the person is told

    /// What the person at a number of the tenant is told; nil for a blind transfer.
    func brief(for number: String) -> String? {
        let told = ([profile.transfer].compactMap { $0 } + profile.transfers.values).first {
            $0.number == number && $0.brief != nil
        }
        return told.flatMap { brief(of: $0, intent: nil) } ?? (isTriage ? wish : nil)
    }

    /// The tenant's words for the person, with the caller's wish in the place of `{intent}`.
    /// - Parameter intent: nil takes the last wish that was understood.
    func brief(of transfer: TenantProfile.Transfer, intent: String?) -> String? {
        guard let brief = transfer.brief else { return nil }
        let wish = intent ?? wish ?? ""
        return brief.split(separator: "{intent}", omittingEmptySubsequences: false).joined(separator: wish)
            .split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    /// What the caller wants, as far as it is known.
    private var wish: String? { lastWish ?? lastIntent.map(title) }

    private func title(of intent: String) -> String {
        let known = profile.intents.first { $0.name == intent }
        if let title = known?.title, !title.isEmpty { return title }
        return intent.split(separator: "_").joined(separator: " ")
    }

    // MARK: Triage

    var isTriage: Bool { profile.mode == .triage && profile.transfer != nil }

    mutating func understoodIntent(_ name: String, now: MediaInstant) -> [ConversationOutput] {
        lastIntent = name
        lastWish = nil
        guard isTriage, leadsToAPerson(name) else { return [] }
        return stopAnd(.say(triageHandOver()), now: now)
    }

    /// "Goodbye" and "say that again" are no wish.
    private func leadsToAPerson(_ intent: String) -> Bool {
        switch profile.intents.first(where: { $0.name == intent })?.outcome {
        case .hangUp, .repeatLast: false
        case .answer, .transfer, nil: true
        }
    }

    /// What is said instead of asking the model once more.
    func triageIsOver(before cause: DialogueTurn.Cause) -> Announcement? {
        guard isTriage, turns > profile.agent.triageTurns else { return nil }
        switch cause {
        case .speech, .notUnderstood: return triageHandOver()
        case .silence, .digit, .emergency: return nil
        }
    }

    /// The person always hears what it is about, as far as it is known.
    private func triageHandOver() -> Announcement {
        guard let transfer = profile.transfer else { return lastResort(saying: "") }
        var handOver = announcement(of: transfer, saying: transfer.say)
        handOver.isBinding = true
        if handOver.brief == nil { handOver.brief = wish }
        return handOver
    }

    // MARK: Doing it

    /// Does what a reply announced. Nothing comes after it but the call's end.
    mutating func act(
        _ action: CallAction,
        brief: String?,
        isPrompt: Bool,
        now: MediaInstant
    ) -> [ConversationOutput] {
        let published = ConversationOutput.publish(.action(action))
        switch action {
        case .hangUp:
            return [published, .command(.close(isPrompt ? .silent : .agentHungUp))]
        case .voicemail:
            return [published, .command(.close(.voicemail))]
        case .transfer(let number):
            transferTo = number
            transferBrief = brief
            guard line.handOverTime > .zero else { return [published, .command(.close(.transferred))] }
            handingOverUntil = now.advanced(by: line.handOverTime)
            let music = line.holdMusic.map {
                ConversationOutput.command(.beginBackground(BackgroundPlay(recording: $0)))
            }
            return [published, .publish(.handingOver(to: number, brief: brief))] + (music.map { [$0] } ?? [])
        }
    }

    func joined(_ first: String, _ second: String) -> String {
        [first, second].filter { !$0.isEmpty }.joined(separator: " ")
    }
}
