import Actors

/// A `CallToolResult` as the model is given it.
package enum MCPResult {
    /// - Throws: `ToolError` for one that says `isError`; `ToolFault`.
    package static func read(_ result: JSON, upTo limit: Int) throws -> ToolResult {
        let text = texts(result["content"]?.list ?? [])
        if result["isError"]?.flag == true {
            // Its text is for the model ("Error Handling"): it may try again with other arguments.
            throw ToolError(.refused, SpokenText.line(text, upTo: 300) ?? "The service could not do it.")
        }
        if let structured = result["structuredContent"], structured.object != nil {
            return ToolResult(ToolText.bounded(structured, upTo: limit))
        }
        guard result["content"]?.list != nil else { throw ToolFault.malformed("the result holds nothing") }
        return ToolResult(ToolText.bounded(.text(text), upTo: limit))
    }

    /// Sound and pictures cannot be spoken: they are named, and left out.
    private static func texts(_ content: [JSON]) -> String {
        content.map { item in
            switch item["type"]?.text {
            case "text": item["text"]?.text ?? ""
            case "resource": item["resource"]?["text"]?.text ?? "[resource]"
            case let kind?: "[\(kind.prefix(20))]"
            case nil: ""
            }
        }.filter { !$0.isEmpty }.joined(separator: "\n")
    }
}
