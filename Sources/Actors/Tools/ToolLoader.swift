import Engine

/// Tools that must be asked for: a server that lists what it offers.
public struct ToolSource: Sendable {
    /// As the tenant's profile declares it: a metric label.
    public var name: String
    public var load: @Sendable () async throws -> [any Tool]

    public init(_ name: String, load: @escaping @Sendable () async throws -> [any Tool]) {
        self.name = name
        self.load = load
    }
}

/// Gathers the tools of a call that is about to begin. A caller waits for it, so it takes no longer than its limit: who has
/// not answered by then is left out of this call.
public final class ToolLoader: Sendable {
    public enum Reason: String, Sendable, CaseIterable { case timeout, unavailable }

    /// How often the tools of one source were missing in a call.
    public struct Miss: Sendable, Equatable, Hashable {
        public var source: String
        public var reason: Reason
    }

    /// For a caller who has just said something: less than the two seconds after which the agent says that it takes a while.
    public static let usualLimit = Duration.milliseconds(1_500)

    private struct State {
        var misses: [Miss: Int] = [:]
        /// Sources whose tools are missing, and somebody was told.
        var told: Set<String> = []
    }

    private let limit: Duration
    private let clock: any Clock<Duration>
    private let complain: @Sendable (_ tenant: String, _ source: String, _ cause: String) -> Void
    private let state = Locked(State())

    /// - Parameters:
    ///   - limit: of all sources together, which are asked at the same time.
    ///   - complain: told once when a tenant's source begins to fail, and again only after it has answered in between.
    public init(
        limit: Duration = ToolLoader.usualLimit,
        clock: any Clock<Duration> = ContinuousClock(),
        complain: @escaping @Sendable (_ tenant: String, _ source: String, _ cause: String) -> Void = { _, _, _ in }
    ) {
        self.limit = limit
        self.clock = clock
        self.complain = complain
    }

    /// - Returns: what the sources gave, in their order; nothing of one that failed or was too slow.
    public func load(_ sources: [ToolSource], tenant: String) async -> [any Tool] {
        guard !sources.isEmpty else { return [] }
        let found = await withTaskGroup(of: (Int, [any Tool]).self) { group in
            for (index, source) in sources.enumerated() {
                group.addTask { (index, await self.load(source, tenant: tenant)) }
            }
            var found: [Int: [any Tool]] = [:]
            for await (index, tools) in group { found[index] = tools }
            return found
        }
        return sources.indices.flatMap { found[$0] ?? [] }
    }

    /// Sorted by source.
    public var misses: [(miss: Miss, count: Int)] {
        state.withLock { $0.misses }.map { ($0.key, $0.value) }
            .sorted { ($0.miss.source, $0.miss.reason.rawValue) < ($1.miss.source, $1.miss.reason.rawValue) }
    }

    private func load(_ source: ToolSource, tenant: String) async -> [any Tool] {
        do {
            let tools = try await TimeLimit.run(limit, clock: clock) { try await source.load() }
            state.withLock { _ = $0.told.remove(Self.key(tenant, source)) }
            return tools
        } catch is CancellationError {
            return []
        } catch {
            let isSlow = error is TimeLimit.Exceeded
            let isNews = state.withLock { state in
                state.misses[Miss(source: source.name, reason: isSlow ? .timeout : .unavailable), default: 0] += 1
                return state.told.insert(Self.key(tenant, source)).inserted
            }
            if isNews { complain(tenant, source.name, isSlow ? "it does not answer within \(limit)" : "\(error)") }
            return []
        }
    }

    private static func key(_ tenant: String, _ source: ToolSource) -> String { "\(tenant) \(source.name)" }
}
