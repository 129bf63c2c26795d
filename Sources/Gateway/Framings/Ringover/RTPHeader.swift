/// The header of an RTP packet: where its sound lies in the stream, and which of its bytes are sound.
///
/// - Source: RFC 3550 section 5.1, section 5.3.1 for the extension, section A.1 for what makes a header valid.
package struct RTPHeader: Equatable, Sendable {
    package enum Fault: String, Error, Equatable {
        /// Shorter than a header, another version's, or a control packet.
        case missing = "no_rtp"
        /// Its lists, its extension or its padding go beyond its end.
        case broken = "bad_rtp"
    }

    /// Counts packets; wraps at 65,535.
    package let sequence: UInt16
    /// Of the first sample, in samples at the stream's own rate; wraps.
    package let timestamp: UInt32
    /// The synchronization source: another one is another stream.
    package let source: UInt32
    /// The bytes of sound, without the padding.
    package let payload: Range<Int>

    private static let fixedBytes = 12

    package init(parsing packet: Span<UInt8>) throws(Fault) {
        guard packet.count >= Self.fixedBytes, packet[0] >> 6 == 2 else { throw .missing }
        // RFC 5761 section 4: no payload type looks like this, RTCP's packet types do.
        guard !(192...223 ~= packet[1]) else { throw .missing }
        var start = Self.fixedBytes + 4 * Int(packet[0] & 0x0F)
        var end = packet.count
        if packet[0] & 0x10 != 0 {
            guard start + 4 <= end else { throw .broken }
            // Its length is told in words of 32 bits behind its own first one.
            start += 4 + 4 * Int(Self.word(packet, at: start) & 0xFFFF)
        }
        guard start <= end else { throw .broken }
        if packet[0] & 0x20 != 0 {
            // The last byte counts all of the padding, itself too.
            let padding = Int(packet[end - 1])
            guard padding > 0, padding <= end - start else { throw .broken }
            end -= padding
        }
        sequence = UInt16(packet[2]) << 8 | UInt16(packet[3])
        timestamp = Self.word(packet, at: 4)
        source = Self.word(packet, at: 8)
        payload = start..<end
    }

    private static func word(_ bytes: Span<UInt8>, at start: Int) -> UInt32 {
        var word: UInt32 = 0
        for index in start..<start + 4 { word = word << 8 | UInt32(bytes[index]) }
        return word
    }
}
