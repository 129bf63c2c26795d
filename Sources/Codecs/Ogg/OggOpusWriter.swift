/// Writes an Ogg Opus file as a stream: packets in, bytes out, in order, none of them ever changed afterwards.
///
/// A file whose writer was stopped lacks at most the last `pageMilliseconds` and its end mark; players play it, and
/// `OggOpusFile` reads it with `acceptsUnfinished`. Memory is one page.
///
/// - Source: RFC 3533, RFC 7845.
public struct OggOpusWriter: Sendable {
    public let head: OpusHead
    private let pageSamples: Int
    private var pager: OggPager
    private var pending = 0
    private var position: Int64 = 0
    public private(set) var isFinished = false

    /// - Parameters:
    ///   - serial: any number; different for files that may be joined later.
    ///   - pageMilliseconds: how much audio a page holds; RFC 7845 asks for at most one second.
    ///   - output: gets the header pages.
    /// - Throws: `OggError.badHeader` for a header that RFC 7845 does not know.
    public init(
        head: OpusHead,
        tags: OpusTags = OpusTags(),
        serial: UInt32,
        pageMilliseconds: Int = 1_000,
        into output: inout [UInt8]
    ) throws(OggError) {
        guard 1...2 ~= head.channels else { throw .badHeader("it says \(head.channels) channels") }
        guard 0...0xFFFF ~= head.preSkip, 0...0xFFFF_FFFF ~= head.inputRate, -32_768...32_767 ~= head.gain else {
            throw .badHeader("a field of OpusHead is out of range")
        }
        self.head = head
        pageSamples = max(1, pageMilliseconds) * 48
        pager = OggPager(serial: serial)
        pager.add(head.bytes.span, granule: 0, flags: .first, to: &output)
        pager.flush(flags: .first, to: &output)
        pager.add(tags.bytes.span, granule: 0, flags: [], to: &output)
        pager.flush(flags: [], to: &output)
    }

    /// Adds one packet. Whole pages are appended to `output`, usually none.
    ///
    /// - Throws: `OggError.badPacket` if the bytes are no Opus packet; nothing was added.
    public mutating func write(_ packet: Span<UInt8>, into output: inout [UInt8]) throws(OggError) {
        precondition(!isFinished, "a finished file takes no more packets")
        guard let samples = OpusPacket.samplesAt48k(packet) else { throw .badPacket(index: 0) }
        // The last packet is always kept back: the page that ends the file must have one to shorten.
        if pending >= pageSamples {
            pager.flush(flags: [], to: &output)
            pending = 0
        }
        position += Int64(samples)
        pending += samples
        pager.add(packet, granule: position, flags: [], to: &output)
    }

    /// Ends the file.
    ///
    /// - Parameter playedSamples: at 48 kHz per channel, to be heard; `nil` for all that was written. What the packets hold
    ///   beyond is cut, as far as it lies in the last page.
    public mutating func finish(playedSamples: Int? = nil, into output: inout [UInt8]) {
        guard !isFinished else { return }
        isFinished = true
        let least = position - Int64(pending)
        let end = playedSamples.map { max(least, min(position, Int64(head.preSkip + $0))) } ?? position
        pager.flush(flags: .last, granule: end, to: &output)
    }
}
