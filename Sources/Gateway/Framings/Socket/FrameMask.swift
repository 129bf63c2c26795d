// SAFETY: the loops read `masked` and write as many bytes of `plain`, for which there was checked to be room; the spans' pointers do not
// leave the closures.

/// The mask of a client's frame (RFC 6455 section 5.3).
enum FrameMask {
    /// Takes the mask off, eight bytes at a time.
    /// - Parameters:
    ///   - key: the mask, its first byte lowest.
    ///   - start: where in `plain` the first byte goes; the rest must have room behind it.
    static func remove(
        _ key: UInt32,
        from masked: Span<UInt8>,
        into plain: inout MutableSpan<UInt8>,
        at start: Int
    ) {
        let count = masked.count
        precondition(start >= 0 && plain.count - start >= count, "no room for the frame")
        let word = (UInt64(key) | UInt64(key) << 32).littleEndian
        masked.withUnsafeBytes { masked in
            plain.withUnsafeMutableBytes { plain in
                var index = 0
                while index + 8 <= count {
                    let eight = masked.loadUnaligned(fromByteOffset: index, as: UInt64.self) ^ word
                    plain.storeBytes(of: eight, toByteOffset: start + index, as: UInt64.self)
                    index += 8
                }
                while index < count {
                    plain[start + index] = masked[index] ^ UInt8(truncatingIfNeeded: key >> (8 * UInt32(index % 4)))
                    index += 1
                }
            }
        }
    }
}
