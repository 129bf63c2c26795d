// SAFETY: the spans' buffer pointers do not leave the closures that hand them out. Before the unchecked loops the output
// was checked to hold `decodedCount` (or `encodedCount`) bytes, and the loops read only whole groups inside the input.

/// Base64 with the standard alphabet and padding, on spans, without allocation.
///
/// Strict: no line breaks, no missing padding, no second spelling of the same bytes (unused bits must be zero), so
/// whatever decodes also encodes back to the same text. JSON's `\/` is undone by the JSON layer, not here.
///
/// - Source: RFC 4648 sections 3.3, 3.5 and 4.
public enum Base64 {
    /// Characters that `count` bytes encode to, padding included.
    @inlinable public static func encodedCount(for count: Int) -> Int { (count + 2) / 3 * 4 }

    /// Bytes that `count` characters decode to at most; padding makes it one or two fewer.
    @inlinable public static func decodedCapacity(for count: Int) -> Int { count / 4 * 3 }

    /// Decodes one whole text.
    ///
    /// - Shape: `output` holds at least the decoded bytes; `decodedCapacity(for: text.count)` always suffices.
    /// - Cost: O(N), no allocation. Safe on the 20 ms path.
    /// - Returns: bytes written.
    /// - Throws: `Base64Error`; after any but `outputTooSmall` and `badLength` the output's content is undefined.
    @discardableResult
    public static func decode(_ text: Span<UInt8>, into output: inout MutableSpan<UInt8>) throws(Base64Error) -> Int {
        let count = text.count
        guard count % 4 == 0 else { throw .badLength(count) }
        guard count > 0 else { return 0 }
        let padding = text[count - 1] != UInt8(ascii: "=") ? 0 : text[count - 2] != UInt8(ascii: "=") ? 1 : 2
        let needed = count / 4 * 3 - padding
        guard output.count >= needed else { throw .outputTooSmall(needed: needed, capacity: output.count) }

        let wholeGroups = padding == 0 ? count / 4 : count / 4 - 1
        let isClean = unsafe text.withUnsafeBufferPointer { text in
            unsafe output.withUnsafeMutableBufferPointer { output in
                unsafe decodeGroups(wholeGroups, text, output)
            }
        }
        guard isClean else { throw firstBadCharacter(in: text) }
        if padding > 0 { try decodeEnding(text, padding: padding, into: &output, at: wholeGroups * 3) }
        return needed
    }

    /// Encodes bytes to text.
    ///
    /// - Shape: `output` holds at least `encodedCount(for: bytes.count)` bytes, which receive ASCII.
    /// - Cost: O(N), no allocation. Safe on the 20 ms path.
    /// - Returns: characters written.
    /// - Throws: `Base64Error.outputTooSmall`; nothing is written.
    @discardableResult
    public static func encode(_ bytes: Span<UInt8>, into output: inout MutableSpan<UInt8>) throws(Base64Error) -> Int {
        let needed = encodedCount(for: bytes.count)
        guard output.count >= needed else { throw .outputTooSmall(needed: needed, capacity: output.count) }
        unsafe bytes.withUnsafeBufferPointer { bytes in
            unsafe output.withUnsafeMutableBufferPointer { output in
                unsafe encodeGroups(bytes.count / 3, bytes, output)
            }
        }
        let rest = bytes.count % 3
        guard rest > 0 else { return needed }
        let first = UInt32(bytes[bytes.count - rest])
        let second = rest == 2 ? UInt32(bytes[bytes.count - 1]) : 0
        let group = first << 16 | second << 8
        output[needed - 4] = Base64Tables.alphabet[Int(group >> 18)]
        output[needed - 3] = Base64Tables.alphabet[Int(group >> 12 & 0x3F)]
        output[needed - 2] = rest == 2 ? Base64Tables.alphabet[Int(group >> 6 & 0x3F)] : UInt8(ascii: "=")
        output[needed - 1] = UInt8(ascii: "=")
        return needed
    }

    /// Four characters at a time; the invalid marks are collected and judged once at the end.
    @unsafe private static func decodeGroups(
        _ groups: Int,
        _ text: UnsafeBufferPointer<UInt8>,
        _ output: UnsafeMutableBufferPointer<UInt8>
    ) -> Bool {
        var marks: UInt8 = 0
        for group in 0..<groups {
            let a = unsafe Base64Tables.values[Int(text[group &* 4])]
            let b = unsafe Base64Tables.values[Int(text[group &* 4 &+ 1])]
            let c = unsafe Base64Tables.values[Int(text[group &* 4 &+ 2])]
            let d = unsafe Base64Tables.values[Int(text[group &* 4 &+ 3])]
            marks |= a | b | c | d
            unsafe output[group &* 3] = a &<< 2 | b &>> 4
            unsafe output[group &* 3 &+ 1] = b &<< 4 | c &>> 2
            unsafe output[group &* 3 &+ 2] = c &<< 6 | d
        }
        return marks & Base64Tables.invalid == 0
    }

    @unsafe private static func encodeGroups(
        _ groups: Int,
        _ bytes: UnsafeBufferPointer<UInt8>,
        _ output: UnsafeMutableBufferPointer<UInt8>
    ) {
        for group in 0..<groups {
            let a = unsafe bytes[group &* 3]
            let b = unsafe bytes[group &* 3 &+ 1]
            let c = unsafe bytes[group &* 3 &+ 2]
            unsafe output[group &* 4] = Base64Tables.alphabet[Int(a &>> 2)]
            unsafe output[group &* 4 &+ 1] = Base64Tables.alphabet[Int((a &<< 4 | b &>> 4) & 0x3F)]
            unsafe output[group &* 4 &+ 2] = Base64Tables.alphabet[Int((b &<< 2 | c &>> 6) & 0x3F)]
            unsafe output[group &* 4 &+ 3] = Base64Tables.alphabet[Int(c & 0x3F)]
        }
    }

    /// The last group, which ends in one or two `=`.
    private static func decodeEnding(
        _ text: Span<UInt8>,
        padding: Int,
        into output: inout MutableSpan<UInt8>,
        at position: Int
    ) throws(Base64Error) {
        let start = text.count - 4
        var values: InlineArray<3, UInt8> = [0, 0, 0]
        for i in 0..<(4 - padding) {
            values[i] = Base64Tables.values[Int(text[start + i])]
            guard values[i] != Base64Tables.invalid else {
                throw .badCharacter(byte: text[start + i], offset: start + i)
            }
        }
        let unused = padding == 1 ? values[2] & 0x03 : values[1] & 0x0F
        guard unused == 0 else { throw .badPadding(offset: start + 3 - padding) }
        output[position] = values[0] << 2 | values[1] >> 4
        if padding == 1 { output[position + 1] = values[1] << 4 | values[2] >> 2 }
    }

    /// Only called when there is one: the slow, exact search for the error's offset.
    private static func firstBadCharacter(in text: Span<UInt8>) -> Base64Error {
        for offset in text.indices where Base64Tables.values[Int(text[offset])] == Base64Tables.invalid {
            return .badCharacter(byte: text[offset], offset: offset)
        }
        preconditionFailure("a mark was collected, so some character is outside the alphabet")
    }
}
