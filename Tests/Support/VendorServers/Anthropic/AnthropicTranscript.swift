/// A request's messages as they are read, in an order the vendor takes: parties alternate, the user begins, and the results of
/// an assistant's calls stand first in the message behind them.
struct AnthropicTranscript {
    private(set) var messages: [ChatServerRequest.Message] = []
    private var lastRole = ""
    private var unanswered: Set<String> = []

    mutating func take(_ wire: WireObject, _ marks: inout Int) throws {
        try wire.onlyMembers(["role", "content"])
        let role = try wire.text("role")
        guard role == "user" || role == "assistant" else {
            throw ChatRefusal.invalid(
                "messages: Unexpected role \"\(role)\". Allowed roles are \"user\" or \"assistant\"."
            )
        }
        guard !lastRole.isEmpty || role == "user" else {
            throw ChatRefusal.invalid("messages: first message must use the \"user\" role")
        }
        guard role != lastRole else {
            throw ChatRefusal.invalid("messages: roles must alternate between \"user\" and \"assistant\"")
        }
        lastRole = role
        if wire.value("content") is String {
            try end()
            let text = try wire.text("content")
            guard !text.isEmpty else { throw ChatRefusal.invalid("messages: content must not be empty") }
            return messages.append(.init(role: role, text: text))
        }
        guard let blocks = try wire.objects("content") else { throw wire.wrong("content", "a string or blocks") }
        if role == "user" { try user(blocks, &marks) } else { try assistant(blocks, &marks) }
    }

    /// - Throws: when a call has no result.
    func end() throws {
        guard unanswered.isEmpty else {
            throw ChatRefusal.invalid(
                "messages: `tool_use` ids were found without `tool_result` blocks immediately after"
            )
        }
    }

    private mutating func user(_ blocks: [WireObject], _ marks: inout Int) throws {
        var text: [String] = []
        for block in blocks {
            guard try block.text("type") == "tool_result" else {
                // All results come before anything else.
                try end()
                text.append(try Self.text(block, &marks))
                continue
            }
            try Self.count(block, &marks)
            let id = try block.text("tool_use_id")
            guard unanswered.remove(id) != nil else {
                throw ChatRefusal.invalid("messages: unexpected `tool_use_id` found in `tool_result` blocks: \(id)")
            }
            _ = try block.flag("is_error")
            let content = block.value("content") == nil ? "" : try block.text("content")
            messages.append(.init(role: "tool", text: content, callID: id))
        }
        try end()
        if !text.isEmpty { messages.append(.init(role: "user", text: text.joined(separator: "\n"))) }
    }

    private mutating func assistant(_ blocks: [WireObject], _ marks: inout Int) throws {
        var text: [String] = []
        var names: [String] = []
        for block in blocks {
            guard try block.text("type") == "tool_use" else {
                text.append(try Self.text(block, &marks))
                continue
            }
            try Self.count(block, &marks)
            _ = try block.object("input")
            names.append(try block.toolName())
            guard unanswered.insert(try block.text("id")).inserted else {
                throw ChatRefusal.invalid("messages: `tool_use` ids must be unique")
            }
        }
        messages.append(.init(role: "assistant", text: text.joined(separator: "\n"), calls: names))
    }

    static func text(_ block: WireObject, _ marks: inout Int) throws -> String {
        let type = try block.text("type")
        guard type == "text" else {
            throw ChatRefusal.invalid("Input tag '\(type)' found using 'type' is not expected")
        }
        try block.onlyMembers(["type", "text", "cache_control"])
        try count(block, &marks)
        let text = try block.text("text")
        guard !text.allSatisfy(\.isWhitespace) else {
            throw ChatRefusal.invalid("text content blocks must contain non-whitespace text")
        }
        return text
    }

    /// Counts marks for the prompt cache.
    static func count(_ block: WireObject, _ marks: inout Int) throws {
        guard block.value("cache_control") != nil else { return }
        guard try block.object("cache_control").text("type") == "ephemeral" else {
            throw ChatRefusal.invalid("cache_control.type: Input should be 'ephemeral'")
        }
        marks += 1
    }
}
