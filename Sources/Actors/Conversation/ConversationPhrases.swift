/// What the agent says when something of its own fails, in the tenant's language. In a language that is not here the agent
/// goes straight to the tenant's own words.
struct ConversationPhrases: Sendable {
    let cannotHear: String
    let wentWrong: String
    let sayAgain: String
    let longCall: String
    /// While a tool works.
    let oneMoment: String

    init(_ profile: TenantProfile) {
        let code = profile.language.lowercased().prefix { $0 != "-" && $0 != "_" }
        let texts = Self.byLanguage[String(code)]
        cannotHear = texts?[0] ?? ""
        wentWrong = texts?[1] ?? ""
        sayAgain = texts?[2] ?? profile.fallback.say.first ?? profile.greeting
        longCall = texts?[3] ?? ""
        oneMoment = texts?[4] ?? ""
    }

    /// What is said while a leg fails or has just failed, "one moment" first.
    var ofFailures: [String] { [oneMoment, sayAgain, wentWrong, cannotHear].filter { !$0.isEmpty } }

    private static let byLanguage: [String: [String]] = [
        "en": [
            "I am having trouble hearing you.", "I am sorry, something went wrong.",
            "I am sorry, could you say that once more?", "We have talked for a long time.",
            "One moment, please.",
        ],
        "fr": [
            "Je vous entends mal.", "Veuillez nous excuser, il y a un problème.",
            "Excusez-moi, pouvez-vous répéter, s'il vous plaît ?", "Nous parlons depuis longtemps.",
            "Un instant, s'il vous plaît.",
        ],
        "de": [
            "Ich kann Sie leider nicht verstehen.", "Entschuldigung, da ist etwas schiefgegangen.",
            "Entschuldigung, könnten Sie das bitte wiederholen?", "Wir sprechen schon sehr lange.",
            "Einen Moment, bitte.",
        ],
        "es": [
            "No le oigo bien.", "Lo siento, ha habido un problema.",
            "Perdone, ¿podría repetirlo, por favor?", "Llevamos mucho tiempo hablando.",
            "Un momento, por favor.",
        ],
    ]
}

extension TenantProfile {
    /// What the agent says of its own when a leg fails, as it hands it to the voice: to be spoken before anything has failed.
    package var failurePhrases: [String] { ConversationPhrases(self).ofFailures }
}
