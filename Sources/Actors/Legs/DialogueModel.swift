import Foundation

/// The thinking leg: decides what the agent answers. A language model, or the embedded receptionist.
public protocol DialogueModel: Sendable {
    var provider: String { get }
    /// The providers behind it, where it fails over between them itself, with deadlines and breakers of its own; empty: it is
    /// one provider.
    var supervised: [String] { get }
    /// Opens what the next call needs (a connection), so that it does not wait for it. Never fails: the first reply will tell.
    func warm(_ profile: TenantProfile) async
    /// Opens a conversation for one call.
    func open(_ request: DialogueRequest) async throws -> any DialogueSession
}

/// One call's conversation. `reply` is called for one turn at a time; cancelling the task that reads the stream ends it.
public protocol DialogueSession: Sendable {
    /// Streams the answer, token by token.
    /// - Throws (inside the stream): `LegError`.
    func reply(to turn: DialogueTurn) -> AsyncThrowingStream<DialogueDelta, any Error>
}

extension DialogueModel {
    public var supervised: [String] { [] }
    public func warm(_ profile: TenantProfile) async {}
}

public struct DialogueRequest: Sendable {
    public let profile: TenantProfile
    /// Whose call it is; nil where nothing but the words matters.
    public let call: CallIdentity?
    /// E.164; nil when it was withheld.
    public let callerNumber: String?
    /// The wall clock, as an argument so that "next Wednesday" can be tested.
    public let now: @Sendable () -> Date

    public init(
        profile: TenantProfile,
        call: CallIdentity? = nil,
        callerNumber: String? = nil,
        now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.profile = profile
        self.call = call
        self.callerNumber = callerNumber
        self.now = now
    }
}

/// What happened on the caller's side, for the dialogue to answer.
public struct DialogueTurn: Sendable {
    public enum Cause: Sendable, Equatable {
        /// The caller spoke.
        case speech(Transcript)
        /// The caller spoke, but nothing was understood.
        case notUnderstood
        /// The caller said nothing for the tenant's idle time; `count` is 1 for the first time in a row.
        case silence(count: Int)
        /// The caller pressed a key: `0-9`, `*`, `#`.
        case digit(Character)
        /// The emergency spotter heard one of the tenant's emergency words.
        case emergency(word: String)
    }

    public let number: Int
    public let cause: Cause
    /// Everything said so far, oldest first. The agent's entries hold only what the caller heard.
    public let history: [DialogueMessage]
    /// What of the answer to this turn was already said, by a model that failed then: only the rest is wanted.
    public var said = ""
    /// The caller may still go on and this turn be void: nothing outside the call may be changed yet. Whoever must change
    /// something first waits for `commit`.
    public var commit: DialogueCommit?

    public init(number: Int, cause: Cause, history: [DialogueMessage], said: String = "", commit: DialogueCommit? = nil)
    {
        self.number = number
        self.cause = cause
        self.history = history
        self.said = said
        self.commit = commit
    }
}

public struct DialogueMessage: Sendable, Equatable, Codable {
    public enum Party: String, Sendable, Codable { case caller, agent }
    public var party: Party
    public var text: String
    /// The agent was interrupted here; `text` ends with the last word the caller heard.
    public var wasInterrupted: Bool
    /// Where the agent was interrupted is modelled: nobody confirmed what was played, or the voice did not tell its words.
    public var isEstimated: Bool

    public init(party: Party, text: String, wasInterrupted: Bool = false, isEstimated: Bool = false) {
        self.party = party
        self.text = text
        self.wasInterrupted = wasInterrupted
        self.isEstimated = isEstimated
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        party = try container.decode(Party.self, forKey: .party)
        text = try container.decode(String.self, forKey: .text)
        wasInterrupted = try container.decode(Bool.self, forKey: .wasInterrupted)
        isEstimated = try container.decodeIfPresent(Bool.self, forKey: .isEstimated) ?? false
    }
}

public enum DialogueDelta: Sendable, Equatable {
    /// A piece of the answer's text; pieces joined without separators are the answer.
    case text(String)
    /// What the caller is expected to say after this answer.
    case expect(Expectation)
    /// Something to do once the answer has been spoken.
    case action(CallAction)
    /// A tool is at work and the answer takes a while: the caller is kept company. The tool's name.
    case working(String)
    /// A tool did its work, or did not: for the audit trail.
    case tool(ToolReport)
    /// Another provider answers now.
    case replaced(LegReplacement)
    /// What the model understood, for logs and records: a name from the tenant's profile, never the caller's words.
    case intent(String)
    /// What the caller wants, in the model's words: told to the person who takes over. Personal data.
    case wish(String)
    /// Before the text: this answer is in this language (BCP 47), not the tenant's own but one the tenant lists.
    case language(String)
}
