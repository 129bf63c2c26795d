extension TenantProfile {
    /// What a language model is told about the tenant, besides what the rest of the profile says.
    public struct Agent: Sendable, Equatable {
        /// Who the agent is and how it behaves, in the tenant's own words. Empty: a friendly, brief receptionist.
        public var instructions: String
        /// What the agent may rely on, one fact each, besides the answers of `intents`.
        public var facts: [String]
        /// Longest answer the model is asked for, in words; 40 words take about 15 s to say.
        public var maximumAnswerWords: Int
        /// nil: the vendor's own.
        public var temperature: Double?
        /// Languages (BCP 47) the agent may change to when it hears them, besides the tenant's own and those of `greetings`.
        public var languages: [String]
        /// The model is told the caller's number. Without it, it only learns whether there is one; tools know it anyway.
        public var knowsCallerNumber: Bool
        /// Names of the tools the model may use, `ezyvet_*` for all that begin so. nil: those that act on the call itself.
        public var tools: [String]?
        /// Turns of a caller in `triage` before a person takes over, whatever is known by then.
        public var triageTurns: Int

        public init(
            instructions: String = "",
            facts: [String] = [],
            maximumAnswerWords: Int = 45,
            temperature: Double? = nil,
            languages: [String] = [],
            knowsCallerNumber: Bool = false,
            tools: [String]? = nil,
            triageTurns: Int = 2
        ) {
            self.instructions = instructions
            self.facts = facts
            self.maximumAnswerWords = maximumAnswerWords
            self.temperature = temperature
            self.languages = languages
            self.knowsCallerNumber = knowsCallerNumber
            self.tools = tools
            self.triageTurns = triageTurns
        }
    }

    /// Every language the agent may speak, the tenant's own first, each once.
    public var spokenLanguages: [String] {
        var known: Set<String> = []
        return ([language] + greetings.keys.sorted() + agent.languages).filter {
            known.insert($0.lowercased()).inserted
        }
    }
}
