/// Something the model may have done: typed by a JSON schema, bounded in time, told who asks.
///
/// A tool that changes something must give the same result for the same `ToolContext.idempotencyKey` without doing it twice.
public protocol Tool: Sendable {
    var declaration: ToolDeclaration { get }
    /// - Parameter arguments: an object that was checked against `declaration.parameters`.
    /// - Throws: `ToolError`; every other error is an unavailable tool.
    func call(_ arguments: JSON, _ context: ToolContext) async throws -> ToolResult
}

public struct ToolDeclaration: Sendable, Hashable {
    /// `[a-zA-Z0-9_-]`, at most 64: what every vendor's model takes.
    public var name: String
    /// For the model: what it does and when to use it.
    public var description: String
    /// JSON Schema of an object.
    public var parameters: JSON
    /// Longer than this is a failure the model is told of.
    public var timeout: Duration
    /// It changes something outside the call: what it did stands in the audit trail.
    public var hasEffect: Bool

    public init(
        name: String,
        description: String,
        parameters: JSON,
        timeout: Duration = .seconds(8),
        hasEffect: Bool = false
    ) {
        self.name = name
        self.description = description
        self.parameters = parameters
        self.timeout = timeout
        self.hasEffect = hasEffect
    }
}

/// For whom a tool works.
public struct ToolContext: Sendable, Hashable {
    /// The engine's id of the call.
    public var callID: String
    public var tenant: String
    /// E.164, as the provider told; nil when it was withheld.
    public var callerNumber: String?
    /// The same for every repetition of the same step, at the tool's own service too.
    public var idempotencyKey: String

    public init(callID: String, tenant: String, callerNumber: String?, idempotencyKey: String) {
        self.callID = callID
        self.tenant = tenant
        self.callerNumber = callerNumber
        self.idempotencyKey = idempotencyKey
    }
}

public struct ToolResult: Sendable, Equatable {
    /// Given to the model.
    public var content: JSON
    /// Done once the answer has been spoken.
    public var action: CallAction?
    /// What the caller wants, for the person who takes over; nil where the tool does not know.
    public var wish: String?
    /// As the tenant's own records name the caller: known from here on to whatever takes names out of the words.
    public var callerNames: [String]

    public init(_ content: JSON, action: CallAction? = nil, wish: String? = nil, callerNames: [String] = []) {
        self.content = content
        self.action = action
        self.wish = wish
        self.callerNames = callerNames
    }
}

/// What became of one call of a tool: an event for records and metrics, without arguments or results.
public struct ToolReport: Sendable, Equatable {
    public var name: String
    /// nil: it did what it was asked.
    public var failure: ToolError.Code?
    public var took: Duration
    public var hasEffect: Bool
    public var idempotencyKey: String

    public init(name: String, failure: ToolError.Code?, took: Duration, hasEffect: Bool, idempotencyKey: String) {
        self.name = name
        self.failure = failure
        self.took = took
        self.hasEffect = hasEffect
        self.idempotencyKey = idempotencyKey
    }
}

/// Why a tool did not do it. `message` is told to the model: it names the fault and what would help, without internals.
public struct ToolError: Error, Sendable, Equatable {
    public enum Code: String, Sendable, CaseIterable {
        /// The arguments are not what the declaration asks for.
        case arguments
        /// There is no such tool.
        case unknown
        case timeout
        /// The service behind it does not answer, or answers with an error of its own.
        case unavailable
        /// The service, or the tenant's rules, do not allow it.
        case refused
        case notFound = "not_found"
    }

    public var code: Code
    public var message: String

    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }
}
