import NIOCore

/// The bounds of a media socket; all are configuration.
public struct SocketLimits: Sendable, Equatable {
    /// A message of 20 ms is about 380 bytes; vendors promise no size.
    public var frameBytes = 65_536
    /// A fragmented message may have this many parts.
    public var fragments = 16
    /// A socket that sends no `start` in this time is closed (1008).
    public var startTimeout: TimeAmount = .seconds(10)
    public var pingInterval: TimeAmount = .seconds(20)
    /// Pings without any frame in between before the peer counts as gone.
    public var unansweredPings = 3

    public init() {}
}
