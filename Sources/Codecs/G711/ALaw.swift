// SAFETY: the spans' buffer pointers do not leave the closures that hand them out, both closures are entered only after
// `output.count >= input.count` was checked, and every index is below the input's count.

/// G.711 A-law: the companding of European telephone lines.
///
/// - Source: ITU-T G.711 (1988) table 1, with even bits inverted on the line; equal to the ITU's software, G.191
///   `alaw_compress` and `alaw_expand`.
///
/// Arithmetic instead of tables, for the reasons given at ``MuLaw``.
public enum ALaw {
    /// The byte of a silent line (the smallest positive value, 8: A-law has no zero).
    public static let silence: UInt8 = 0xD5

    /// The 16-bit value of one A-law byte: -32256...32256.
    @inlinable public static func linear(_ byte: UInt8) -> Int16 {
        let code = Int16(byte) ^ 0x55
        let magnitudeCode = code & 0x7F
        // All ones in segment 0, the only one without an implied leading bit: it is read as segment 1, less that bit.
        let isLinear = (magnitudeCode &- 0x10) &>> 15
        // The rest is a small floating-point format, see `MuLaw.linear`.
        let bits = UInt32(truncatingIfNeeded: magnitudeCode | (isLinear & 0x10)) &<< 19 &+ G711Float.template
        let normal = Int16(truncatingIfNeeded: (Float(bitPattern: bits) + G711Float.integer).bitPattern)
        let magnitude = normal &- (isLinear & 0x100)
        let sign = ((code &>> 7) & 1) &- 1
        return (magnitude ^ sign) &- sign
    }

    /// The A-law byte nearest to one sample.
    @inlinable public static func byte(_ sample: Int16) -> UInt8 {
        let sign = sample &>> 15
        let magnitude = (sample ^ sign) &>> 4
        // Segments 1 to 7 are a small floating-point format, see `MuLaw.byte`; segment 0 is linear: with 16 added it is
        // read as segment 1, whose code lies 16 higher. Back to 16 bits as early as possible: twice as many lanes.
        let isLinear = (magnitude &- 0x10) &>> 15
        let shifted = Float(Int32(magnitude | (isLinear & 0x10)))
        let normal = Int16(truncatingIfNeeded: shifted.bitPattern &>> 19) &- ((127 + 3) &<< 4)
        let code = normal &- (isLinear & 0x10)
        return UInt8(truncatingIfNeeded: (code ^ 0xD5) ^ (sign & 0x80))
    }

    /// Decodes A-law to linear PCM.
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

    /// Encodes linear PCM to A-law.
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
