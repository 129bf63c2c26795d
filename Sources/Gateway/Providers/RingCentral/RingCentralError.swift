/// Why a request to RingCentral had no useful answer. Holds no address, number, token or body.
package enum RingCentralError: Error, Equatable, Sendable {
    /// Client id, client secret or JWT are missing.
    case notConfigured
    /// The account's credentials were refused; the vendor's code where it gave one.
    case credentials(String?)
    case rateLimited(retryAfter: Duration)
    /// The call, subscription or recording does not exist (any more).
    case gone
    /// Any other refusal: the status, and the vendor's code (`CMN-102`) where it gave one.
    case refused(status: Int, code: String?)
    case unreachable(VendorError.Code)
    /// A 2xx answer that is not what the vendor's pages say.
    case badAnswer
    case cancelled

    /// Constant per case: for logs and `status`.
    package var label: String {
        switch self {
        case .notConfigured: "not_configured"
        case .credentials: "credentials"
        case .rateLimited: "rate_limited"
        case .gone: "gone"
        case .refused: "refused"
        case .unreachable(let code): code.rawValue
        case .badAnswer: "bad_answer"
        case .cancelled: "cancelled"
        }
    }

    /// The vendor's own code, when it looks like one.
    package var vendorCode: String? {
        switch self {
        case .credentials(let code), .refused(_, let code): code
        case .notConfigured, .rateLimited, .gone, .unreachable, .badAnswer, .cancelled: nil
        }
    }
}
