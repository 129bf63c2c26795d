// SAFETY: `count` elements were checked to be there, and every index is below it.

/// Whole frames of a size known to the compiler: nothing to throw, and a loop without a remainder.
///
/// They are read through spans, where they lie: the compiler copies a borrowed array before it reads it in a loop.
extension MuLaw {
    /// Decodes one frame, 160 bytes for 20 ms of a telephone line.
    ///
    /// - Cost: no allocation. Safe on the 20 ms path.
    /// - Precondition: `payload` holds `count` bytes.
    @inlinable public static func decode<let count: Int>(
        _ payload: Span<UInt8>,
        into output: inout InlineArray<count, Int16>
    ) {
        precondition(payload.count == count, "a frame is decoded whole")
        var room = output.mutableSpan
        for i in 0..<count { unsafe room[unchecked: i] = linear(payload[unchecked: i]) }
    }

    /// Encodes one frame, 160 samples for 20 ms of a telephone line.
    ///
    /// - Cost: no allocation. Safe on the 20 ms path.
    /// - Precondition: `samples` holds `count` samples.
    @inlinable public static func encode<let count: Int>(
        _ samples: Span<Int16>,
        into output: inout InlineArray<count, UInt8>
    ) {
        precondition(samples.count == count, "a frame is encoded whole")
        var room = output.mutableSpan
        for i in 0..<count { unsafe room[unchecked: i] = byte(samples[unchecked: i]) }
    }
}

extension ALaw {
    /// Decodes one frame, 160 bytes for 20 ms of a telephone line.
    ///
    /// - Cost: no allocation. Safe on the 20 ms path.
    /// - Precondition: `payload` holds `count` bytes.
    @inlinable public static func decode<let count: Int>(
        _ payload: Span<UInt8>,
        into output: inout InlineArray<count, Int16>
    ) {
        precondition(payload.count == count, "a frame is decoded whole")
        var room = output.mutableSpan
        for i in 0..<count { unsafe room[unchecked: i] = linear(payload[unchecked: i]) }
    }

    /// Encodes one frame, 160 samples for 20 ms of a telephone line.
    ///
    /// - Cost: no allocation. Safe on the 20 ms path.
    /// - Precondition: `samples` holds `count` samples.
    @inlinable public static func encode<let count: Int>(
        _ samples: Span<Int16>,
        into output: inout InlineArray<count, UInt8>
    ) {
        precondition(samples.count == count, "a frame is encoded whole")
        var room = output.mutableSpan
        for i in 0..<count { unsafe room[unchecked: i] = byte(samples[unchecked: i]) }
    }
}
