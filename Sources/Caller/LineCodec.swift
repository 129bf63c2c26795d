import Codecs

/// Payloads of media messages: mu-law in base64 (RFC 4648 section 4).
enum LineCodec {
    static func base64(_ audio: ArraySlice<UInt8>) -> [UInt8] {
        var text = [UInt8](repeating: 0, count: Base64.encodedCount(for: audio.count))
        do {
            var output = text.mutableSpan
            try Base64.encode(audio.span, into: &output)
        } catch {
            preconditionFailure("the output holds encodedCount(for:) bytes: \(error)")
        }
        return text
    }

    /// - Returns: nil when it is not base64.
    static func bytes(base64 text: [UInt8]) -> [UInt8]? {
        var audio = [UInt8](repeating: 0, count: Base64.decodedCapacity(for: text.count))
        let count: Int
        do {
            var output = audio.mutableSpan
            count = try Base64.decode(text.span, into: &output)
        } catch {
            return nil
        }
        audio.removeLast(audio.count - count)
        return audio
    }
}
