/// What an Opus packet says of itself.
public enum OpusPacket {
    /// How long a packet lasts, in samples at 48 kHz: 120...5 760.
    ///
    /// - Source: RFC 6716 section 3.1 (table of contents byte) and 3.2.5 (at most 120 ms).
    /// - Returns: `nil` if the bytes cannot be a packet.
    public static func samplesAt48k(_ packet: Span<UInt8>) -> Int? {
        guard packet.count > 0 else { return nil }
        let contents = packet[0]
        let configuration = Int(contents >> 3)
        let frame =
            switch configuration {
            case 0..<12: [480, 960, 1_920, 2_880][configuration & 3]
            case 12..<16: configuration & 1 == 0 ? 480 : 960
            default: 120 << (configuration & 3)
            }
        let frames: Int
        switch contents & 3 {
        case 0: frames = 1
        case 1, 2: frames = 2
        default:
            guard packet.count > 1 else { return nil }
            frames = Int(packet[1] & 0x3F)
        }
        guard frames > 0, frames * frame <= 5_760 else { return nil }
        return frames * frame
    }
}
