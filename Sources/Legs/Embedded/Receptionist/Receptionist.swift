import Actors
import Foundation

/// The scripted receptionist: a tenant's intents and slots as a conversation. A pure value: the same turns at the same
/// times give the same answers. It reads no clock and does no IO.
///
/// Start reading at `reply(to:turn:now:history:)`; speech goes on in `Receptionist+Speech.swift`, slots and
/// confirmation in `Receptionist+Task.swift`, keys in `Receptionist+Keypad.swift`.
package struct Receptionist: Sendable {
    /// A wish whose slots are being filled.
    struct Task: Sendable, Equatable {
        /// Index into the profile's intents.
        var intent: Int
        var values: [String: SlotValue] = [:]
        /// A day without a time, or the other way round, for the slot that is being asked.
        var partial: DayTime?
        /// Slots that were named with an impossible value, and why it is.
        var refusals: [String: String] = [:]
    }

    enum Phase: Sendable, Equatable {
        /// Waiting for a wish; `isAfterAnswer`: "is there anything else?" was asked.
        case open(isAfterAnswer: Bool)
        /// The slot with this index was asked for.
        case asking(Task, slot: Int)
        /// The wish was read back.
        case confirming(Task)
        /// "What should I change?" was asked.
        case changing(Task)
        /// "Did you mean A or B?" was asked; the words that led there may hold slots.
        case choosing(Int, Int, words: [String])
    }

    let profile: TenantProfile
    let matcher: IntentMatcher
    let emergencies: EmergencySpotter

    var phase = Phase.open(isAfterAnswer: false)
    /// What the agent said last, without prompts about silence.
    var lastText = ""
    /// Turns not understood in a row.
    var misses = 0
    /// Keys pressed so far for a slot of digits.
    var keys = ""
    // Of the turn being answered.
    var wording = Wording(turn: 0)
    var now = Date(timeIntervalSince1970: 0)

    package init(profile: TenantProfile) {
        self.profile = profile
        matcher = IntentMatcher(intents: profile.intents)
        emergencies = EmergencySpotter(profile)
    }

    /// Answers one turn.
    ///
    /// - Parameters:
    ///   - turn: picks among wordings, nothing else.
    ///   - now: for days and times; the tenant's time zone makes "tomorrow" of it.
    ///   - history: what was said before, for a receptionist that takes over in the middle of a call.
    /// - Returns: never an empty text, except while keys of a longer number are pressed.
    package mutating func reply(
        to cause: DialogueTurn.Cause,
        turn: Int,
        now: Date,
        history: [DialogueMessage] = []
    ) -> Reply {
        wording = Wording(turn: turn)
        self.now = now
        if lastText.isEmpty, let message = history.last(where: { $0.party == .agent }) { lastText = message.text }
        if lastText.isEmpty { lastText = profile.greeting }
        switch cause {
        case .speech(let transcript):
            return speech(transcript)
        case .notUnderstood:
            return notUnderstood()
        case .silence(let count):
            return silence(count: count)
        case .digit(let key):
            return digit(key)
        case .emergency:
            return emergency()
        }
    }

    // MARK: What can happen in any phase

    func emergency() -> Reply {
        Reply(
            text: profile.emergency.say,
            expectation: .anything,
            action: profile.transfer.map { .transfer(to: $0.number) }
        )
    }

    mutating func notUnderstood() -> Reply {
        misses += 1
        guard misses < profile.fallback.escalateAfter else {
            misses = 0
            return giveUp()
        }
        let lines = profile.fallback.say
        let line = lines.isEmpty ? "Sorry, could you say that again?" : lines[(misses - 1) % lines.count]
        switch phase {
        case .open: return say(line)
        case .asking, .confirming, .changing, .choosing: return say("\(line) \(question)")
        }
    }

    private mutating func giveUp() -> Reply {
        if let transfer = profile.transfer {
            return Reply(
                text: "\(wording.lost) \(transfer.say)",
                expectation: .anything,
                action: .transfer(to: transfer.number)
            )
        }
        return Reply(text: "\(wording.lost) \(profile.goodbye)", expectation: .anything, action: .hangUp)
    }

    private mutating func silence(count: Int) -> Reply {
        if let reply = keysFinished() { return reply }
        guard count <= profile.silence.hangUpAfter else { return hangUp() }
        let lines = profile.silence.say
        let line = lines.isEmpty ? "Are you still there?" : lines[max(0, count - 1) % lines.count]
        return Reply(text: line, expectation: expectation)
    }

    func hangUp(_ text: String = "", intent: String? = nil) -> Reply {
        Reply(text: text.isEmpty ? profile.goodbye : text, expectation: .anything, action: .hangUp, intent: intent)
    }

    mutating func person(intent: String? = nil) -> Reply {
        guard let transfer = profile.transfer else { return say("\(wording.nobodyFree) \(question)", intent: intent) }
        return Reply(text: transfer.say, expectation: .anything, action: .transfer(to: transfer.number), intent: intent)
    }

    func repeatLast(intent: String? = nil) -> Reply {
        Reply(text: lastText.isEmpty ? wording.nothingToRepeat : lastText, expectation: expectation, intent: intent)
    }

    /// An answer that is worth repeating.
    mutating func say(_ text: String, intent: String? = nil) -> Reply {
        lastText = text
        return Reply(text: text, expectation: expectation, intent: intent)
    }

    // MARK: What is being waited for

    /// The question that is open now.
    var question: String {
        switch phase {
        case .open(let isAfterAnswer): isAfterAnswer ? wording.anythingElse : wording.howCanIHelp
        case .asking(let task, let slot): ask(slot, of: task)
        case .confirming(let task): render(intent(task).confirm, task)
        case .changing: wording.whatToChange
        case .choosing(let first, let second, _): wording.didYouMean(title(first), title(second))
        }
    }

    var expectation: Expectation {
        switch phase {
        case .open(let isAfterAnswer): return isAfterAnswer ? .yesNo : .intents
        case .confirming: return .yesNo
        case .changing: return .anything
        case .choosing(let first, let second, _): return .choice([title(first), title(second)])
        case .asking(let task, let slot):
            let slot = intent(task).slots[slot]
            switch slot.kind {
            case .dayTime: return .dayTime
            case .name: return .name
            case .digits: return .digits
            case .choice: return .choice(slot.options)
            case .number, .text: return .anything
            }
        }
    }

    func intent(_ task: Task) -> TenantProfile.Intent { profile.intents[task.intent] }

    func title(_ index: Int) -> String {
        let intent = profile.intents[index]
        return intent.title.isEmpty ? intent.name.split(separator: "_").joined(separator: " ") : intent.title
    }
}
