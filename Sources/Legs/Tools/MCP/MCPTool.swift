import Actors

/// A server's tool, under a name that is the operator's and the server's together.
struct MCPTool: Tool {
    let declaration: ToolDeclaration
    private let name: String
    private let client: MCPClient

    /// - Parameter listed: an item of `tools/list`.
    /// - Returns: nil for one without a name or with a schema that is too long or no object's.
    init?(_ listed: JSON, of server: MCPServerDeclaration, client: MCPClient) {
        guard let name = listed["name"]?.text, let schema = listed["inputSchema"], schema["type"] == "object",
            schema.serialized.utf8.count <= ToolNames.maximumSchemaBytes
        else { return nil }
        let description = SpokenText.line(listed["description"]?.text, upTo: ToolNames.maximumDescription)
        self.name = name
        self.client = client
        declaration = ToolDeclaration(
            name: Self.modelName(server.name, name),
            description: description ?? SpokenText.line(listed["title"]?.text, upTo: 200) ?? name,
            parameters: schema,
            // The exchange ends first, so that the server is told.
            timeout: server.timeout + .milliseconds(500),
            hasEffect: !server.readOnly.contains(name)
        )
    }

    func call(_ arguments: JSON, _ context: ToolContext) async throws -> ToolResult {
        do { return try await client.call(name, arguments) } catch { throw ToolFault.toldError(error) }
    }

    /// Names may hold more than models take: `crm` and `orders.find` are `crm_orders_find`.
    static func modelName(_ server: String, _ tool: String) -> String {
        let plain = tool.utf8.map { byte -> UInt8 in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x5F: byte
            default: 0x5F
            }
        }
        return String(decoding: (Array(server.utf8) + [0x5F] + plain).prefix(64), as: UTF8.self)
    }
}
