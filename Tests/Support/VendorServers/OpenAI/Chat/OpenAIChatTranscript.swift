/// A request's messages as they are read, in an order the vendor takes: every call is answered, and nothing else is.
struct OpenAIChatTranscript {
    private(set) var system = ""
    private(set) var messages: [ChatServerRequest.Message] = []
    /// Calls of the assistant's last message that have no result yet.
    private var unanswered: Set<String> = []

    mutating func take(_ wire: WireObject) throws {
        let role = try wire.text("role")
        if role != "tool" { try end() }
        switch role {
        case "system", "developer":
            system += (system.isEmpty ? "" : "\n") + (try text(wire))
        case "user":
            messages.append(.init(role: role, text: try text(wire)))
        case "assistant": try assistant(wire)
        case "tool": try result(wire)
        default:
            throw ChatRefusal.invalid(
                "Invalid value: '\(role)'. Supported values are: 'system', 'assistant', 'user', 'tool'."
            )
        }
    }

    /// - Throws: when a call has no result.
    func end() throws {
        guard unanswered.isEmpty else {
            throw ChatRefusal.invalid(
                "An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'."
            )
        }
    }

    private mutating func assistant(_ wire: WireObject) throws {
        let calls = try wire.objects("tool_calls") ?? []
        guard wire.value("content") != nil || !calls.isEmpty else {
            throw ChatRefusal.invalid("Invalid value for 'content': expected a string, got null.")
        }
        var names: [String] = []
        for call in calls {
            guard try call.text("type") == "function" else { throw ChatRefusal.invalid("type must be 'function'") }
            let function = try call.object("function")
            _ = try function.text("arguments")
            names.append(try function.toolName())
            guard unanswered.insert(try call.text("id")).inserted else {
                throw ChatRefusal.invalid("Duplicate tool call id")
            }
        }
        messages.append(
            .init(role: "assistant", text: wire.value("content") == nil ? "" : try text(wire), calls: names)
        )
    }

    private mutating func result(_ wire: WireObject) throws {
        let id = try wire.text("tool_call_id")
        guard unanswered.remove(id) != nil else {
            throw ChatRefusal.invalid(
                "messages with role 'tool' must be a response to a preceeding message with 'tool_calls'."
            )
        }
        messages.append(.init(role: "tool", text: try text(wire), callID: id))
    }

    /// A text, or a list of text parts.
    private func text(_ wire: WireObject) throws -> String {
        if wire.value("content") is String { return try wire.text("content") }
        guard let parts = try wire.objects("content") else { throw wire.wrong("content", "a string or an array") }
        return try parts.map { try $0.text("text") }.joined()
    }
}
