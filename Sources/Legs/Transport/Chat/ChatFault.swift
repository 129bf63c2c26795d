import Actors

/// Why an answer of a language model could not be used, found after its headers.
package enum ChatFault: Error, Equatable {
    /// The connection ended before the answer did.
    case cut
    /// Not a message of the protocol; what was wrong with it.
    case malformed(String)
    /// More than `ChatLimits.answerBytes`.
    case tooLong(Int)
    /// More than `ChatLimits.calls`.
    case tooManyCalls(Int)
    /// Nothing for `ChatLimits.silence`.
    case silent(Duration)
    /// Neither text nor a call.
    case empty(ChatFinish)
    /// The vendor's own error in the middle of the answer.
    case vendor(VendorWord)

    /// A vendor's name for an error. What it may hold is checked: it goes into logs.
    package struct VendorWord: Equatable, Sendable {
        package let name: String
        /// The HTTP status it would have been, where the vendor says so.
        package let status: Int?

        package init(_ name: String?, status: Int? = nil) {
            let isWord = name.map { name in
                (1...64).contains(name.utf8.count)
                    && name.utf8.allSatisfy { byte in
                        switch UnicodeScalar(byte) {
                        case "a"..."z", "A"..."Z", "0"..."9", "_", "-", ".": true
                        default: false
                        }
                    }
            }
            self.name = isWord == true ? name ?? "" : "unnamed"
            self.status = status
        }
    }

    package func legError(_ provider: String) -> LegError {
        func error(_ code: String, _ cause: String, isRetryable: Bool = true) -> LegError {
            LegError(leg: .llm, provider: provider, code: code, cause: cause, isRetryable: isRetryable)
        }
        switch self {
        case .cut: return error("unavailable", "the answer was cut off before its end")
        case .malformed(let what): return error("protocol", "the answer is not of the protocol: \(what)")
        case .tooLong(let limit):
            return error("protocol", "the answer is longer than the limit of \(limit) bytes", isRetryable: false)
        case .tooManyCalls(let limit):
            return error("protocol", "the answer calls more tools than the limit of \(limit)", isRetryable: false)
        case .silent(let limit):
            return error("timeout", "no piece of the answer for \(limit.formatted)")
        case .empty(.length):
            return error("protocol", "the answer is empty: its maximum of tokens was used up before any text")
        case .empty: return error("protocol", "the answer is empty")
        case .vendor(let word):
            let (code, isRetryable) = word.meaning
            return error(code, "the vendor ended the answer with the error \(word.name)", isRetryable: isRetryable)
        }
    }
}

extension ChatFault.VendorWord {
    /// As the vendors' own clients judge them: what another attempt may mend is retryable.
    fileprivate var meaning: (code: String, isRetryable: Bool) {
        if Self.busy.contains(name) { return ("busy", true) }
        if Self.refused.contains(name) { return ("refused", false) }
        return switch status {
        case 429, 529: ("busy", true)
        case 408, 409, 425: ("unavailable", true)
        case .some(400..<500): ("refused", false)
        default: ("unavailable", true)
        }
    }

    private static let busy: Set<String> = [
        "overloaded_error", "rate_limit_error", "rate_limit_exceeded", "too_many_requests",
    ]
    private static let refused: Set<String> = [
        "authentication_error", "BadRequestError", "billing_error", "context_length_exceeded", "insufficient_quota",
        "invalid_api_key", "invalid_request_error", "model_not_found", "not_found_error", "permission_error",
        "request_too_large",
    ]
}

extension Duration {
    fileprivate var formatted: String { formatted(.units(allowed: [.seconds, .milliseconds])) }
}
