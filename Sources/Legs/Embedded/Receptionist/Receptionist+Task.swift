import Actors
import Foundation

/// A wish from its beginning to its answer: slots, confirmation, corrections.
extension Receptionist {
    mutating func begin(_ index: Int, words: [String]) -> Reply {
        let intent = profile.intents[index]
        if intent.outcome == .repeatLast { return repeatLast(intent: intent.name) }
        var task = Task(intent: index)
        task.values = carriedOver(to: intent)
        fill(&task, from: words, except: nil, mode: .inPassing)
        return advance(task, opening: wording.accept)
    }

    /// Who the caller is and what number they have stays true when they change the subject.
    private func carriedOver(to intent: TenantProfile.Intent) -> [String: SlotValue] {
        let current: Task? =
            switch phase {
            case .asking(let task, _), .confirming(let task), .changing(let task): task
            case .open, .choosing: nil
            }
        guard let current else { return [:] }
        let old = self.intent(current).slots
        var values: [String: SlotValue] = [:]
        for slot in intent.slots where slot.kind == .name || slot.kind == .digits {
            if old.contains(where: { $0.name == slot.name && $0.kind == slot.kind }) {
                values[slot.name] = current.values[slot.name]
            }
        }
        return values
    }

    /// Asks for the next missing slot, or reads the wish back, or finishes it.
    private mutating func advance(_ task: Task, opening: String) -> Reply {
        let intent = intent(task)
        let opening = opening.isEmpty ? "" : opening + " "
        if let missing = intent.slots.firstIndex(where: { task.values[$0.name] == nil }) {
            var task = task
            if intent.slots[missing].kind != .dayTime { task.partial = nil }
            let refusal = task.refusals.removeValue(forKey: intent.slots[missing].name)
            phase = .asking(task, slot: missing)
            return say((refusal.map { "\($0) " } ?? opening) + question, intent: intent.name)
        }
        guard !intent.confirm.isEmpty else { return finish(task) }
        phase = .confirming(task)
        return say(question, intent: intent.name)
    }

    private mutating func finish(_ task: Task) -> Reply {
        let intent = intent(task)
        let text = render(intent.say, task)
        switch intent.outcome {
        case .answer:
            phase = .open(isAfterAnswer: true)
            return say("\(text) \(question)", intent: intent.name)
        case .transfer:
            phase = .open(isAfterAnswer: false)
            var reply = person(intent: intent.name)
            if !text.isEmpty, reply.action != nil { reply.text = text }
            return reply
        case .hangUp:
            return hangUp(text, intent: intent.name)
        case .repeatLast:
            return repeatLast(intent: intent.name)
        }
    }

    // MARK: Asked for a slot

    mutating func answered(_ words: [String], _ courtesy: Courtesy?, task: Task, index: Int) -> Reply? {
        if courtesy == .dropIt { return drop() }
        let slot = intent(task).slots[index]
        let reading = read(slot, words, task: task, mode: .asked)
        if !reading.isExact || slot.kind == .text, let reply = otherWish(words, task: task, slot: slot) { return reply }
        switch reading {
        case .refused(let reason): return say("\(reason) \(ask(index, of: task))", intent: intent(task).name)
        case .value, .partial: return take(reading, words, task: task, slot: slot)
        case .nothing: return sideways(words, task: task, slot: slot)
        }
    }

    private mutating func take(
        _ reading: SlotReading,
        _ words: [String],
        task: Task,
        slot: TenantProfile.Slot
    ) -> Reply {
        var task = task
        switch reading {
        case .value(let value, _):
            task.values[slot.name] = value
            task.partial = nil
        case .partial(let value, _):
            task.partial = value
        case .refused, .nothing:
            break
        }
        if slot.kind != .text { fill(&task, from: words, except: slot.name, mode: .inPassing) }
        return advance(task, opening: task.values[slot.name] == nil ? "" : wording.noted)
    }

    /// The caller answered something that was not asked: another slot, or a correction of one given before.
    private mutating func sideways(_ words: [String], task: Task, slot: TenantProfile.Slot) -> Reply? {
        var changed = task
        fill(&changed, from: words, except: slot.name, mode: .inPassing)
        if let yesNo = YesNo(words), yesNo.first == .no { correct(&changed, with: yesNo.rest) }
        guard changed != task else { return nil }
        return advance(changed, opening: wording.noted)
    }

    /// The caller changes the subject, or asks something in between.
    private mutating func otherWish(_ words: [String], task: Task, slot: TenantProfile.Slot?) -> Reply? {
        guard case .intent(let index, let score) = matcher.match(words), index != task.intent else { return nil }
        let intent = profile.intents[index]
        let isFreeText = slot?.kind == .text
        guard score >= (slot == nil ? IntentMatcher.minimumScore : IntentMatcher.certainScore) else { return nil }
        if intent.outcome == .answer, intent.slots.isEmpty, intent.confirm.isEmpty {
            // A question in between: answered, and then back to where we were. Free text may well name such things.
            return isFreeText ? nil : say("\(render(intent.say, task)) \(question)", intent: intent.name)
        }
        if isFreeText, intent.outcome == .answer || score < 0.9 { return nil }
        return begin(index, words: words)
    }

