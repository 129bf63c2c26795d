/// The limits of a dialogue that is led by a language model.
public struct ChatSettings: Sendable, Equatable {
    /// Of one answer, in tokens: room for the tenant's words and for calls of tools.
    public var maximumTokens: Int
    /// An answer is cut here, whatever the model still streams. 1 500 characters take about 100 s to say.
    public var maximumAnswerCharacters: Int
    /// What is remembered word for word, in estimated tokens; beyond it the oldest part is summarised between turns.
    public var memoryTokens: Int
    /// Never more than this is sent: where no summary came in time, the oldest turns are left out.
    public var hardMemoryTokens: Int
    /// The newest turns that are always remembered whole.
    public var wholeTurns: Int
    /// A longer summary is cut.
    public var maximumSummaryCharacters: Int
    /// Longest time a summary may take.
    public var summaryTimeout: Duration
    /// Requests to the model in one turn that may end in calls of tools.
    public var maximumToolRounds: Int
    /// Calls of tools in one turn; more are refused.
    public var maximumToolCalls: Int
    /// A longer result is cut.
    public var maximumToolResultCharacters: Int
    /// Rounds of tools remembered; the oldest is forgotten first.
    public var maximumRememberedRounds: Int
    /// The local time the model is told may be this old: an unchanged prompt is answered sooner by vendors that cache it.
    public var timeIsFreshFor: Duration
    public var language: LanguageSwitchSettings

    public init(
        maximumTokens: Int = 500,
        maximumAnswerCharacters: Int = 1500,
        memoryTokens: Int = 3000,
        hardMemoryTokens: Int = 8000,
        wholeTurns: Int = 6,
        maximumSummaryCharacters: Int = 1500,
        summaryTimeout: Duration = .seconds(20),
        maximumToolRounds: Int = 4,
        maximumToolCalls: Int = 8,
        maximumToolResultCharacters: Int = 6000,
        maximumRememberedRounds: Int = 16,
        timeIsFreshFor: Duration = .seconds(300),
        language: LanguageSwitchSettings = LanguageSwitchSettings()
    ) {
        self.maximumTokens = maximumTokens
        self.maximumAnswerCharacters = maximumAnswerCharacters
        self.memoryTokens = memoryTokens
        self.hardMemoryTokens = hardMemoryTokens
        self.wholeTurns = wholeTurns
        self.maximumSummaryCharacters = maximumSummaryCharacters
        self.summaryTimeout = summaryTimeout
        self.maximumToolRounds = maximumToolRounds
        self.maximumToolCalls = maximumToolCalls
        self.maximumToolResultCharacters = maximumToolResultCharacters
        self.maximumRememberedRounds = maximumRememberedRounds
        self.timeIsFreshFor = timeIsFreshFor
        self.language = language
    }
}
