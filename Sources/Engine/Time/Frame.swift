/// The unit of the media path: 20 ms of one channel at 8 kHz.
public enum Frame {
    public static let milliseconds = 20
    public static let samples = 160
    public static let sampleRate = 8000
    @inlinable public static var duration: Duration { .milliseconds(20) }
    @inlinable public static var nanoseconds: Int64 { 20_000_000 }
}

/// One frame of linear PCM, stored in place.
public typealias FrameSamples = InlineArray<160, Int16>
/// One frame of G.711, stored in place.
public typealias FrameBytes = InlineArray<160, UInt8>
