/// What an operator, a tool or the conversation wants a provider to do with a live call.
public enum ControlRequest: Sendable, Equatable {
    public enum Transfer: Sendable, Equatable {
        /// The caller is put through at once.
        case blind
        /// The person hears `brief` before the caller is connected.
        case warm(brief: String)
    }
    /// E.164.
    case transfer(to: String, Transfer)
    case hangUp
    /// `0-9 * # w`; `w` waits half a second.
    case digits(String)
}

/// Why a provider did not do what it was asked, for people: `message` names the fault and the way out.
public struct ControlError: Error, Sendable, Equatable {
    public enum Code: String, Sendable {
        /// The provider offers no way to do this.
        case notSupported = "not_supported"
        /// A key or an account is missing in the configuration.
        case notConfigured = "not_configured"
        /// The call is over.
        case gone
        /// Asked too often; `retryAfter` says when again.
        case rateLimited = "rate_limited"
        /// The provider refused or could not be reached.
        case failed
    }
    public var code: Code
    public var message: String
    public var retryAfter: Duration?

    public init(_ code: Code, _ message: String, retryAfter: Duration? = nil) {
        self.code = code
        self.message = message
        self.retryAfter = retryAfter
    }
}

/// One provider's way to act on a live call, through its REST API or its media socket.
public protocol ProviderControl: Sendable {
    /// Keys are pressed while the call's media goes on. Where they need new instructions for the call instead (Twilio), its
    /// stream ends, and with it the conversation.
    var keysKeepTheStream: Bool { get }
    func perform(_ request: ControlRequest, on call: ProviderCallKey) async throws(ControlError)
    /// Calls somebody; the call's audio then comes to the engine like that of a caller.
    /// - Returns: the provider's id of the new call.
    func call(_ number: String, from: String, tenant: String) async throws(ControlError) -> String
}

extension ProviderControl {
    public var keysKeepTheStream: Bool { false }
}
