import Engine

/// What a voice server saw. Any thread.
public final class VoiceServerLog: Sendable {
    public typealias Instant = ContinuousClock.Instant

    public struct Socket: Sendable {
        /// With its query.
        public var target: String
        public var opened: Instant
        /// nil while it is open.
        public var gone: Instant?
        /// Messages of the client, as sent.
        public var texts: [String] = []
        /// When the latest message arrived.
        public var latest: Instant
        /// Audio messages sent.
        public var audioMessages = 0
    }

    public struct Request: Sendable {
        public var target: String
        public var body: String
        public var at = Instant.now
        /// The connection ended before the answer did.
        public var isAbandoned = false
        /// When it was.
        public var abandonedAt: Instant?
    }

    public struct Record: Sendable {
        public var sockets: [Socket] = []
        public var requests: [Request] = []
        /// What the protocol's page does not allow and the client did.
        public var violations: [String] = []
        /// Texts that were spoken, in order.
        public var pieces: [String] = []
        /// When the server broke a connection, and over which text.
        public var resets: [(text: String, at: Instant)] = []
        /// When a client asked that audio be dropped.
        public var clears: [Instant] = []
        /// When audio was sent to a socket, the latest thousands.
        public var sent: [(socket: Int, at: Instant)] = []

        public var openSockets: Int { sockets.count { $0.gone == nil } }
    }

    private struct Waiter {
        var condition: @Sendable (Record) -> Bool
        var continuation: CheckedContinuation<Void, Never>
    }

    private let state = Locked((record: Record(), waiters: [Waiter]()))

    public var record: Record { state.withLock { $0.record } }

    /// Returns once the record is so.
    public func wait(until condition: @escaping @Sendable (Record) -> Bool) async {
        await withCheckedContinuation { continuation in
            let isSo = state.withLock { state -> Bool in
                if condition(state.record) { return true }
                state.waiters.append(Waiter(condition: condition, continuation: continuation))
                return false
            }
            if isSo { continuation.resume() }
        }
    }

    @discardableResult
    func change<Result>(_ body: (inout Record) -> Result) -> Result {
        let (result, woken) = state.withLock { state in
            let result = body(&state.record)
            let record = state.record
            let woken = state.waiters.filter { $0.condition(record) }
            state.waiters.removeAll { $0.condition(record) }
            return (result, woken)
        }
        for waiter in woken { waiter.continuation.resume() }
        return result
    }

    func reset(_ text: String) { change { $0.resets.append((text, .now)) } }

    /// Audio went out.
    func sent(socket: Int) {
        change { record in
            record.sockets[socket].audioMessages += 1
            record.sent.append((socket, .now))
            if record.sent.count > 8192 { record.sent.removeFirst(4096) }
        }
    }

    func violation(_ text: String) { change { $0.violations.append(text) } }

    /// - Returns: the socket's number.
    func opened(_ target: String) -> Int {
        change { record in
            record.sockets.append(Socket(target: target, opened: .now, latest: .now))
            return record.sockets.count - 1
        }
    }

    func received(_ text: String, socket: Int) {
        change { record in
            record.sockets[socket].texts.append(text)
            record.sockets[socket].latest = .now
        }
    }

    func gone(socket: Int) { change { $0.sockets[socket].gone = .now } }
}

/// Settings that may change while their server runs.
final class VoiceServerKnobs<Settings: Sendable>: Sendable {
    private let settings: Locked<Settings>

    init(_ settings: Settings) { self.settings = Locked(settings) }

    var now: Settings { settings.withLock { $0 } }

    func change(_ body: (inout Settings) -> Void) { settings.withLock { body(&$0) } }
}
