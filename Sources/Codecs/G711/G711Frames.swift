// SAFETY: both arrays have the same number of elements by type, and every index is below it.

/// Whole frames of a size known to the compiler: no length to check, nothing to throw, and a loop without a remainder.
extension MuLaw {
    /// Decodes one frame, 160 bytes for 20 ms of a telephone line.
    ///
    /// - Cost: no allocation. Safe on the 20 ms path.
    @inlinable public static func decode<let count: Int>(
        _ payload: borrowing InlineArray<count, UInt8>,
        into output: inout InlineArray<count, Int16>
    ) {
        // Through spans: the compiler copies a borrowed array before it reads it in a loop.
        let input = payload.span
        var room = output.mutableSpan
        for i in 0..<count { unsafe room[unchecked: i] = linear(input[unchecked: i]) }
    }

    /// Encodes one frame, 160 samples for 20 ms of a telephone line.
    ///
    /// - Cost: no allocation. Safe on the 20 ms path.
    @inlinable public static func encode<let count: Int>(
        _ samples: borrowing InlineArray<count, Int16>,
        into output: inout InlineArray<count, UInt8>
    ) {
        // Through spans: the compiler copies a borrowed array before it reads it in a loop.
        let input = samples.span
        var room = output.mutableSpan
        for i in 0..<count { unsafe room[unchecked: i] = byte(input[unchecked: i]) }
    }
}

extension ALaw {
    /// Decodes one frame, 160 bytes for 20 ms of a telephone line.
    ///
    /// - Cost: no allocation. Safe on the 20 ms path.
    @inlinable public static func decode<let count: Int>(
        _ payload: borrowing InlineArray<count, UInt8>,
        into output: inout InlineArray<count, Int16>
    ) {
        // Through spans: the compiler copies a borrowed array before it reads it in a loop.
        let input = payload.span
        var room = output.mutableSpan
        for i in 0..<count { unsafe room[unchecked: i] = linear(input[unchecked: i]) }
    }

    /// Encodes one frame, 160 samples for 20 ms of a telephone line.
    ///
    /// - Cost: no allocation. Safe on the 20 ms path.
    @inlinable public static func encode<let count: Int>(
        _ samples: borrowing InlineArray<count, Int16>,
        into output: inout InlineArray<count, UInt8>
    ) {
        // Through spans: the compiler copies a borrowed array before it reads it in a loop.
        let input = samples.span
        var room = output.mutableSpan
        for i in 0..<count { unsafe room[unchecked: i] = byte(input[unchecked: i]) }
    }
}
