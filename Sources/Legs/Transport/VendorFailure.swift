import Actors
import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import NIOWebSocket

/// Turns what goes wrong between a leg and its vendor into the leg's one error, in words that hold nothing of what was
/// sent or answered.
struct VendorFailure: Sendable {
    let leg: LegKind
    let provider: String

    func unavailable(_ cause: String, after: Duration? = nil) -> LegError {
        error("unavailable", cause, retryable: true, after: after)
    }

    func timeout(_ cause: String) -> LegError { error("timeout", cause, retryable: true) }

    func busy(_ cause: String, after: Duration? = nil) -> LegError {
        error("busy", cause, retryable: true, after: after)
    }

    func refused(_ cause: String) -> LegError { error("refused", cause, retryable: false) }

    func `protocol`(_ cause: String) -> LegError { error("protocol", cause, retryable: false) }

    private func error(_ code: String, _ cause: String, retryable: Bool, after: Duration? = nil) -> LegError {
        LegError(
            leg: leg,
            provider: provider,
            code: code,
            cause: cause,
            isRetryable: retryable,
            retryAfter: after
        )
    }

    // MARK: - Statuses

    /// What an answer other than 2xx means.
    ///
    /// - Parameter body: at most the beginning of it.
    func refusal(status: Int, headers: HTTPHeaders, body: ByteBuffer) -> LegError {
        let word = VendorErrorWord.first(in: body) ?? VendorErrorWord.checked(headers.first(name: "dg-error"))
        let cause = "the answer was status \(status)" + (word.map { " (\($0))" } ?? "")
        let after = RetryAfter.duration(headers, now: Date())
        // A vendor that knows that trying again is useless says so (OpenAI's client obeys it on every status).
        let isHopeless = headers.first(name: "x-should-retry") == "false"
        switch status {
        case 429 where word == "insufficient_quota": return refused(cause)
        case 429, 529: return error("busy", cause, retryable: !isHopeless, after: after)
        case 408, 409, 425, 500...599: return error("unavailable", cause, retryable: !isHopeless, after: after)
        case 400...499: return refused(cause)
        default: return `protocol`(cause)
        }
    }

    // MARK: - Connections

    /// What an error of the network stack means. A `LegError` and a cancellation stay what they are.
    func connection(_ error: any Error) -> any Error {
        switch error {
        case is LegError, is CancellationError: error
        case let error as HTTPClientError: exchange(error)
        case let error as NIOConnectionError:
            unavailable(
                error.connectionErrors.isEmpty
                    ? "its name could not be resolved" : "no connection was accepted"
            )
        case ChannelError.connectTimeout: unavailable("the connection took too long")
        case let error as IOError where Self.isBeforeConnection(error): unavailable("no connection was accepted")
        case NIOSSLError.uncleanShutdown: unavailable("the connection broke")
        case is NIOSSLError, is BoringSSLError, is NIOSSLExtraError: unavailable(Self.handshakeFault(error))
        case is NIOHTTPClientUpgradeError, is NIOWebSocketUpgradeError:
            `protocol`("the handshake's answer is not a WebSocket's")
        case HTTPParserError.invalidEOFState: unavailable("the connection was closed before the answer was whole")
        case is HTTPParserError: `protocol`("the answer is not HTTP")
        default: unavailable("the connection broke")
        }
    }

    private func exchange(_ error: HTTPClientError) -> any Error {
        switch error {
        case .connectTimeout: unavailable("the connection took too long")
        case .tlsHandshakeTimeout: unavailable("the TLS handshake took too long")
        case .getConnectionFromPoolTimeout: unavailable("no connection became free in time")
        case .deadlineExceeded, .readTimeout: timeout("no answer in time")
        case .cancelled: CancellationError()
        case .remoteConnectionClosed: unavailable("the connection was closed before the answer was whole")
        default: unavailable("the exchange failed")
        }
    }

    /// Which of the certificate's two tests failed, where the library tells.
    private static func handshakeFault(_ error: any Error) -> String {
        if (error as? NIOSSLExtraError) == .failedToValidateHostname {
            return "its certificate is for another host name"
        }
        // BoringSSL has one reason for every chain that leads to no trusted root, and tells it in its text only.
        if "\(error)".contains("CERTIFICATE_VERIFY_FAILED") {
            return "its certificate is out of date, or of an authority that is not trusted"
        }
        return "the TLS handshake failed"
    }

    private static func isBeforeConnection(_ error: IOError) -> Bool {
        [ECONNREFUSED, EHOSTUNREACH, ENETUNREACH, EADDRNOTAVAIL].contains(error.errnoCode)
    }
}
