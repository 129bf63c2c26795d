/// What the echo stage says of one near frame.
public struct EchoReport: BitwiseCopyable, Equatable, Sendable {
    public enum Phase: UInt8, BitwiseCopyable, Equatable, Sendable {
        /// Too little was played to know.
        case unknown
        /// Enough was played, and none of it came back.
        case absent
        /// An echo is known and the canceller is learning its path.
        case converging
        /// The canceller is known to work.
        case converged
    }

    public var phase: Phase
    /// The canceller worked on this frame.
    public var isCancelling: Bool
    /// The frame's sound may be the caller's own voice. When false it may be the agent's echo, and must not interrupt the
    /// agent. True whenever nothing was played that could still come back.
    public var mayBeCaller: Bool
    /// How late the echo comes after the far frame it was given with, milliseconds; nil until confirmed.
    public var delayMilliseconds: Int16?
    /// Echo return loss enhancement: how much the canceller took away lately, dB; nil until measured.
    public var erleDecibels: Float?
}

public struct EchoConfiguration: Sendable, Equatable {
    public enum Mode: Sendable, Equatable {
        /// Cancels when there is an echo and something to cancel.
        case auto
        /// Cancels every frame: for measuring the cost.
        case always
        /// Leaves every frame as it is, and guards by level only.
        case off
    }
    public var mode = Mode.auto
    /// What the adaptive filter covers behind the delay line.
    public var tailMilliseconds = 128

    public init() {}
}
