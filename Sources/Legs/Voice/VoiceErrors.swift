import Actors

/// The errors of a vendor's voice. Causes are fixed words and counts: never a text, a key or what the vendor wrote.
package struct VoiceErrors: Sendable {
    package let provider: String

    package init(provider: String) { self.provider = provider }

    package func unavailable(_ cause: String) -> LegError { make("unavailable", cause, isRetryable: true) }
    package func timeout(_ cause: String) -> LegError { make("timeout", cause, isRetryable: true) }
    package func busy(_ cause: String) -> LegError { make("busy", cause, isRetryable: true) }
    package func refused(_ cause: String) -> LegError { make("refused", cause, isRetryable: false) }
    package func malformed(_ cause: String) -> LegError { make("protocol", cause, isRetryable: false) }
    package func voice(_ cause: String, isRetryable: Bool = false) -> LegError {
        make("voice", cause, isRetryable: isRetryable)
    }

    /// A socket that closed before the piece was whole. What a close code means is alike on the vendors' pages.
    package func closed(code: UInt16?, cause: String? = nil) -> LegError {
        let cause = cause ?? "the socket closed before the end (close code \(code.map(String.init) ?? "none"))"
        return switch code {
        case 1008: refused(cause)
        case 1002, 1003, 1007, 1009: malformed(cause)
        default: unavailable(cause)
        }
    }

    private func make(_ code: String, _ cause: String, isRetryable: Bool) -> LegError {
        LegError(leg: .tts, provider: provider, code: code, cause: cause, isRetryable: isRetryable)
    }
}
