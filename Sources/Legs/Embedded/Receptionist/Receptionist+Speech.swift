import Actors
import Foundation

/// What the caller says.
extension Receptionist {
    mutating func speech(_ transcript: Transcript) -> Reply {
        var words = SpokenWords.words(transcript.text)
        let mentions = emergencies.mentions(in: words)
        if !transcript.isRejected, mentions.contains(where: { !$0.isDenied }) { return emergency() }
        for mention in mentions.reversed() { words.removeSubrange(mention.words) }
        if !mentions.isEmpty, StopWords.isEmpty(words) { return understood(say("\(wording.noted) \(question)")) }
        guard !words.isEmpty else { return notUnderstood() }
        let before = self
        guard let reply = answer(words) else { return notUnderstood() }
        if transcript.isRejected, !before.isBeyondDoubt(words, reply) {
            self = before
            return notUnderstood()
        }
        return understood(reply)
    }

    private mutating func understood(_ reply: Reply) -> Reply {
        misses = 0
        keys = ""
        return reply
    }

    /// The recogniser does not believe these words. They count only when they fit a slot or an intent exactly, and never
    /// to end or hand over the call, or as the yes to a confirmation.
    private func isBeyondDoubt(_ words: [String], _ reply: Reply) -> Bool {
        guard reply.action == nil else { return false }
        switch phase {
        case .asking(let task, let index):
            if read(intent(task).slots[index], words, task: task, mode: .asked).isExact { return true }
        case .confirming:
            return false
        case .open, .changing, .choosing:
            break
        }
        guard case .intent(_, let score) = matcher.match(words) else { return false }
        return score >= IntentMatcher.certainScore
    }

    /// Nil when nothing in the words makes sense now.
    private mutating func answer(_ words: [String]) -> Reply? {
        let courtesy = Courtesy(words)
        if let courtesy, let reply = always(courtesy) { return reply }
        switch phase {
        case .open(let isAfterAnswer): return open(words, courtesy, isAfterAnswer: isAfterAnswer)
        case .asking(let task, let slot): return answered(words, courtesy, task: task, index: slot)
        case .confirming(let task): return confirmed(words, courtesy, task: task)
        case .changing(let task): return changed(words, courtesy, task: task)
        case .choosing(let first, let second, let earlier):
            return chosen(words, courtesy, first: first, second: second, earlier: earlier)
        }
    }

    /// What means the same in every phase.
    private mutating func always(_ courtesy: Courtesy) -> Reply? {
        switch courtesy {
        case .goodbye: return hangUp(intent: name(of: .hangUp))
        case .repeatThat: return repeatLast(intent: name(of: .repeatLast))
        case .person: return person(intent: name(of: .transfer))
        case .wait: return Reply(text: wording.takeYourTime, expectation: expectation)
        case .help: return help()
        case .identity: return say("\(wording.identity(profile.name)) \(question)")
        case .hello:
            // In the middle of something a "hello?" asks whether anyone listens.
            if case .open = phase { return say("Hello. \(wording.howCanIHelp)") }
            return say("Hello, I am here. \(question)")
        case .dropIt, .thanks, .thatIsAll: return nil
        }
    }

    private mutating func help() -> Reply {
        let wishes = profile.intents.indices.filter { index in
            [.answer, .transfer].contains(profile.intents[index].outcome)
        }
        let offer = wording.offer(wishes.map(title))
        if case .open = phase { return say(offer) }
        return say("\(offer) \(question)")
    }

    /// The profile's only intent with this outcome, as the name for records.
    private func name(of outcome: TenantProfile.Intent.Outcome) -> String? {
        let names = profile.intents.filter { $0.outcome == outcome && $0.slots.isEmpty }.map(\.name)
        return names.count == 1 ? names[0] : names.first { $0.contains("person") }
    }

    // MARK: Waiting for a wish

    private mutating func open(_ words: [String], _ courtesy: Courtesy?, isAfterAnswer: Bool) -> Reply? {
        if courtesy == .thatIsAll, isAfterAnswer { return hangUp() }
        // "Cancel" alone may be a wish, so intents come before dropping.
        if let reply = wish(words) { return reply }
        if courtesy == .dropIt || courtesy == .thatIsAll {
            phase = .open(isAfterAnswer: true)
            return say("\(wording.noted) \(question)")
        }
        if courtesy == .thanks {
            phase = .open(isAfterAnswer: true)
            return say("\(wording.welcome) \(question)")
        }
        guard let yesNo = YesNo(words) else { return nil }
        if !yesNo.rest.isEmpty, let reply = wish(yesNo.rest) { return reply }
        guard StopWords.isEmpty(yesNo.rest) || Courtesy(yesNo.rest) != nil else { return nil }
        switch (yesNo.first, isAfterAnswer) {
        case (.no, true): return hangUp()
        case (.no, false):
            phase = .open(isAfterAnswer: true)
            return say("\(wording.noted) \(question)")
        case (.yes, true):
            phase = .open(isAfterAnswer: false)
            return say(wording.whatElse)
        case (.yes, false): return say(wording.howCanIHelp)
        }
    }

    /// Starts what the words ask for; nil when they ask for nothing the tenant does.
    mutating func wish(_ words: [String]) -> Reply? {
        switch matcher.match(words) {
        case .intent(let index, _): return begin(index, words: words)
        case .either(let first, let second):
            phase = .choosing(first, second, words: words)
            return say(question)
        case .none: return nil
        }
    }

    // MARK: Did you mean A or B?

    private mutating func chosen(
        _ words: [String],
        _ courtesy: Courtesy?,
        first: Int,
        second: Int,
        earlier: [String]
    ) -> Reply? {
        if courtesy == .dropIt || courtesy == .thatIsAll { return drop() }
        if let index = SpokenChoice.option(in: words, of: [title(first), title(second)], isAsked: true) {
            return begin(index == 0 ? first : second, words: earlier + words)
        }
        if case .intent(let index, _) = matcher.match(words, among: [first, second]) {
            return begin(index, words: earlier + words)
        }
        if case .intent(let index, _) = matcher.match(words) { return begin(index, words: words) }
        guard let yesNo = YesNo(words), StopWords.isEmpty(yesNo.rest) else {
            return words == ["neither"] ? drop() : nil
        }
        if yesNo.last == .yes { return say("Which of the two? \(question)") }
        phase = .open(isAfterAnswer: false)
        return say("\(wording.noted) What would you like to do?")
    }

    mutating func drop() -> Reply {
        phase = .open(isAfterAnswer: true)
        return say("\(wording.dropped) \(question)")
    }
}
