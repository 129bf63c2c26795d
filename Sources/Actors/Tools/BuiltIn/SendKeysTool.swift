/// Presses keys on the line, for a menu that answered instead of a person.
public struct SendKeysTool: Tool {
    private let sender: any KeySender

    public init(_ sender: any KeySender) { self.sender = sender }

    public var declaration: ToolDeclaration {
        ToolDeclaration(
            name: "send_keys",
            description: "Presses telephone keys on the line, only when the other end is a machine that asks for them.",
            parameters: ToolSchema.object(
                [
                    "keys": [
                        "type": "string", "description": "0-9, * and #; w waits for half a second.", "minLength": 1,
                        "maxLength": 32, "pattern": "^[0-9*#w]+$",
                    ]
                ],
                required: ["keys"]
            ),
            hasEffect: true
        )
    }

    public func call(_ arguments: JSON, _ context: ToolContext) async throws -> ToolResult {
        guard let keys = arguments["keys"]?.text, (1...32).contains(keys.utf8.count),
            keys.utf8.allSatisfy({ "0123456789*#w".utf8.contains($0) }), keys.contains(where: { $0 != "w" })
        else { throw ToolError(.arguments, "Keys are 1 to 32 of 0-9, * and #, and w for half a second's wait.") }
        try await sender.press(keys, call: context.callID)
        return ToolResult(["pressed": .integer(Int64(keys.filter { $0 != "w" }.count))])
    }
}
