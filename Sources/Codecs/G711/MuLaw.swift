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
        var magnitude = ((code & 0x0F) &<< 3) &+ 0x84
        // The shift by the 3-bit segment as masked additions: baseline x86-64 cannot shift each lane by its own count.
        magnitude &+= magnitude & (0 &- ((code &>> 4) & 1))
        magnitude &+= (magnitude &* 3) & (0 &- ((code &>> 5) & 1))
        magnitude &+= (magnitude &* 15) & (0 &- ((code &>> 6) & 1))
        let sign = 0 &- ((code &>> 7) & 1)
        return ((magnitude &- 0x84) ^ sign) &- sign
    }

    /// The mu-law byte nearest to one sample; samples beyond +-32635 clip.
    @inlinable public static func byte(_ sample: Int16) -> UInt8 {
        let sign = sample &>> 15
        // 33...8191: the 14-bit magnitude plus the bias. Mu-law is a small floating-point format, so the processor's
        // own conversion finds segment (exponent) and step (leading mantissa bits) at once; exact below 2^24.
        let biased = min(((sample ^ sign) &>> 2) &+ 33, 0x1FFF)
        let code = (Float(Int32(biased)).bitPattern &>> 19) &- ((127 + 5) &<< 4)
        return ~(UInt8(truncatingIfNeeded: code) | (UInt8(truncatingIfNeeded: sign) & 0x80))
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
