import Actors
import Engine
import Foundation

/// One Model Context Protocol server: its session, opened when it is needed and again when the server has ended it, and the
/// tools it offers that its declaration allows. Shared by all calls.
///
/// - Source: Model Context Protocol 2025-06-18: "Lifecycle", "Transports", "Tools", "Cancellation", "Ping".
public actor MCPClient {
    private enum Life {
        case open
        /// No new call is given its tools; calls that have them may use them to their end. A session lasts as long as its requests.
        case retired
        case closed
    }

    /// The versions spoken, the one asked for first.
    static let versions = ["2025-06-18", "2025-03-26"]

    private let declared: MCPServerDeclaration
    private let wire: MCPWire
    private let limits: MCPLimits
    private var session: MCPSession?
    private var opening: Task<MCPSession, any Error>?
    private var sessions = 0
    private var nextID: Int64 = 0
    private var listed: (tools: [MCPTool], at: ContinuousClock.Instant)?
    private var listing: Task<[MCPTool], any Error>?
    private var failed: (error: any Error, at: ContinuousClock.Instant)?
    private var farewells: [Int: Task<Void, Never>] = [:]
    private var farewellCount = 0
    private var requests = 0
    private var life = Life.open

    /// - Throws: `DeclarationFault`, the first one.
    public init(
        _ declared: MCPServerDeclaration,
        keys: ToolKeys,
        connections: ToolConnections,
        loopbackAllowed: Bool = false,
        limits: MCPLimits = MCPLimits()
    ) throws(DeclarationFault) {
        if let fault = declared.faults(loopbackAllowed: loopbackAllowed).first { throw fault }
        guard let url = try? FetchURL(declared.url) else { throw DeclarationFault("url", "it cannot be read") }
        var headers = declared.headers.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        if case .header(let name, let value) = try ToolProof(declared.auth, keys) { headers.append((name, value)) }
        self.declared = declared
        self.limits = limits
        wire = MCPWire(
            url: url,
            reach: declared.reach == .operators ? .operators : .internet(loopback: loopbackAllowed),
            headers: headers,
            connections: connections,
            responseBytes: declared.responseBytes,
            limits: limits
        )
    }

    /// The tools that may be offered. A list that was fetched lately is used again, and an old one when the server does not
    /// answer; whoever asks while a list is being fetched waits for that one.
    ///
    /// - Throws: `ToolError` when there is no list at all.
    public func tools() async throws -> [any Tool] {
        if let listed, listed.at.duration(to: .now) < limits.fresh { return listed.tools }
        if let failed, failed.at.duration(to: .now) < limits.pause {
            if let listed { return listed.tools }
            throw ToolFault.toldError(failed.error)
        }
        let task: Task<[MCPTool], any Error>
        if let listing {
            task = listing
        } else {
            task = Task { try await list() }
            listing = task
        }
        let result = await task.result
        if listing == task {
            listing = nil
            switch result {
            // A list holds its client: one that nobody is given any more is let go.
            case .success(let tools): (listed, failed) = (life == .open ? (tools, .now) : nil, nil)
            case .failure(let error): failed = (error, .now)
            }
        }
        try Task.checkCancellation()
        if case .failure(let error) = result {
            if let listed { return listed.tools }
            throw ToolFault.toldError(error)
        }
        return try result.get()
    }

    /// Whether the server answers.
    ///
    /// - Throws: `ToolError`.
    public func ping() async throws {
        do { _ = try await ask("ping", nil, within: limits.handshake) } catch { throw ToolFault.toldError(error) }
    }

    /// Its declaration is not in force any more: the session is ended as soon as no request needs it.
    func retire() {
        guard life == .open else { return }
        life = .retired
        listed = nil
        leave()
    }

    /// Ends the session and waits for what is still being said, for twice `MCPLimits.farewell` at most. Whoever asks for
    /// something afterwards is refused.
    public func close() async {
        life = .closed
        listed = nil
        listing?.cancel()
        opening?.cancel()
        // It may have been granted in the meantime.
        let late = try? await opening?.value
        let last = session ?? late
        session = nil
        if let last { await wire.end(last) }
        for farewell in farewells.values { await farewell.value }
    }

    /// - Parameter name: the server's own.
    func call(_ name: String, _ arguments: JSON) async throws -> ToolResult {
        let result = try await ask(
            "tools/call",
            ["name": .text(name), "arguments": arguments],
            within: declared.timeout
        )
        return try MCPResult.read(result, upTo: declared.resultBytes)
    }

    // MARK: - Listing

    private func list() async throws -> [MCPTool] {
        var found: [String: JSON] = [:]
        var cursor: JSON?
        for _ in 0..<limits.pages {
            let result = try await ask("tools/list", cursor.map { ["cursor": $0] }, within: limits.handshake)
            guard let page = result["tools"]?.list else { throw ToolFault.malformed("the list holds no tools") }
            for tool in page {
                guard let name = tool["name"]?.text, declared.allow.contains(name), found[name] == nil else { continue }
                found[name] = tool
            }
            cursor = result["nextCursor"]
            guard cursor != nil, page.count <= limits.tools else { break }
        }
        // In the declaration's order, so that two names that become one are decided by the operator.
        var names: Set<String> = []
        return declared.allow.compactMap { name in
            guard let tool = found[name].flatMap({ MCPTool($0, of: declared, client: self) }),
                names.insert(tool.declaration.name).inserted
            else { return nil }
            return tool
        }
    }

    // MARK: - Asking

    /// One request. A session that the server has ended is opened anew, once: the request was not looked at.
    private func ask(_ method: String, _ parameters: JSON?, within limit: Duration) async throws -> JSON {
        guard life != .closed else { throw Self.isClosed }
        requests += 1
        defer {
            requests -= 1
            leave()
        }
        for isLast in [false, true] {
            let session = try await opened()
            nextID += 1
            let id = nextID
            do {
                switch try await send(id, method, parameters, session, within: limit) {
                case .result(let result, _): return result
                case .error(let code): throw MCPMessage.told(code)
                case .sessionGone where !isLast:
                    if self.session == session { self.session = nil }
                case .sessionGone: throw ToolFault.lost("the session ended again")
                }
            } catch {
                if error is CancellationError || error as? ToolFault == .timeout { cancel(id, session) }
                throw error
            }
        }
        throw ToolFault.lost("the session ended again")
    }

    private func send(
        _ id: Int64,
        _ method: String,
        _ parameters: JSON?,
        _ session: MCPSession?,
        within limit: Duration
    ) async throws -> MCPWire.Outcome {
        try await wire.ask(id, method, parameters, session, within: limit) { [weak self] incoming in
            await self?.take(incoming, session)
        }
    }

    private func take(_ incoming: MCPMessage.Incoming, _ session: MCPSession?) {
        switch incoming {
        case .request(let request):
            if let answer = MCPMessage.answer(to: request) { tell(answer, session) }
        case .notification("notifications/tools/list_changed"): listed = nil
        case .notification, .result, .error, .other: break
        }
    }

    /// The server is told that nobody waits for its answer any more.
    private func cancel(_ id: Int64, _ session: MCPSession) {
        tell(MCPMessage.notification("notifications/cancelled", ["requestId": .integer(id)]), session)
    }

    /// In the background, bounded in time and number.
    private func tell(_ message: JSON, _ session: MCPSession?) {
        aside { [wire] in await wire.tell(message, session) }
    }

    private func aside(_ work: @escaping @Sendable () async -> Void) {
        guard farewells.count < 64 else { return }
        farewellCount += 1
        let number = farewellCount
        farewells[number] = Task {
            await work()
            farewells[number] = nil
        }
    }

    // MARK: - Sessions

    /// One opening at a time, whoever waits for it: a call that is given up does not take it from the others.
    private func opened() async throws -> MCPSession {
        if let session { return session }
        let task: Task<MCPSession, any Error>
        if let opening {
            task = opening
        } else {
            sessions += 1
            let number = sessions
            task = Task { [weak self] in
                guard let self else { throw CancellationError() }
                return try await self.open(number)
            }
            opening = task
        }
        let result = await task.result
        if opening == task { opening = nil }
        guard life != .closed else { throw Self.isClosed }
        let session = try result.get()
        // Kept also for whoever comes next, when this call was given up: somebody has to end it.
        if self.session == nil || (self.session?.number ?? 0) < session.number { self.session = session }
        try Task.checkCancellation()
        return session
    }

    private static var isClosed: ToolFault { .unreachable("the engine is shutting down") }

    /// A retired client keeps no session that nothing is asked in.
    private func leave() {
        guard life == .retired, requests == 0, let session else { return }
        self.session = nil
        // After what is still being said in it: a server looks at nothing that comes to a session that has ended.
        let said = Array(farewells.values)
        aside { [wire] in
            for farewell in said { await farewell.value }
            await wire.end(session)
        }
    }

    private func open(_ number: Int) async throws -> MCPSession {
        nextID += 1
        let parameters: JSON = [
            "protocolVersion": .text(Self.versions[0]), "capabilities": [:],
            "clientInfo": ["name": "parley", "version": "1"],
        ]
        let outcome = try await send(nextID, "initialize", parameters, nil, within: limits.handshake)
        guard case .result(let result, let id) = outcome else {
            throw ToolFault.malformed("the server does not begin a session")
        }
        guard let version = result["protocolVersion"]?.text, Self.versions.contains(version) else {
            throw ToolFault.malformed("the server speaks another version")
        }
        guard result["capabilities"]?["tools"] != nil else { throw ToolFault.malformed("the server has no tools") }
        // Visible ASCII only (specification, "Session Management").
        if let id, id.isEmpty || id.utf8.count > 1000 || !id.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) {
            throw ToolFault.malformed("the session's id is not one")
        }
        let session = MCPSession(id: id, version: version, number: number)
        await wire.tell(MCPMessage.notification("notifications/initialized"), session)
        return session
    }
}
