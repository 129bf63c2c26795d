/// Follows one Opus stream page by page: the order of pages, packets across pages, time stamps.
struct OggOpusStream {
    private(set) var head: OpusHead?
    private(set) var tags: OpusTags?
    private(set) var packets: [[UInt8]] = []
    /// Samples at 48 kHz.
    private(set) var coded = 0
    private(set) var endTrim = 0
    private(set) var isFinished = false

    private let limits: OggOpusFile.Limits
    private var serial: UInt32?
    private var nextSequence: UInt32 = 0
    private var partial: [UInt8]?
    /// Time stamp at the end of the last page; `nil` before the first one with audio.
    private var position: Int64?
    private var audioOnPage = 0

    init(limits: OggOpusFile.Limits) { self.limits = limits }

    mutating func add(_ page: OggPage, _ bytes: [UInt8]) throws(OggError) {
        try checkOrder(page)
        guard page.flags.contains(.continued) == (partial != nil) else { throw .badContinuation(offset: page.offset) }
        audioOnPage = 0
        var start = page.body.lowerBound
        var length = 0
        for index in page.segments {
            length += Int(bytes[index])
            if bytes[index] == 255 { continue }
            try complete(
                (partial ?? []) + bytes[start..<(start + length)],
                on: page,
                isLast: index + 1 == page.segments.upperBound
            )
            partial = nil
            start += length
            length = 0
        }
        if let last = page.segments.last, bytes[last] == 255 {
            partial = (partial ?? []) + bytes[start..<(start + length)]
        }
        try stamp(page)
        if page.flags.contains(.last) {
            guard partial == nil else { throw .badContinuation(offset: page.offset) }
            isFinished = true
        }
    }

    private mutating func checkOrder(_ page: OggPage) throws(OggError) {
        guard let serial else {
            guard page.flags.contains(.first) else { throw .badHeader("the first page does not begin a stream") }
            self.serial = page.serial
            nextSequence = page.sequence &+ 1
            return
        }
        if isFinished { throw .chained }
        guard page.serial == serial, !page.flags.contains(.first) else { throw .multiplexed }
        guard page.sequence == nextSequence else {
            throw .missingPage(expected: nextSequence, found: page.sequence)
        }
        nextSequence &+= 1
    }

    private mutating func complete(_ packet: [UInt8], on page: OggPage, isLast: Bool) throws(OggError) {
        guard head != nil else {
            // RFC 7845 section 3: alone on its page.
            guard isLast else { throw .badHeader("OpusHead is not alone on its page") }
            head = try OpusHead(parsing: packet)
            return
        }
        guard tags != nil else {
            guard isLast else { throw .badHeader("audio begins on the page of OpusTags") }
            tags = try OpusTags(parsing: packet)
            return
        }
        guard let samples = OpusPacket.samplesAt48k(packet.span) else { throw .badPacket(index: packets.count) }
        packets.append(packet)
        coded += samples
        audioOnPage += samples
        let seconds = coded / 48_000
        guard seconds <= limits.maximumSeconds else { throw .tooLong(seconds: seconds, limit: limits.maximumSeconds) }
    }

    /// RFC 7845 section 4: time stamps count 48 kHz samples, and only the last one may say less than the packets hold.
    private mutating func stamp(_ page: OggPage) throws(OggError) {
        guard audioOnPage > 0 else {
            // A last page without packets may still end the stream; it cannot go back.
            if let position, page.granule != -1, page.granule < position { throw .badGranule(offset: page.offset) }
            return
        }
        guard page.granule >= 0 else { throw .badGranule(offset: page.offset) }
        let isLast = page.flags.contains(.last)
        let before = position ?? max(0, page.granule - Int64(audioOnPage))
        let expected = before + Int64(audioOnPage)
        guard page.granule >= (isLast ? before : expected) else { throw .badGranule(offset: page.offset) }
        if page.granule < expected { endTrim = Int(expected - page.granule) }
        position = page.granule
    }
}
