/// What happened at a language model's server.
public struct ChatServerRecord: Sendable {
    public struct Exchange: Sendable {
        public enum End: Sendable, Equatable {
            /// The answer was written to its end.
            case whole
            /// The client went away first.
            case left(ContinuousClock.Instant)
            /// The server broke the connection.
            case reset
        }

        public var fault: VendorFault?
        /// 0 before there is one.
        public var status = 0
        /// Pieces of the answer written.
        public var tokens = 0
        public var bytes = 0
        /// The latest writes of the body, with their times.
        public var writes: [(at: ContinuousClock.Instant, bytes: Int)] = []
        /// nil while it is under way.
        public var end: End?
        public var endedAt: ContinuousClock.Instant?

        /// Bytes of the body written after an instant.
        public func bytes(after instant: ContinuousClock.Instant) -> Int {
            writes.reduce(0) { $0 + ($1.at > instant ? $1.bytes : 0) }
        }

        mutating func wrote(_ count: Int, isToken: Bool) {
            bytes += count
            tokens += isToken ? 1 : 0
            writes.append((.now, count))
            if writes.count > 4096 { writes.removeFirst(2048) }
        }
    }

    /// By number, from 1: `exchanges[0]` is request 1.
    public var exchanges: [Exchange] = []
    /// Those that were understood.
    public var requests: [ChatServerRequest] = []
    /// Messages of refusals: what the vendor would not take.
    public var refusals: [String] = []
    /// Requests that asked nothing, made to have a connection.
    public var warms = 0
    /// Ever accepted.
    public var connections = 0
    public var openConnections = 0
}
