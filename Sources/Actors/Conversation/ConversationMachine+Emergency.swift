import Engine

/// The emergency path: no model takes part, and nothing the agent is doing delays it.
extension ConversationMachine {
    /// An emergency word that the caller's next word may still deny.
    struct Suspicion: Sendable {
        var word: String
        var heardAt: MediaInstant
        var actAt: MediaInstant
    }

    /// - Parameter heardAt: the newest sound that is in `text`.
    mutating func spot(
        _ text: String,
        isFinal: Bool,
        heardAt: MediaInstant,
        now: MediaInstant
    ) -> [ConversationOutput] {
        guard !emergencyHandled, handingOverUntil == nil else { return [] }
        switch spotter.alarm(in: text, isFinal: isFinal) {
        case .none:
            suspicion = nil
            return []
        case .likely(let word):
            if suspicion == nil {
                let actAt = now.advanced(by: ConversationTimes.denial)
                suspicion = Suspicion(word: word, heardAt: heardAt, actAt: actAt)
            }
            return []
        case .certain(let word):
            return emergency(word, heardAt: suspicion?.heardAt ?? heardAt, now: now)
        }
    }

    /// Warm words and the transfer, at once. The words cannot be interrupted: a frightened caller goes on talking.
    mutating func emergency(_ word: String, heardAt: MediaInstant, now: MediaInstant) -> [ConversationOutput] {
        emergencyHandled = true
        emergencyTurn = openTurn
        suspicion = nil
        carried = ""
        consentUntil = nil
        menu = nil
        instructed = []
        closeTurn()
        var announcement = Announcement(text: profile.emergency.say)
        if let transfer = profile.transfer {
            announcement.action = .transfer(to: transfer.number)
            announcement.brief = brief(of: transfer, intent: word)
            announcement.isBinding = true
        }
        return override(with: announcement, now: now) + [
            .publish(.intent("emergency")), .publish(.emergency(word: word, delay: heardAt.duration(to: now))),
        ]
    }
}
