/// How a model that only triages gives the caller to a person: with what it found out.
struct HandOverTool: Tool {
    static let name = "hand_over"

    private let profile: TenantProfile

    init(_ profile: TenantProfile) { self.profile = profile }

    var declaration: ToolDeclaration {
        var properties: [String: JSON] = [
            "reason": [
                "type": "string", "minLength": 1, "maxLength": 300,
                "description": "What the caller wants, in one sentence, for the person who takes over.",
            ],
            "caller_name": ["type": "string", "maxLength": 80, "description": "Leave it out when it is not known."],
            "urgency": ["type": "string", "enum": ["normal", "urgent"]],
        ]
        if !profile.transfers.isEmpty {
            properties["to"] = [
                "type": "string", "enum": .list(profile.transfers.keys.sorted().map(JSON.text)),
                "description": "Leave it out for the front desk.",
            ]
        }
        return ToolDeclaration(
            name: Self.name,
            description: "Connects the caller to a person. Use it as soon as you know what the call is about.",
            parameters: [
                "type": "object", "properties": .object(properties), "required": ["reason", "urgency"],
                "additionalProperties": false,
            ]
        )
    }

    func call(_ arguments: JSON, _ context: ToolContext) async throws -> ToolResult {
        let named = arguments["to"]?.text.flatMap { profile.transfers[$0] }
        guard let transfer = named ?? profile.transfer else {
            throw ToolError(.refused, "nobody can take over: offer to take a message")
        }
        let parts = [
            arguments["urgency"]?.text == "urgent" ? "urgent" : "", arguments["reason"]?.text ?? "",
            arguments["caller_name"]?.text.map { $0.isEmpty ? "" : "caller: \($0)" } ?? "",
        ]
        return ToolResult(
            ["status": "the caller is connected as soon as you have finished speaking"],
            action: .transfer(to: transfer.number),
            wish: ChatText.singleLine(parts.filter { !$0.isEmpty }.joined(separator: ", "), limit: 400)
        )
    }
}
