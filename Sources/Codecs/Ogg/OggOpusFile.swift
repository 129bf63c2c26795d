/// An Ogg Opus file, taken apart: headers, packets and how much of the ends to throw away.
///
/// One stream per file. A damaged file is refused with the place of the damage, never read past it.
///
/// - Source: RFC 3533 (Ogg), RFC 7845 (Opus in Ogg).
public struct OggOpusFile: Sendable, Equatable {
    /// What a reader accepts.
    public struct Limits: Sendable, Equatable {
        /// Of the whole file. Default 64 MiB.
        public var maximumBytes: Int
        /// Default one hour.
        public var maximumSeconds: Int
        /// Takes a file whose writer was stopped: what follows its last whole page is left out. Default no.
        public var acceptsUnfinished: Bool

        public init(maximumBytes: Int = 64 << 20, maximumSeconds: Int = 3_600, acceptsUnfinished: Bool = false) {
            self.maximumBytes = maximumBytes
            self.maximumSeconds = maximumSeconds
            self.acceptsUnfinished = acceptsUnfinished
        }
    }

    public let head: OpusHead
    public let tags: OpusTags
    /// Opus packets in order.
    public let packets: [[UInt8]]
    /// Samples at 48 kHz per channel to throw away at the end.
    public let endTrim: Int
    /// Of all packets, at 48 kHz per channel, before anything is thrown away.
    public let codedSamples: Int
    /// The stream's last page was there.
    public let isFinished: Bool

    public init(parsing bytes: [UInt8], limits: Limits = Limits()) throws(OggError) {
        guard bytes.count <= limits.maximumBytes else {
            throw .tooLarge(bytes: bytes.count, limit: limits.maximumBytes)
        }
        var stream = OggOpusStream(limits: limits)
        var offset = 0
        while offset < bytes.count {
            let page: OggPage
            do throws(OggError) {
                page = try OggPage(bytes, at: offset)
            } catch {
                if case .truncated = error, limits.acceptsUnfinished { break }
                throw error
            }
            try stream.add(page, bytes)
            offset = page.body.upperBound
        }
        guard !bytes.isEmpty else { throw .noPage(offset: 0) }
        guard let head = stream.head, let tags = stream.tags else {
            throw .badHeader("the file ends inside the headers")
        }
        guard stream.isFinished || limits.acceptsUnfinished else { throw .truncated(offset: offset) }
        self.head = head
        self.tags = tags
        packets = stream.packets
        endTrim = min(stream.endTrim, stream.coded)
        codedSamples = stream.coded
        isFinished = stream.isFinished
    }

    /// Samples at 48 kHz per channel that are to be heard.
    public var playedSamples: Int { max(0, codedSamples - head.preSkip - endTrim) }

    /// Decodes everything that is to be heard.
    ///
    /// - Parameter rate: 8, 12, 16, 24 or 48 kHz.
    /// - Returns: channels interleaved.
    public func decode(at rate: Int) throws(OggError) -> [Int16] {
        do throws(OpusError) {
            var decoder = try OpusDecoder(sampleRate: rate, channels: head.channels)
            var room = [Int16](repeating: 0, count: decoder.maximumOutput)
            var output: [Int16] = []
            output.reserveCapacity(codedSamples / (48_000 / rate) * head.channels)
            for packet in packets {
                var span = room.mutableSpan
                let count = try decoder.decode(packet.span, into: &span)
                output += room[..<(count * head.channels)]
            }
            let skip = head.preSkip * rate / 48_000 * head.channels
            let wanted = (playedSamples * rate + 24_000) / 48_000 * head.channels
            let end = min(output.count, skip + wanted)
            let heard = skip < end ? Array(output[skip..<end]) : []
            return head.gain == 0 ? heard : OpusGain.apply(head.gain, to: heard)
        } catch {
            throw .opus(error)
        }
    }
}
