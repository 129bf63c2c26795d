import Actors

/// What is asked of the Messages endpoint.
package enum AnthropicRequest {
    package static func body(_ request: ChatRequest, _ configuration: AnthropicConfiguration) -> JSON {
        var body = configuration.extra
        body["model"] = .text(configuration.model)
        body["max_tokens"] = .integer(Int64(request.maximumTokens))
        body["messages"] = .list(messages(request))
        body["stream"] = true
        if !request.system.isBlank {
            body["system"] = [marked(["type": "text", "text": .text(request.system)], configuration)]
        }
        if !request.tools.isEmpty { body["tools"] = .list(tools(request.tools, configuration)) }
        if configuration.version == AnthropicConfiguration.samplingVersion, let temperature = request.temperature {
            // The vendor's range ends at 1, where others' end at 2.
            body["temperature"] = .number(min(1, temperature))
        }
        return .object(body)
    }

    /// Everything up to the marked block is kept for the next request; tools stand before the system prompt.
    private static func marked(_ block: [String: JSON], _ configuration: AnthropicConfiguration) -> JSON {
        guard configuration.cachesPrompt else { return .object(block) }
        return .object(block.merging(["cache_control": ["type": "ephemeral"]]) { _, mark in mark })
    }

    private static func tools(_ tools: [ToolDeclaration], _ configuration: AnthropicConfiguration) -> [JSON] {
        tools.enumerated().map { number, tool in
            let block: [String: JSON] = [
                "name": .text(tool.name),
                "description": .text(tool.description),
                "input_schema": tool.parameters,
            ]
            return number == tools.count - 1 ? marked(block, configuration) : .object(block)
        }
    }

    /// Parties alternate, and tools' results are the user's: they and what the caller said then are one message, results first.
    private static func messages(_ request: ChatRequest) -> [JSON] {
        var turns: [(role: String, blocks: [JSON])] = []
        for message in request.alternating {
            let (role, blocks) = blocks(message)
            if turns.last?.role == role {
                turns[turns.count - 1].blocks += blocks
            } else {
                turns.append((role, blocks))
            }
        }
        return turns.map { ["role": .text($0.role), "content": .list($0.blocks)] }
    }

    private static func blocks(_ message: ChatMessage) -> (role: String, blocks: [JSON]) {
        switch message {
        case .user(let text): return ("user", [["type": "text", "text": .text(text)]])
        case .assistant(let text, let calls):
            // An empty text block is refused.
            let said: [JSON] = text.isBlank ? [] : [["type": "text", "text": .text(text)]]
            return ("assistant", said + calls.map(use))
        case .tool(let id, let content, let isError):
            var block: [String: JSON] = ["type": "tool_result", "tool_use_id": .text(id), "content": .text(content)]
            if isError { block["is_error"] = true }
            return ("user", [.object(block)])
        }
    }

    private static func use(_ call: ToolCall) -> JSON {
        ["type": "tool_use", "id": .text(call.id), "name": .text(call.name), "input": call.argumentsObject]
    }
}
