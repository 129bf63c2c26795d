import Actors
import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOPosix

/// What goes wrong between a tool and its service, in words that hold nothing of what was sent or answered.
enum ToolFault: Error, Equatable {
    /// The address is not one that may be reached.
    case forbidden
    /// The request was not seen.
    case unreachable(String)
    /// The request may have been seen.
    case lost(String)
    case timeout
    /// The answer is no use: too long, not what the protocol says.
    case malformed(String)

    /// - Returns: a `ToolFault`, a `ToolError` or a `CancellationError`.
    static func of(_ error: any Error) -> any Error {
        switch error {
        case is ToolFault, is ToolError, is CancellationError: error
        case let error as HTTPClientError: exchange(error)
        case is NIOConnectionError: ToolFault.unreachable("no connection was accepted")
        case is HTTPParserError: ToolFault.malformed("the answer is not HTTP")
        default: ToolFault.lost("the connection broke")
        }
    }

    private static func exchange(_ error: HTTPClientError) -> any Error {
        switch error {
        case .connectTimeout, .tlsHandshakeTimeout: unreachable("the connection took too long")
        case .getConnectionFromPoolTimeout: unreachable("no connection became free in time")
        case .deadlineExceeded, .readTimeout: timeout
        case .cancelled: CancellationError()
        default: lost("the connection was closed before the answer was whole")
        }
    }

    /// For the model.
    var told: ToolError {
        switch self {
        case .forbidden: ToolError(.refused, "The service's address is not one that may be reached.")
        case .timeout: ToolError(.timeout, "The service took too long.")
        case .unreachable, .lost, .malformed: ToolError(.unavailable, "The service does not work at the moment.")
        }
    }

    /// The one error that leaves a tool.
    static func toldError(_ error: any Error) -> any Error {
        switch of(error) {
        case let fault as ToolFault: fault.told
        case let other: other
        }
    }
}
