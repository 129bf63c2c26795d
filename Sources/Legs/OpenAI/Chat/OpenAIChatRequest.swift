import Actors

/// What is asked of a chat completions server.
package enum OpenAIChatRequest {
    package static func body(_ request: ChatRequest, _ configuration: OpenAIChatConfiguration) -> JSON {
        var body = configuration.extra
        body["model"] = .text(configuration.model)
        body["messages"] = .list(messages(request))
        body["stream"] = true
        body[configuration.tokensMember.rawValue] = .integer(Int64(request.maximumTokens))
        if configuration.asksForUsage { body["stream_options"] = ["include_usage": true] }
        if configuration.sendsTemperature, let temperature = request.temperature {
            body["temperature"] = .number(temperature)
        }
        // An empty list is refused.
        if !request.tools.isEmpty {
            body["tools"] = .list(request.tools.map(tool))
            if let parallel = configuration.parallelCalls { body["parallel_tool_calls"] = .flag(parallel) }
        }
        return .object(body)
    }

    private static func messages(_ request: ChatRequest) -> [JSON] {
        let system: [JSON] = request.system.isBlank ? [] : [["role": "system", "content": .text(request.system)]]
        return system + request.alternating.map(message)
    }

    private static func message(_ message: ChatMessage) -> JSON {
        switch message {
        case .user(let text): return ["role": "user", "content": .text(text)]
        case .assistant(let text, let calls):
            var members: [String: JSON] = ["role": "assistant", "content": text.isBlank ? .null : .text(text)]
            if !calls.isEmpty { members["tool_calls"] = .list(calls.map(call)) }
            return .object(members)
        // The protocol has no mark for a result that is an error: its text says so.
        case .tool(let id, let content, _):
            return ["role": "tool", "tool_call_id": .text(id), "content": .text(content)]
        }
    }

    private static func call(_ call: ToolCall) -> JSON {
        let function: JSON = ["name": .text(call.name), "arguments": .text(call.argumentsObject.serialized)]
        return ["id": .text(call.id), "type": "function", "function": function]
    }

    private static func tool(_ tool: ToolDeclaration) -> JSON {
        [
            "type": "function",
            "function": [
                "name": .text(tool.name),
                "description": .text(tool.description),
                "parameters": tool.parameters,
            ],
        ]
    }
}
