import Engine

extension ConversationMachine {
    /// One reply of the agent on its way to the caller's ear.
    struct Reply: Sendable {
        /// What the conversation waits for once it was heard.
        enum Purpose: Sendable {
            case dialogue, consent, menu
        }

        var spoken: SpokenReply
        var splitter: PieceSplitter
        /// Of the caller's turn it answers; nil for a greeting or a prompt.
        var timeline: TurnTimeline?
        var turn: Int
        var asked: MediaInstant
        var firstToken: MediaInstant?
        /// When the model last said something.
        var lastDelta: MediaInstant
        /// When its text was whole.
        var generatedAt: MediaInstant?
        var isAudible = false
        var isPublished = false
        /// How often the caller was told that it takes a moment.
        var companyKept = 0
        var expectation: Expectation?
        var action: CallAction?
        /// What a person is told before the caller is connected by `action`.
        var brief: String?
        var isPrompt = false
        /// Nothing the caller says or presses keeps `action` from being done.
        var isBinding = false
        var purpose = Purpose.dialogue

        var isGenerated: Bool { generatedAt != nil }
    }

    /// Words that no model decides, and what comes after them.
    struct Announcement: Sendable {
        /// May be empty: then only what comes after it counts.
        var text: String
        var expect: Expectation?
        var action: CallAction?
        var brief: String?
        var isBinding = false
        var purpose = Reply.Purpose.dialogue
    }

    /// Why a stop of the agent was asked for, until the pipeline says how far the caller had heard.
    enum AfterStop: Sendable {
        case ask(DialogueTurn.Cause, TurnTimeline?)
        case say(Announcement)
    }
}
