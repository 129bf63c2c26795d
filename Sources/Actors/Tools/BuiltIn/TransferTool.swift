/// Hands the caller to one of the people whom the profile names: the model can choose a name, never a number.
public struct TransferTool: Tool {
    /// The name of the tenant's own transfer.
    public static let front = "front_desk"

    private let destinations: [String: TenantProfile.Transfer]

    /// - Returns: nil when the tenant has nobody.
    public init?(_ profile: TenantProfile) {
        var destinations = profile.transfers
        if let front = profile.transfer, destinations[Self.front] == nil { destinations[Self.front] = front }
        guard !destinations.isEmpty else { return nil }
        self.destinations = destinations
    }

    public var declaration: ToolDeclaration {
        ToolDeclaration(
            name: "transfer_call",
            description: "Connects the caller to a person once your answer has been spoken. Say that you are doing it.",
            parameters: ToolSchema.object(
                [
                    "to": ToolSchema.choice("Who is to take over.", destinations.keys.sorted()),
                    "brief": ToolSchema.text(
                        "One sentence that the person hears before the caller: who is calling, and why.",
                        upTo: Self.longestBrief
                    ),
                ],
                required: ["to", "brief"]
            ),
            hasEffect: true
        )
    }

    public func call(_ arguments: JSON, _ context: ToolContext) async throws -> ToolResult {
        guard let name = arguments["to"]?.text, let destination = destinations[name] else {
            let names = destinations.keys.sorted().joined(separator: ", ")
            throw ToolError(.arguments, "There is nobody of that name to transfer to. Choose one of: \(names).")
        }
        // A tenant who wrote no words to be told in advance connects at once; the model's words are for the others.
        let brief = destination.brief == nil ? nil : SpokenText.line(arguments["brief"]?.text, upTo: Self.longestBrief)
        return ToolResult(["transferring_to": .text(name)], action: .transfer(to: destination.number), wish: brief)
    }

    private static let longestBrief = 200
}
