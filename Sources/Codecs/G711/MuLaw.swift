// SAFETY: the spans' buffer pointers do not leave the closures that hand them out, both closures are entered only after
// `output.count >= input.count` was checked, and every index is below the input's count.

/// G.711 mu-law: the companding of North American and Japanese telephone lines, and of every telephone media stream.
///
/// - Source: ITU-T G.711 (1988) table 2; where the table leaves a tie (a sample exactly on a decision value) the result
///   is the one of the ITU's own software, G.191 `ulaw_compress`, which rounds negative ties towards zero.
///
/// Arithmetic instead of tables: the loops have no branch and no look-up, so the compiler turns them into vector code,
/// and there is no lazily initialised global to check on each call.
public enum MuLaw {
    /// The byte of a silent line (positive zero).
    public static let silence: UInt8 = 0xFF

    /// The 16-bit value of one mu-law byte: -32124...32124.
    @inlinable public static func linear(_ byte: UInt8) -> Int16 {
        let code = ~Int16(byte)
        // Segment and step are the exponent and the leading mantissa bits of a small floating-point number, so they are set
        // into a Float as they stand, with the half step that decoding adds behind them.
        let value = Float(bitPattern: UInt32(truncatingIfNeeded: code & 0x7F) &<< 19 &+ G711Float.template)
        // Adding 2^23 moves the integer into the low mantissa bits: a conversion that vectors of any age can do.
        let magnitude = Int16(truncatingIfNeeded: (value + (G711Float.integer - 0x84)).bitPattern)
        let sign = 0 &- ((code &>> 7) & 1)
        return (magnitude ^ sign) &- sign
    }

    /// The mu-law byte nearest to one sample; samples beyond +-32635 clip.
    @inlinable public static func byte(_ sample: Int16) -> UInt8 {
        let sign = sample &>> 15
        // 33...8191: the 14-bit magnitude plus the bias. Mu-law is a small floating-point format, so the processor's
        // own conversion finds segment (exponent) and step (leading mantissa bits) at once; exact below 2^24.
        let biased = min(((sample ^ sign) &>> 2) &+ 33, 0x1FFF)
        // Back to 16 bits as early as possible: twice as many lanes from there on.
        let code = Int16(truncatingIfNeeded: Float(Int32(biased)).bitPattern &>> 19) &- ((127 + 5) &<< 4)
        return UInt8(truncatingIfNeeded: ~(code | (sign & 0x80)))
    }

    /// Decodes mu-law to linear PCM.
    ///
    /// - Shape: `payload` is N bytes, 1 byte per sample, mono; `output` holds at least N samples.
    /// - Units: Int16 linear PCM, 8 000 samples per second on a telephone line.
    /// - Cost: O(N), no allocation. Safe on the 20 ms path.
    /// - Returns: samples written.
    /// - Throws: `G711Error.outputTooSmall` if `output` is shorter than `payload`; nothing is written.
    @discardableResult
    public static func decode(_ payload: Span<UInt8>, into output: inout MutableSpan<Int16>) throws(G711Error) -> Int {
        let count = payload.count
        guard output.count >= count else { throw .outputTooSmall(needed: count, capacity: output.count) }
        unsafe payload.withUnsafeBufferPointer { bytes in
            unsafe output.withUnsafeMutableBufferPointer { samples in
                for i in 0..<count { unsafe samples[i] = linear(bytes[i]) }
            }
        }
        return count
    }

    /// Encodes linear PCM to mu-law.
    ///
    /// - Shape: `samples` is N mono samples; `output` holds at least N bytes.
    /// - Cost: O(N), no allocation. Safe on the 20 ms path.
    /// - Returns: bytes written.
    /// - Throws: `G711Error.outputTooSmall` if `output` is shorter than `samples`; nothing is written.
    @discardableResult
    public static func encode(_ samples: Span<Int16>, into output: inout MutableSpan<UInt8>) throws(G711Error) -> Int {
        let count = samples.count
        guard output.count >= count else { throw .outputTooSmall(needed: count, capacity: output.count) }
        unsafe samples.withUnsafeBufferPointer { samples in
            unsafe output.withUnsafeMutableBufferPointer { bytes in
                for i in 0..<count { unsafe bytes[i] = byte(samples[i]) }
            }
        }
        return count
    }
}
