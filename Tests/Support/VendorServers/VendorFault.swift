/// What a vendor's service does wrong, in a server of the tests: one request or connection at a time.
public enum VendorFault: Sendable, Hashable, CaseIterable {
    /// 401: the key is not taken.
    case unauthorized
    /// 429 with `Retry-After: 1`.
    case tooManyRequests
    /// 500 with a body that is no JSON.
    case serverError
    /// The right status and headers, then text that is no message of the protocol.
    case malformed
    /// The connection is reset in the middle of an answer.
    case reset
    /// Everything is accepted and nothing is ever answered.
    case halfOpen
    /// The answer comes a byte at a time, too slowly to be of use.
    case slowDrip
    /// A text ends in the middle of a character.
    case truncatedUTF8
    /// A whole answer with nothing in it.
    case empty
    /// An answer that does not end.
    case endless
}
