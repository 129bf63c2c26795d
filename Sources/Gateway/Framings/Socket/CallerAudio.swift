import Engine

/// The caller's audio on its way into the call's ring.
package enum CallerAudio {
    /// Splits mu-law of any length into packets of at most a frame.
    /// - Parameters:
    ///   - number: the provider's, from 1; 0 when it gives none. The first packet alone has it: what it was split into are
    ///     no duplicates.
    ///   - timestamp: the provider's own time of the first sample, in samples; nil when it gives none.
    ///   - arrival: when the socket had it, in nanoseconds of the monotonic clock.
    package static func push(
        _ bytes: Span<UInt8>,
        number: Int64 = 0,
        at timestamp: Int64?,
        _ arrival: Int64,
        _ packets: inout RingWriter<MediaPacket>?
    ) {
        var offset = 0
        while offset < bytes.count {
            let size = min(Frame.samples, bytes.count - offset)
            let start = timestamp.map { $0 &+ Int64(offset) } ?? -1
            var packet = MediaPacket(
                kind: .audio,
                value: offset == 0 ? number : 0,
                count: UInt8(size),
                timestampSamples: start,
                arrival: arrival
            )
            for index in 0..<size { packet.bytes[index] = bytes[offset + index] }
            packets?.push(packet)
            offset += size
        }
    }
}
