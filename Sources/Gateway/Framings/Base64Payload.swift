import Codecs

/// The audio inside a JSON string.
package enum Base64Payload {
    /// - Returns: bytes written to the start of `output`.
    /// - Throws: `Base64Error`, also when `output` is too small.
    package static func decode(_ text: Span<UInt8>, _ value: JSONText.Text, into output: inout [UInt8])
        throws(Base64Error) -> Int
    {
        var target = output.mutableSpan
        guard value.hasEscapes else { return try Base64.decode(text.extracting(value.range), into: &target) }
        // JSON lets a writer escape the slash; no other escape is base64.
        var plain: [UInt8] = []
        plain.reserveCapacity(value.range.count)
        for index in value.range where !(text[index] == UInt8(ascii: "\\") && isSlash(text, index + 1, value.range)) {
            plain.append(text[index])
        }
        return try Base64.decode(plain.span, into: &target)
    }

    private static func isSlash(_ text: Span<UInt8>, _ index: Int, _ range: Range<Int>) -> Bool {
        range.contains(index) && text[index] == UInt8(ascii: "/")
    }
}
