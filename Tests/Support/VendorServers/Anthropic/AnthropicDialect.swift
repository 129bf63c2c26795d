import Foundation
import NIOHTTP1

/// Messages: requests read as strictly as the vendor reads them.
struct AnthropicDialect: ChatDialect {
    let manner: AnthropicManner

    let basePath = ""
    let path = "/v1/messages"

    private static let members: Set<String> = [
        "model", "max_tokens", "messages", "system", "stream", "tools", "tool_choice", "stop_sequences", "thinking",
        "output_config", "metadata", "service_tier", "speed", "temperature", "top_p", "top_k",
    ]

    func read(_ body: [UInt8], headers: HTTPHeaders, number: Int) throws -> ChatServerRequest {
        try checkKey(headers)
        guard let version = headers.first(name: "anthropic-version") else {
            throw ChatRefusal.invalid("anthropic-version: header is required")
        }
        guard ["2026-10-21", "2023-06-01"].contains(version) else {
            throw ChatRefusal.invalid("anthropic-version: \"\(version)\" is not a valid version")
        }
        guard headers.first(name: "Content-Type") == "application/json" else {
            throw ChatRefusal.invalid("content-type must be application/json")
        }
        let wire = try WireObject(parsing: body)
        try wire.onlyMembers(Self.members)
        let model = try wire.text("model")
        guard let maximum = try wire.wholeNumber("max_tokens") else { throw wire.wrong("max_tokens", "an integer") }
        guard maximum >= 1 else { throw ChatRefusal.invalid("max_tokens: must be greater than or equal to 1") }
        guard try wire.flag("stream") == true else { throw ChatRefusal.invalid("this server only streams") }
        for name in ["temperature", "top_p", "top_k"] {
            guard let value = try wire.number(name) else { continue }
            guard version == "2023-06-01" else { throw ChatRefusal.invalid("\(name): not supported by this version") }
            guard name == "top_k" || (0...1).contains(value) else {
                throw ChatRefusal.invalid("\(name): range is 0..1")
            }
        }
        var marks = 0
        let tools = try wire.objects("tools")?.map { try tool($0, &marks) } ?? []
        let system = try system(wire, &marks)
        guard let messages = try wire.objects("messages") else { throw wire.wrong("messages", "an array") }
        var transcript = AnthropicTranscript()
        for message in messages { try transcript.take(message, &marks) }
        try transcript.end()
        guard marks <= 4 else {
            throw ChatRefusal.invalid("A maximum of 4 blocks with cache_control may be provided. Found \(marks).")
        }
        return ChatServerRequest(
            number: number,
            model: model,
            system: system,
            messages: transcript.messages,
            tools: tools,
            maximumTokens: maximum,
            headers: headers.map { ($0.name, $0.value) },
            body: String(decoding: body, as: UTF8.self)
        )
    }

    private func checkKey(_ headers: HTTPHeaders) throws {
        guard let key = manner.key else { return }
        let isRight =
            manner.takesBearer
            ? headers.first(name: "Authorization") == "Bearer \(key)" : headers.first(name: "x-api-key") == key
        guard isRight else { throw ChatRefusal(401, "authentication_error", "invalid x-api-key") }
    }

    private func system(_ wire: WireObject, _ marks: inout Int) throws -> String {
        guard let value = wire.value("system") else { return "" }
        if let text = value as? String { return text }
        guard let blocks = try wire.objects("system") else { throw wire.wrong("system", "a string or blocks") }
        return try blocks.map { try AnthropicTranscript.text($0, &marks) }.joined(separator: "\n")
    }

    private func tool(_ wire: WireObject, _ marks: inout Int) throws -> String {
        try wire.onlyMembers(["name", "description", "input_schema", "cache_control", "type"])
        try AnthropicTranscript.count(wire, &marks)
        try wire.schema("input_schema")
        return try wire.toolName()
    }

    func error(_ refusal: ChatRefusal) -> String {
        wireText([
            "type": "error", "error": ["type": refusal.type, "message": refusal.message], "request_id": "req_1",
        ])
    }

    func frames(_ answer: ScriptedAnswer, to request: ChatServerRequest) -> [ChatFrame] {
        var frames = AnthropicFrames(request: request)
        return frames.frames(answer)
    }

    var malformed: String {
        "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":\n\n"
    }
}
