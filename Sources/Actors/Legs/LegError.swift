/// Which of a call's three legs something concerns.
public enum LegKind: String, Sendable, CaseIterable {
    case stt, llm, tts
}

/// A leg's provider failed and the next one in the tenant's order took over, with what was under way.
public struct LegReplacement: Sendable, Equatable {
    /// Of the provider that was given up.
    public var error: LegError
    /// The provider that took over.
    public var to: String

    public var leg: LegKind { error.leg }
    public var from: String { error.provider }

    public init(error: LegError, to: String) {
        self.error = error
        self.to = to
    }
}

/// The one error a leg reports: which leg, whose, what went wrong, and whether trying again can help.
///
/// `cause` is written for an operator. It never holds what a caller said, a number or a key.
public struct LegError: Error, Sendable, Equatable, CustomStringConvertible {
    public let leg: LegKind
    public let provider: String
    /// A short fixed word, used as a metric label: `unavailable`, `timeout`, `refused`, `protocol`, `busy`, `voice`.
    public let code: String
    public let cause: String
    public let isRetryable: Bool
    /// The provider asked to wait this long before the next request (`Retry-After`, RFC 9110 section 10.2.3).
    public let retryAfter: Duration?

    public init(
        leg: LegKind,
        provider: String,
        code: String,
        cause: String,
        isRetryable: Bool,
        retryAfter: Duration? = nil
    ) {
        self.retryAfter = retryAfter
        self.leg = leg
        self.provider = provider
        self.code = code
        self.cause = cause
        self.isRetryable = isRetryable
    }

    public var description: String { "\(leg.rawValue) leg \(provider): \(code): \(cause)" }
}
