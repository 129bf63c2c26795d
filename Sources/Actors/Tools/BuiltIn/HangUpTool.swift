/// Ends the call once the answer has been spoken.
public struct HangUpTool: Tool {
    public init() {}

    public var declaration: ToolDeclaration {
        ToolDeclaration(
            name: "hang_up",
            description:
                "Ends the call once your answer has been spoken. Only when the caller has said goodbye or wants "
                + "nothing more; say goodbye in your answer.",
            parameters: ToolSchema.object([:], required: []),
            hasEffect: true
        )
    }

    public func call(_ arguments: JSON, _ context: ToolContext) async throws -> ToolResult {
        ToolResult(["ending": true], action: .hangUp)
    }
}
