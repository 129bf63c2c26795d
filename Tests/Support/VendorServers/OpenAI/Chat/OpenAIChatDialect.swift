import Foundation
import NIOHTTP1

/// Chat completions: requests read as strictly as the vendor reads them.
struct OpenAIChatDialect: ChatDialect {
    let manner: OpenAIChatManner

    var basePath: String { manner.basePath }
    var path: String { manner.basePath + "/chat/completions" }

    func read(_ body: [UInt8], headers: HTTPHeaders, number: Int) throws -> ChatServerRequest {
        if let key = manner.key, headers.first(name: "Authorization") != "Bearer \(key)" {
            throw ChatRefusal(401, "invalid_request_error", "Incorrect API key provided.", code: "invalid_api_key")
        }
        guard headers.first(name: "Content-Type")?.hasPrefix("application/json") == true else {
            throw ChatRefusal.invalid("Content-Type must be application/json")
        }
        let wire = try WireObject(parsing: body)
        let model = try wire.text("model")
        guard try wire.flag("stream") == true else { throw ChatRefusal.invalid("this server only streams") }
        try streamOptions(wire)
        let maximum = try tokens(wire)
        if let temperature = try wire.number("temperature") {
            guard manner.takesTemperature else { throw unsupported("temperature") }
            guard (0...2).contains(temperature) else { throw ChatRefusal.invalid("Invalid 'temperature'") }
        }
        let tools = try wire.objects("tools")?.map(tool)
        guard tools != nil || (wire.value("tool_choice") == nil && wire.value("parallel_tool_calls") == nil) else {
            throw ChatRefusal.invalid(
                "'tool_choice' and 'parallel_tool_calls' are only allowed when 'tools' are specified."
            )
        }
        guard let messages = try wire.objects("messages") else { throw wire.wrong("messages", "an array") }
        var transcript = OpenAIChatTranscript()
        for message in messages { try transcript.take(message) }
        try transcript.end()
        return ChatServerRequest(
            number: number,
            model: model,
            system: transcript.system,
            messages: transcript.messages,
            tools: tools ?? [],
            maximumTokens: maximum ?? 4096,
            headers: headers.map { ($0.name, $0.value) },
            body: String(decoding: body, as: UTF8.self)
        )
    }

    private func streamOptions(_ wire: WireObject) throws {
        guard wire.value("stream_options") != nil else { return }
        guard manner.takesStreamOptions else {
            throw ChatRefusal.invalid("Unrecognized request argument: stream_options")
        }
        _ = try wire.object("stream_options").flag("include_usage")
    }

    private func tokens(_ wire: WireObject) throws -> Int? {
        let deprecated = try wire.wholeNumber("max_tokens")
        let current = try wire.wholeNumber("max_completion_tokens")
        if deprecated != nil, !manner.takesMaxTokens { throw unsupported("max_tokens") }
        if current != nil, !manner.takesMaxCompletionTokens { throw unsupported("max_completion_tokens") }
        guard deprecated == nil || current == nil else {
            throw ChatRefusal.invalid(
                "Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported."
            )
        }
        if let maximum = current ?? deprecated, maximum < 1 { throw ChatRefusal.invalid("Invalid 'max_tokens'") }
        return current ?? deprecated
    }

    private func unsupported(_ name: String) -> ChatRefusal {
        ChatRefusal(400, "invalid_request_error", "Unsupported parameter: '\(name)'", code: "unsupported_parameter")
    }

    private func tool(_ wire: WireObject) throws -> String {
        guard try wire.text("type") == "function" else { throw ChatRefusal.invalid("tools: type must be 'function'") }
        let function = try wire.object("function")
        if function.value("parameters") != nil { try function.schema("parameters") }
        if function.value("description") != nil { _ = try function.text("description") }
        return try function.toolName()
    }

    func error(_ refusal: ChatRefusal) -> String {
        let code: Any = refusal.code.map { $0 as Any } ?? NSNull()
        let error: [String: Any] = [
            "message": refusal.message, "type": refusal.type, "param": NSNull(), "code": code,
        ]
        return wireText(["error": error])
    }

    func frames(_ answer: ScriptedAnswer, to request: ChatServerRequest) -> [ChatFrame] {
        OpenAIChatFrames(request: request).frames(answer)
    }

    var malformed: String { "data: {\"id\":\"chatcmpl-1\",\"choices\":[{\"delta\":{\"content\":\n\n" }
}
