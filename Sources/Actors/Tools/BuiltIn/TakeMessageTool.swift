import Foundation

/// Writes down what the caller wants the tenant's people to know.
public struct TakeMessageTool: Tool {
    private let taker: any MessageTaker
    private let now: @Sendable () -> Date

    public init(_ taker: any MessageTaker, now: @escaping @Sendable () -> Date = { Date() }) {
        self.taker = taker
        self.now = now
    }

    public var declaration: ToolDeclaration {
        ToolDeclaration(
            name: "take_message",
            description: "Leaves a message for the tenant's people, who call back. Read it back to the caller first.",
            parameters: ToolSchema.object(
                [
                    "name": ToolSchema.text("Who is calling.", upTo: 120),
                    "message": ToolSchema.text("What it is about, in the caller's words.", upTo: Self.longest),
                    "call_back": ToolSchema.text(
                        "Another number than the one of this call, with its country: +12025550142.",
                        upTo: 40
                    ),
                    "urgent": ToolSchema.flag("It cannot wait for the next working day."),
                ],
                required: ["name", "message"]
            ),
            hasEffect: true
        )
    }

    public func call(_ arguments: JSON, _ context: ToolContext) async throws -> ToolResult {
        guard let text = SpokenText.line(arguments["message"]?.text, upTo: Self.longest) else {
            throw ToolError(.arguments, "The message is empty. Ask what it is about.")
        }
        guard let name = SpokenText.line(arguments["name"]?.text, upTo: 120) else {
            throw ToolError(.arguments, "The name is empty. Ask who is calling.")
        }
        var callBack = context.callerNumber
        if let other = arguments["call_back"]?.text, !other.isEmpty {
            guard let number = SpokenText.phone(other) else {
                throw ToolError(
                    .arguments,
                    "The number to call back is not whole. Ask for it with its country code, and write +12025550142."
                )
            }
            callBack = number
        }
        try await taker.take(
            CallerMessage(
                idempotencyKey: context.idempotencyKey,
                takenAt: now().timeIntervalSince1970.rounded(.down),
                call: context.callID,
                tenant: context.tenant,
                callBack: callBack,
                name: name,
                text: text,
                isUrgent: arguments["urgent"]?.flag ?? false
            )
        )
        return ToolResult(["taken": true, "can_be_called_back": .flag(callBack != nil)])
    }

    private static let longest = 1000
}
