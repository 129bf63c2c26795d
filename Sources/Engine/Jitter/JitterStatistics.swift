/// What a repair or a jitter buffer has done since its call began. Plain counts: the owner adds them to its meters.
public struct JitterStatistics: BitwiseCopyable, Sendable, Equatable {
    /// Frames given out, by `FrameOperation.rawValue`.
    private var frames = [6 of Int](repeating: 0)
    /// Packets offered, with all that follow.
    public internal(set) var packets = 0
    /// Packets whose place had passed when they came.
    public internal(set) var late = 0
    /// Packets that were there already.
    public internal(set) var duplicates = 0
    /// Packets dropped because nobody fetched frames, or because the peer sent more than a buffer holds.
    public internal(set) var overflow = 0
    /// Packets of a time that no later packet confirmed.
    public internal(set) var strays = 0
    /// Jumps of the provider's clock that the frames followed.
    public internal(set) var discontinuities = 0
    /// Samples invented, of all frames.
    public internal(set) var concealedSamples = 0

    public init() {}

    public func frames(_ operation: FrameOperation) -> Int { frames[Int(operation.rawValue)] }

    /// Frames given out.
    public var total: Int {
        var sum = 0
        for index in 0..<6 { sum += frames[index] }
        return sum
    }

    /// Frames invented wholly or in part.
    public var concealed: Int { frames(.conceal) + frames(.comfortNoise) }

    mutating func count(_ operation: FrameOperation) { frames[Int(operation.rawValue)] += 1 }

    public static func == (left: JitterStatistics, right: JitterStatistics) -> Bool {
        for index in 0..<6 where left.frames[index] != right.frames[index] { return false }
        return left.packets == right.packets && left.late == right.late && left.duplicates == right.duplicates
            && left.overflow == right.overflow && left.strays == right.strays
            && left.discontinuities == right.discontinuities && left.concealedSamples == right.concealedSamples
    }
}