    // MARK: Asked to confirm

    mutating func confirmed(_ words: [String], _ courtesy: Courtesy?, task: Task) -> Reply? {
        if courtesy == .dropIt { return drop() }
        let yesNo = YesNo(words)
        var corrected = task
        let isYes = yesNo?.last == .yes
        let open = yesNo?.rest ?? words
        if !open.isEmpty { correct(&corrected, with: open) }
        if corrected != task { return advance(corrected, opening: "") }
        if isYes { return finish(task) }
        if let reply = otherWish(open, task: task, slot: nil) { return reply }
        guard yesNo != nil else { return nil }
        if let index = SlotCue.slot(named: open, in: intent(task).slots) { return askAgain(index, task: task) }
        return whatToChange(task)
    }

    private mutating func whatToChange(_ task: Task) -> Reply {
        let slots = intent(task).slots
        switch slots.count {
        case 0: return drop()
        case 1: return askAgain(0, task: task)
        default:
            phase = .changing(task)
            return say(question, intent: intent(task).name)
        }
    }

    private mutating func askAgain(_ index: Int, task: Task) -> Reply {
        var task = task
        task.values[intent(task).slots[index].name] = nil
        task.partial = nil
        phase = .asking(task, slot: index)
        return say("\(wording.noted) \(question)", intent: intent(task).name)
    }

    // MARK: Asked what to change

    mutating func changed(_ words: [String], _ courtesy: Courtesy?, task: Task) -> Reply? {
        if courtesy == .dropIt || courtesy == .thatIsAll { return drop() }
        var corrected = task
        correct(&corrected, with: words)
        if corrected != task { return advance(corrected, opening: wording.noted) }
        if let index = SlotCue.slot(named: words, in: intent(task).slots) { return askAgain(index, task: task) }
        if SlotCue.meansAll(words) { return restart(task) }
        if let yesNo = YesNo(words), StopWords.isEmpty(yesNo.rest) {
            if yesNo.last == .no { return drop() }
            phase = .confirming(task)
            return say(question, intent: intent(task).name)
        }
        return otherWish(words, task: task, slot: nil)
    }

    private mutating func restart(_ task: Task) -> Reply {
        advance(Task(intent: task.intent), opening: wording.noted)
    }

    // MARK: Slots

    func read(_ slot: TenantProfile.Slot, _ words: [String], task: Task, mode: SlotReader.Mode) -> SlotReading {
        let known = task.values[slot.name]?.dayTime ?? (slot.kind == .dayTime ? task.partial : nil)
        return SlotReader(timeZone: profile.timeZone, now: now).read(slot, from: words, known: known, mode: mode)
    }

    /// Fills empty slots with what the words say in passing.
    private func fill(_ task: inout Task, from words: [String], except asked: String?, mode: SlotReader.Mode) {
        for slot in intent(task).slots where slot.name != asked && task.values[slot.name] == nil {
            switch read(slot, words, task: task, mode: mode) {
            case .value(let value, _): task.values[slot.name] = value
            case .partial(let value, _): task.partial = value
            case .refused(let reason): task.refusals[slot.name] = reason
            case .nothing: break
            }
        }
    }

    /// Replaces values that the words contradict: "no, thursday", "at ten", "for fifty people".
    private func correct(_ task: inout Task, with words: [String]) {
        let slots = intent(task).slots
        for slot in slots where task.values[slot.name] != nil {
            guard case .value(let value, _) = read(slot, words, task: task, mode: .correction) else { continue }
            task.values[slot.name] = value
        }
        guard slots.allSatisfy({ $0.kind != .text }) else { return }
        // "No, Bella": with one name to correct and nothing else in the words, they are it.
        let names = slots.filter { $0.kind == .name }
        guard names.count == 1, words.count <= 3, CalendarWords.areAbsent(from: words),
            !words.contains(where: SlotCue.isCue),
            let name = SpokenName.name(in: words, isAsked: true)
        else { return }
        task.values[names[0].name] = SlotValue(spoken: name)
    }

    func ask(_ index: Int, of task: Task) -> String {
        let slot = intent(task).slots[index]
        guard slot.kind == .dayTime, let partial = task.partial else { return render(slot.ask, task) }
        let speech = SlotReader(timeZone: profile.timeZone, now: now).dayTimes.speech()
        if let day = partial.day {
            return Wording.missingTime(day: speech.text(day), part: partial.part.map(DayTimeSpeech.inPart))
        }
        if let time = partial.time { return Wording.missingDay(time: DayTimeSpeech.text(time)) }
        return render(slot.ask, task)
    }

    /// Puts the slots' values in their places.
    func render(_ text: String, _ task: Task) -> String {
        var text = text
        for slot in intent(task).slots {
            guard let value = task.values[slot.name] else { continue }
            text = text.replacingOccurrences(of: "{\(slot.name)}", with: value.spoken)
        }
        return text
    }
}

extension CalendarWords {
    static func areAbsent(from words: [String]) -> Bool { !words.contains(where: contains) }
}
