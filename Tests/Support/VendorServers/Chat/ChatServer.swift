import Engine
import NIOCore
import NIOHTTP1
import NIOPosix

/// A language model's service on this machine: reads requests as strictly as the vendor, streams what a test scripts, at the
/// pace and with the faults the test says, and keeps what happened on the wire.
public final class ChatServer: Sendable {
    public typealias Answer = @Sendable (ChatServerRequest) -> ScriptedAnswer

    struct Manner {
        var answer: Answer = { _ in .say("Good morning.") }
        var firstToken = Duration.zero
        var betweenTokens = Duration.zero
        /// Between the bytes of `VendorFault.slowDrip`.
        var drip = Duration.milliseconds(50)
        var fault: @Sendable (Int) -> VendorFault? = { _ in nil }
        /// How much of an answer is written before `VendorFault.reset`, 0...1.
        var shareBeforeReset = 0.5
    }

    private struct Waiter {
        var condition: @Sendable (ChatServerRecord) -> Bool
        var continuation: CheckedContinuation<Void, Never>
    }

    private struct State {
        var manner = Manner()
        var record = ChatServerRecord()
        var waiters: [Int: Waiter] = [:]
        var tickets = 0
        var channel: (any Channel)?
    }

    let dialect: any ChatDialect
    private let state = Locked(State())
    public let port: Int

    private init(_ dialect: any ChatDialect, group: any EventLoopGroup) async throws {
        self.dialect = dialect
        let children = Locked<ChatServer?>(nil)
        let channel = try await ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 256)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.socketOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    guard let server = children.withLock({ $0 }) else { throw ChannelError.operationUnsupported }
                    // Without pipelining's help, which stops reading while an answer is written: the client's leaving
                    // must be seen at once.
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline(withPipeliningAssistance: false)
                    try channel.pipeline.syncOperations.addHandler(ChatConnection(server))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        port = channel.localAddress?.port ?? 0
        state.withLock { $0.channel = channel }
        children.withLock { $0 = self }
    }

    /// Chat completions; `baseURL` ends in `/v1` unless the manner says otherwise.
    public static func openAI(
        _ manner: OpenAIChatManner = OpenAIChatManner(),
        group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton
    ) async throws -> ChatServer {
        try await ChatServer(OpenAIChatDialect(manner: manner), group: group)
    }

    /// Anthropic's Messages.
    public static func anthropic(
        _ manner: AnthropicManner = AnthropicManner(),
        group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton
    ) async throws -> ChatServer {
        try await ChatServer(AnthropicDialect(manner: manner), group: group)
    }

    /// Takes no more connections; those that are open end when their clients leave.
    public func stop() async {
        let channel = state.withLock { $0.channel }
        try? await channel?.close()
    }

    /// What a client is given.
    public var baseURL: String { "http://127.0.0.1:\(port)\(dialect.basePath)" }

    // MARK: - What it does

    public func answer(_ answer: @escaping Answer) { state.withLock { $0.manner.answer = answer } }

    /// - Parameters:
    ///   - firstToken: from the request to the first event.
    ///   - betweenTokens: between two pieces of the answer.
    ///   - drip: between the bytes of `VendorFault.slowDrip`.
    public func pace(firstToken: Duration, betweenTokens: Duration = .zero, drip: Duration = .milliseconds(50)) {
        state.withLock { state in
            state.manner.firstToken = firstToken
            state.manner.betweenTokens = betweenTokens
            state.manner.drip = drip
        }
    }

    /// - Parameter fault: told the request's number, from 1.
    public func faults(_ fault: @escaping @Sendable (Int) -> VendorFault?) {
        state.withLock { $0.manner.fault = fault }
    }

    /// - Parameter share: of the answer written before `VendorFault.reset`, 0...1; 0: only its head.
    public func resets(after share: Double) { state.withLock { $0.manner.shareBeforeReset = share } }

    var manner: Manner { state.withLock { $0.manner } }

    // MARK: - What happened

    public var record: ChatServerRecord { state.withLock { $0.record } }

    /// Waits until something holds of what happened here, or the waiting task is cancelled.
    public func until(_ condition: @escaping @Sendable (ChatServerRecord) -> Bool) async {
        let ticket = state.withLock { state in
            state.tickets += 1
            return state.tickets
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let holds = state.withLock { state in
                    guard !condition(state.record), !Task.isCancelled else { return true }
                    state.waiters[ticket] = Waiter(condition: condition, continuation: continuation)
                    return false
                }
                if holds { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiters.removeValue(forKey: ticket) }?.continuation.resume()
        }
    }

    @discardableResult func note<Result>(_ change: (inout ChatServerRecord) -> Result) -> Result {
        let (result, done) = state.withLock { state in
            let result = change(&state.record)
            let done = state.waiters.filter { $0.value.condition(state.record) }
            for ticket in done.keys { state.waiters[ticket] = nil }
            return (result, done)
        }
        for waiter in done.values { waiter.continuation.resume() }
        return result
    }
}
