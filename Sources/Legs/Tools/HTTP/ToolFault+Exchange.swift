import Actors
import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOPosix

/// What the network's errors mean for a tool.
extension ToolFault {
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

    /// The one error that leaves a tool.
    static func toldError(_ error: any Error) -> any Error {
        switch of(error) {
        case let fault as ToolFault: fault.told
        case let other: other
        }
    }
}
