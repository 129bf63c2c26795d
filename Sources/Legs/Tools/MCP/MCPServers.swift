import Actors

/// The clients of all declared servers: one for each declaration, shared by all calls, for as long as it is in force.
public actor MCPServers {
    private struct Retired {
        weak var client: MCPClient?
    }

    private let keys: ToolKeys
    private let connections: ToolConnections
    private let loopbackAllowed: Bool
    private let limits: MCPLimits
    private var clients: [MCPServerDeclaration: MCPClient] = [:]
    /// Held by the calls that still use them, and by what they are still saying.
    private var retired: [Retired] = []
    private var isClosed = false

    public init(
        keys: ToolKeys,
        connections: ToolConnections,
        loopbackAllowed: Bool = false,
        limits: MCPLimits = MCPLimits()
    ) {
        self.keys = keys
        self.connections = connections
        self.loopbackAllowed = loopbackAllowed
        self.limits = limits
    }

    /// Declarations that have a client.
    public var declared: Set<MCPServerDeclaration> { Set(clients.keys) }

    /// - Throws: `DeclarationFault`; `ToolError` after `close`.
    public func client(for declared: MCPServerDeclaration) throws -> MCPClient {
        guard !isClosed else { throw ToolFault.unreachable("the engine is shutting down").told }
        if let known = clients[declared] { return known }
        let made = try MCPClient(
            declared,
            keys: keys,
            connections: connections,
            loopbackAllowed: loopbackAllowed,
            limits: limits
        )
        clients[declared] = made
        return made
    }

    /// Lets the clients of all other declarations go. A call that has their tools may use them to its end.
    public func keep(_ declared: Set<MCPServerDeclaration>) async {
        retired.removeAll { $0.client == nil }
        let gone = clients.filter { !declared.contains($0.key) }
        for (declaration, client) in gone {
            clients[declaration] = nil
            retired.append(Retired(client: client))
        }
        for client in gone.values { await client.retire() }
    }

    /// Ends every session, all at once: within twice `MCPLimits.farewell`.
    public func close() async {
        isClosed = true
        let all = Array(clients.values) + retired.compactMap(\.client)
        (clients, retired) = ([:], [])
        await withTaskGroup(of: Void.self) { tasks in
            for client in all { tasks.addTask { await client.close() } }
        }
    }
}
