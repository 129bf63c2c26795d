/// The receptionist's own lines. Where one is said often it has variants; the turn's number picks one, so the same call
/// always sounds the same.
struct Wording {
    let turn: Int

    var accept: String { pick(["Sure.", "Of course.", "Certainly."]) }
    var noted: String { pick(["Thank you.", "Got it.", "All right."]) }
    var anythingElse: String {
        pick([
            "Is there anything else?", "Is there anything else I can help you with?",
            "Can I help you with anything else?",
        ])
    }
    let howCanIHelp = "How can I help you?"
    var whatElse: String { pick(["What else can I do for you?", "Go ahead, what else can I do?"]) }
    let whatToChange = "No problem. What should I change?"
    let dropped = "No problem, I have left that."
    let takeYourTime = "Take your time."
    let welcome = "You are welcome."
    let lost = "I am sorry, I am having trouble understanding you."
    let nobodyFree = "I am sorry, there is nobody I can connect you to at the moment."
    let nothingToRepeat = "I have not said anything yet."

    func pick(_ variants: [String]) -> String {
        variants[(turn % variants.count + variants.count) % variants.count]
    }

    func identity(_ name: String) -> String { "I am the automated assistant of \(name)." }

    func didYouMean(_ first: String, _ second: String) -> String { "Did you mean \(first), or \(second)?" }

    func offer(_ titles: [String]) -> String {
        guard let last = titles.last else { return howCanIHelp }
        guard titles.count > 1 else { return "I can help you with \(last)." }
        return "I can help you with \(titles.dropLast().joined(separator: ", ")), and \(last)."
    }

    static func missingTime(day: String, part: String?) -> String {
        part.map { "\(day), \($0). What time would suit you?" } ?? "What time on \(day)?"
    }

    static func missingDay(time: String) -> String {
        "\(time.prefix(1).uppercased())\(time.dropFirst()). On which day?"
    }
}
