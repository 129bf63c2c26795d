import Actors
import AsyncHTTPClient
import Foundation
import NIOCore

/// A session with a server, as its headers say it.
struct MCPSession: Sendable, Equatable {
    /// nil when the server keeps none.
    var id: String?
    var version: String
    /// Ours: which of the sessions one after the other.
    var number: Int
}

/// The streamable HTTP transport: each message is a POST, its answer is JSON or a stream of events.
///
/// - Source: Model Context Protocol 2025-06-18, "Transports".
struct MCPWire: Sendable {
    enum Outcome: Sendable {
        case result(JSON, session: String?)
        case error(code: Int64)
        /// 404 to a session's id: the server has ended it, and has not done what was asked.
        case sessionGone
    }

    let url: FetchURL
    let reach: HostGuard.Reach
    let headers: [(String, String)]
    let connections: ToolConnections
    let responseBytes: Int
    let limits: MCPLimits

    /// Sends a request and waits for its answer.
    ///
    /// - Parameter aside: called with what the server says besides.
    func ask(
        _ id: Int64,
        _ method: String,
        _ parameters: JSON?,
        _ session: MCPSession?,
        within limit: Duration,
        aside: @escaping @Sendable (MCPMessage.Incoming) async -> Void
    ) async throws -> Outcome {
        let request = post(MCPMessage.request(id, method, parameters), session)
        return try await connections.exchange(request, reach, within: limit) { response in
            let status = Int(response.status.code)
            if status == 404, session?.id != nil { return .sessionGone }
            guard (200...299).contains(status) else { throw Self.refusal(status) }
            let granted = response.headers.first(name: "Mcp-Session-Id")
            switch response.mediaType {
            case "application/json":
                let body = try await response.whole(upTo: responseBytes)
                guard let message = try? JSON(parsing: body.readableBytesView) else {
                    throw ToolFault.malformed("the answer is not JSON")
                }
                return try Self.outcome(MCPMessage.incoming(message, for: id), session: granted)
            case "text/event-stream":
                return try await events(response, for: id, session: granted, aside)
            default: throw ToolFault.malformed("the answer is neither JSON nor a stream of events")
            }
        }
    }

    /// Sends a notification, or an answer to the server. Never fails: nobody waits for it.
    func tell(_ message: JSON, _ session: MCPSession?) async {
        let request = post(message, session)
        _ = try? await connections.exchange(request, reach, within: limits.farewell) { response in
            _ = try await response.whole(upTo: 64 << 10)
        }
    }

    /// Ends a session. A server may refuse that (405).
    func end(_ session: MCPSession) async {
        guard session.id != nil else { return }
        let request = ToolRequest(method: "DELETE", url: url, headers: headers + Self.headers(session))
        _ = try? await connections.exchange(request, reach, within: limits.farewell) { response in
            _ = try await response.whole(upTo: 64 << 10)
        }
    }

    private func events(
        _ response: HTTPClientResponse,
        for id: Int64,
        session: String?,
        _ aside: @Sendable (MCPMessage.Incoming) async -> Void
    ) async throws -> Outcome {
        var parser = ServerSentEvents(limit: responseBytes)
        var bytes = 0
        var messages = 0
        for try await part in response.body {
            bytes += part.readableBytes
            guard bytes <= responseBytes else { throw ToolFault.malformed("the stream is too long") }
            let events: [ServerSentEvents.Event]
            do { events = try parser.push(part.readableBytesView) } catch {
                throw ToolFault.malformed("an event is too long")
            }
            for event in events where event.name == "message" && !event.data.isEmpty {
                messages += 1
                guard messages <= limits.messages else { throw ToolFault.malformed("the stream does not end") }
                guard let message = try? JSON(parsing: event.data.utf8) else {
                    throw ToolFault.malformed("an event is not JSON")
                }
                switch MCPMessage.incoming(message, for: id) {
                case .result(let result): return .result(result, session: session)
                case .error(let code): return .error(code: code)
                case .other: continue
                case let incoming: await aside(incoming)
                }
            }
        }
        try Task.checkCancellation()
        throw ToolFault.lost("the stream ended before the answer")
    }

    private func post(_ message: JSON, _ session: MCPSession?) -> ToolRequest {
        ToolRequest(
            method: "POST",
            url: url,
            headers: headers + [
                ("Accept", "application/json, text/event-stream"), ("Content-Type", "application/json"),
            ] + (session.map { Self.headers($0) } ?? []),
            body: ByteBuffer(string: message.serialized)
        )
    }

    private static func headers(_ session: MCPSession) -> [(String, String)] {
        [("MCP-Protocol-Version", session.version)] + (session.id.map { [("Mcp-Session-Id", $0)] } ?? [])
    }

    private static func outcome(_ incoming: MCPMessage.Incoming, session: String?) throws(ToolFault) -> Outcome {
        switch incoming {
        case .result(let result): return .result(result, session: session)
        case .error(let code): return .error(code: code)
        case .request, .notification, .other: throw .malformed("the answer is to another request")
        }
    }

    private static func refusal(_ status: Int) -> any Error {
        switch status {
        case 401, 403: ToolError(.refused, "The service did not allow it.")
        default: ToolFault.lost("the answer was status \(status)")
        }
    }
}
