import Engine

/// What operators and providers tell a live call.
extension ConversationMachine {
    /// Sentences that wait to be said; more are refused, oldest kept.
    private static let maximumInstructed = 8

    mutating func carryOut(_ instruction: CallInstruction, now: MediaInstant) -> [ConversationOutput] {
        guard handingOverUntil == nil else {
            // Nothing is said any more to somebody who hears music; only an end is still possible.
            return instruction == .hangUp ? [.command(.close(.agentHungUp))] : []
        }
        switch instruction {
        case .say(let text):
            if instructed.count < Self.maximumInstructed { instructed.append(text) }
            return []
        case .transfer(let number, let announcement, let brief):
            var handOver = self.announcement(for: .transfer(number), saying: announcement ?? "")
            handOver.brief = brief ?? handOver.brief
            return settle(handOver, now: now)
        case .hangUp:
            return settle(Announcement(text: profile.goodbye, action: .hangUp), now: now)
        }
    }

    /// An operator's decision stands, whatever the caller says while it is announced.
    private mutating func settle(_ announcement: Announcement, now: MediaInstant) -> [ConversationOutput] {
        var announcement = announcement
        announcement.isBinding = true
        consentUntil = nil
        closeTurn()
        return override(with: announcement, now: now)
    }

    /// Says the next of an operator's sentences when nobody else has something to say.
    mutating func sayInstructed(now: MediaInstant) -> [ConversationOutput] {
        guard !instructed.isEmpty, current == nil, openTurn == nil, afterStop == nil, replies > 0, !isAskingConsent,
            !isSettled, transferTo == nil
        else { return [] }
        return say(Announcement(text: instructed.removeFirst()), now: now)
    }
}
