import Codecs

/// Base64 text of a header or a token, all at once.
enum Base64Text {
    /// - Returns: nil when it is not base64 with its padding.
    static func bytes(_ text: [UInt8]) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: Base64.decodedCapacity(for: text.count))
        let count: Int
        do {
            var output = bytes.mutableSpan
            count = try Base64.decode(text.span, into: &output)
        } catch {
            return nil
        }
        bytes.removeLast(bytes.count - count)
        return bytes
    }
}
