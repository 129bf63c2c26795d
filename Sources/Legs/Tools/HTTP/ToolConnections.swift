import Actors
import AsyncHTTPClient
import NIOCore
import NIOHTTP1

/// The HTTP exchanges of all tools: bounded in time, never redirected, connected to the address that was judged.
public struct ToolConnections: Sendable {
    private let client: HTTPClient
    private let group: any EventLoopGroup
    private let hosts: HostGuard

    /// - Parameters:
    ///   - client: `VendorHTTP.client`, or one that follows no redirects either; for the operator's own services. It must
    ///     live as long as this.
    ///   - group: for connections to judged addresses, each with a client of its own.
    public init(client: HTTPClient, group: any EventLoopGroup) {
        self.init(client: client, group: group, resolver: SystemToolResolver())
    }

    package init(
        client: HTTPClient,
        group: any EventLoopGroup,
        resolver: any ToolHostResolver,
        isPublic: @escaping @Sendable (String) -> Bool = PublicAddress.holds
    ) {
        self.client = client
        self.group = group
        hosts = HostGuard(resolver: resolver, isPublic: isPublic)
    }

    /// One exchange. `read` is given the answer's head and reads its body; all of it ends within `limit`, and the connection
    /// is closed when it does not.
    ///
    /// - Throws: `ToolFault`, `CancellationError`, what `read` throws.
    func exchange<Result: Sendable>(
        _ request: ToolRequest,
        _ reach: HostGuard.Reach,
        within limit: Duration,
        _ read: @escaping @Sendable (HTTPClientResponse) async throws -> Result
    ) async throws -> Result {
        try await withThrowingTaskGroup(of: Result?.self) { tasks in
            tasks.addTask { try await perform(request, reach, within: limit, read) }
            tasks.addTask {
                try await Task.sleep(for: limit)
                return nil
            }
            defer { tasks.cancelAll() }
            do {
                guard let first = try await tasks.next(), let result = first else { throw ToolFault.timeout }
                // Half an answer that ended because nobody waits for it must not look whole.
                try Task.checkCancellation()
                return result
            } catch {
                try Task.checkCancellation()
                throw ToolFault.of(error)
            }
        }
    }

    private func perform<Result: Sendable>(
        _ request: ToolRequest,
        _ reach: HostGuard.Reach,
        within limit: Duration,
        _ read: @Sendable (HTTPClientResponse) async throws -> Result
    ) async throws -> Result {
        let address = try await hosts.pin(request.url, reach)
        if case .operators = reach { return try await read(send(request, client, within: limit)) }
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.timeout.connect = .seconds(3)
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.decompression = .disabled
        if let address { configuration.dnsOverride = [request.url.host: address] }
        // A client of its own, because a pinned address is a client's setting; it holds one connection for one exchange.
        let own = HTTPClient(eventLoopGroupProvider: .shared(group), configuration: configuration)
        do {
            let result = try await read(send(request, own, within: limit))
            try? await own.shutdown()
            return result
        } catch {
            try? await own.shutdown()
            throw error
        }
    }

    private func send(
        _ request: ToolRequest,
        _ client: HTTPClient,
        within limit: Duration
    ) async throws -> HTTPClientResponse {
        var outgoing = HTTPClientRequest(url: request.url.text)
        outgoing.method = HTTPMethod(rawValue: request.method)
        for (name, value) in request.headers { outgoing.headers.add(name: name, value: value) }
        if let body = request.body { outgoing.body = .bytes(body) }
        return try await client.execute(outgoing, deadline: .now() + TimeAmount(limit))
    }
}

struct ToolRequest: Sendable {
    var method: String
    var url: FetchURL
    var headers: [(String, String)] = []
    var body: ByteBuffer?
}

extension HTTPClientResponse {
    /// - Throws: `ToolFault.malformed` past `limit` bytes.
    func whole(upTo limit: Int) async throws -> ByteBuffer {
        var whole = ByteBuffer()
        for try await part in body {
            guard whole.readableBytes + part.readableBytes <= limit else {
                throw ToolFault.malformed("the answer is longer than \(limit) bytes")
            }
            whole.writeImmutableBuffer(part)
        }
        try Task.checkCancellation()
        return whole
    }

    /// `application/json` of `application/json; charset=utf-8`.
    var mediaType: String {
        (headers.first(name: "Content-Type") ?? "").prefix { $0 != ";" && $0 != " " }.lowercased()
    }
}
