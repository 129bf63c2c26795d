import Actors

/// Keys that the tenant's menu does not take (the conversation carries those out). They work without any recogniser: 0 is a
/// person, 1 and 2 are yes and no, a list is chosen from by its place, and a slot of digits or an amount is keyed in and ended
/// with `#` (`*` starts it again).
extension Receptionist {
    mutating func digit(_ key: Character) -> Reply {
        misses = 0
        switch phase {
        case .asking(let task, let index):
            let slot = intent(task).slots[index]
            switch slot.kind {
            case .digits: return keyIn(key, task: task, slot: slot)
            case .number where key != "0" || !keys.isEmpty: return keyIn(key, task: task, slot: slot)
            case .choice: if let reply = pick(key, task: task, slot: slot) { return reply }
            case .number, .dayTime, .name, .text: break
            }
        case .confirming:
            if key == "1" { return answerByKey("yes") }
            if key == "2" { return answerByKey("no") }
        case .choosing(let first, let second, let words):
            if key == "1" { return begin(first, words: words) }
            if key == "2" { return begin(second, words: words) }
        case .open(let isAfterAnswer):
            if isAfterAnswer, key == "2" { return hangUp() }
        case .changing:
            break
        }
        return key == "0" ? person() : explainKeys()
    }

    private mutating func answerByKey(_ word: String) -> Reply {
        speech(Transcript(text: word, provider: "keypad"))
    }

    private mutating func pick(_ key: Character, task: Task, slot: TenantProfile.Slot) -> Reply? {
        guard let place = key.wholeNumberValue, (1...slot.options.count).contains(place) else { return nil }
        return answerByKey(slot.options[place - 1])
    }

    private mutating func explainKeys() -> Reply {
        let person = zeroIsAPerson ? ", or press zero to speak to a person" : ""
        let hint =
            if case .confirming = phase { "Please press one for yes or two for no\(person)." } else {
                "Please tell me in a few words\(person)."
            }
        if case .open = phase { return say(hint) }
        return say("\(hint) \(question)")
    }

    /// The tenant's menu, where it has the key, decides what 0 does.
    private var zeroIsAPerson: Bool {
        switch profile.menu?.choices["0"]?.way {
        case nil: profile.transfer != nil
        case .transfer: true
        case .agent, .menu, .voicemail, .hangUp: false
        }
    }

    // MARK: Numbers of several keys

    private mutating func keyIn(_ key: Character, task: Task, slot: TenantProfile.Slot) -> Reply {
        switch key {
        case "*":
            keys = ""
            return say(question, intent: intent(task).name)
        case "#":
            return keysFinished() ?? say(question, intent: intent(task).name)
        default:
            guard key.isASCII, key.isNumber else { return explainKeys() }
            keys.append(key)
            let maximum = slot.kind == .digits ? SlotReader.maximumDigits(slot) : 6
            return keys.count >= maximum ? (keysFinished() ?? explainKeys()) : Reply(text: "", expectation: expectation)
        }
    }

    /// Takes what was keyed in; nil when there is nothing.
    mutating func keysFinished() -> Reply? {
        guard !keys.isEmpty, case .asking(let task, let index) = phase else { return nil }
        let entered = keys
        keys = ""
        let slot = intent(task).slots[index]
        if slot.kind == .digits, let refusal = SlotReader.refusal(ofDigits: entered.count, for: slot) {
            return say("\(refusal) \(question)", intent: intent(task).name)
        }
        return answerByKey(entered)
    }
}
