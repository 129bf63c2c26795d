import Actors

/// JSON-RPC 2.0 as the Model Context Protocol uses it: one message for each body or event, no batches (specification
/// 2025-06-18, "Base Protocol").
package enum MCPMessage {
    package static func request(_ id: Int64, _ method: String, _ parameters: JSON?) -> JSON {
        var message: [String: JSON] = ["jsonrpc": "2.0", "id": .integer(id), "method": .text(method)]
        if let parameters { message["params"] = parameters }
        return .object(message)
    }

    package static func notification(_ method: String, _ parameters: JSON? = nil) -> JSON {
        var message: [String: JSON] = ["jsonrpc": "2.0", "method": .text(method)]
        if let parameters { message["params"] = parameters }
        return .object(message)
    }

    /// The answer to a server's request: `ping` is the only one that a client without capabilities takes.
    package static func answer(to request: JSON) -> JSON? {
        guard let method = request["method"]?.text, let id = request["id"] else { return nil }
        if method == "ping" { return ["jsonrpc": "2.0", "id": id, "result": [:]] }
        return ["jsonrpc": "2.0", "id": id, "error": ["code": -32601, "message": "Method not found"]]
    }

    package enum Incoming: Equatable {
        /// The answer to our request.
        case result(JSON)
        case error(code: Int64)
        /// The server asks us.
        case request(JSON)
        case notification(method: String)
        /// Of another request, or of none.
        case other
    }

    package static func incoming(_ message: JSON, for id: Int64) -> Incoming {
        guard message["jsonrpc"] == "2.0" else { return .other }
        if let method = message["method"]?.text {
            return message["id"] == nil ? .notification(method: method) : .request(message)
        }
        guard message["id"]?.integer == id else { return .other }
        if let error = message["error"] { return .error(code: error["code"]?.integer ?? 0) }
        guard let result = message["result"], result.object != nil else { return .other }
        return .result(result)
    }

    /// What a protocol error means to the model: a fixed text, because the server's own is for its developers.
    package static func told(_ code: Int64) -> ToolError {
        switch code {
        case -32602: ToolError(.arguments, "The service did not take these arguments.")
        case -32601: ToolError(.unknown, "The service has no such tool any more.")
        default: ToolError(.unavailable, "The service does not work at the moment.")
        }
    }
}
