/// How a frame came to be: the operations of a jitter buffer, named as in WebRTC's NetEq.
public enum FrameOperation: UInt8, BitwiseCopyable, Sendable, CaseIterable {
    /// The packets' own samples.
    case normal
    /// Invented from the past, wholly or in part, because packets are missing.
    case conceal
    /// The first samples after invented ones, cross-faded into.
    case merge
    /// Shortened by one period to lower the delay.
    case accelerate
    /// Lengthened by one period to raise the delay.
    case expand
    /// Noise at the level of the line's background: nothing is known of the caller.
    case comfortNoise
}

/// What is to be known of one 20 ms frame besides its samples.
public struct FrameOrigin: BitwiseCopyable, Sendable, Equatable {
    public var operation: FrameOperation
    /// The frame does not follow the one before it in the provider's time: an echo canceller starts again here.
    public var followsDiscontinuity = false
    /// By how many samples the provider's clock jumped before this frame, beyond what was concealed; 0 without a
    /// discontinuity, negative backwards.
    public var jumpedSamples: Int64 = 0
    /// The frame's first sample on the provider's clock, in samples; counted from 0 when the provider gives no times.
    public var timestampSamples: Int64

    public init(
        operation: FrameOperation,
        followsDiscontinuity: Bool = false,
        jumpedSamples: Int64 = 0,
        timestampSamples: Int64 = 0
    ) {
        self.operation = operation
        self.followsDiscontinuity = followsDiscontinuity
        self.jumpedSamples = jumpedSamples
        self.timestampSamples = timestampSamples
    }
}
