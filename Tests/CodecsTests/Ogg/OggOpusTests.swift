import Codecs
import Testing

@Suite("Ogg Opus")
struct OggOpusTests {
    typealias Build = OggBuilder

    /// A packet of 20 ms (wideband SILK, one frame) of any length; only its first byte matters to the container.
    private static func packet(_ count: Int, fill: UInt8 = 5) -> [UInt8] {
        [9 << 3] + [UInt8](repeating: fill, count: count - 1)
    }

    static func written(
        _ packets: [[UInt8]],
        tags: OpusTags = OpusTags(),
        played: Int? = nil,
        finished: Bool = true
    ) throws -> [UInt8] {
        var file: [UInt8] = []
        let head = OpusHead(channels: 1, preSkip: 312, inputRate: 16_000)
        var writer = try OggOpusWriter(head: head, tags: tags, serial: 77, into: &file)
        for packet in packets { try writer.write(packet.span, into: &file) }
        if finished { writer.finish(playedSamples: played, into: &file) }
        return file
    }

    private static func encoded(_ samples: [Int16], rate: Int) throws -> (packets: [[UInt8]], preSkip: Int) {
        var encoder = try OpusEncoder(sampleRate: rate)
        var packets: [[UInt8]] = []
        for start in stride(from: 0, to: samples.count, by: rate / 50) {
            var buffer = [UInt8](repeating: 0, count: 4_000)
            var span = buffer.mutableSpan
            var frame = Array(samples[start..<min(samples.count, start + rate / 50)])
            frame += [Int16](repeating: 0, count: rate / 50 - frame.count)
            let count = try encoder.encode(frame.span, into: &span)
            packets.append(Array(buffer[..<count]))
        }
        return (packets, encoder.lookahead * 48_000 / rate)
    }

    @Test(arguments: [1, 254, 255, 256, 510, 1_275, 65_025, 65_026, 200_000])
    func packetsOfEveryLengthComeBack(count: Int) throws {
        let packets = [Self.packet(3), Self.packet(count, fill: 9), Self.packet(1)]
        let tags = OpusTags(vendor: "v", comments: ["TITLE=a call", "EMPTY="])
        let file = try OggOpusFile(parsing: Self.written(packets, tags: tags))
        #expect(file.packets == packets)
        #expect(file.tags == tags)
        #expect(file.head == OpusHead(channels: 1, preSkip: 312, inputRate: 16_000))
        #expect(file.isFinished)
        #expect(file.codedSamples == 3 * 960)
    }

    @Test func everyPageHasTheChecksumOfTheSpecification() throws {
        let pages = Build.pages(try Self.written((1...200).map { Self.packet($0) } + [Self.packet(70_000)]))
        #expect(pages.count > 4)
        for (number, page) in pages.enumerated() {
            #expect(page == Build.sealed(page))
            #expect(Int(page[18]) == number)
            #expect((page[5] & 2 != 0) == (number == 0))
            #expect((page[5] & 4 != 0) == (number == pages.count - 1))
        }
    }

    @Test func aLongRecordingIsWrittenInPagesOfASecond() throws {
        let pages = Build.pages(try Self.written([[UInt8]](repeating: Self.packet(60), count: 500)))
        #expect(pages.count == 12)
        for (number, page) in pages.dropFirst(2).enumerated() {
            let granule = (0..<8).reduce(0) { $0 | Int(page[6 + $1]) << (8 * $1) }
            #expect(granule == (number + 1) * 48_000)
        }
    }

    @Test(arguments: [0, 1, 17, 500, 959, 960]) func theEndIsTrimmedToWhatWasRecorded(beyond: Int) throws {
        let packets = [[UInt8]](repeating: Self.packet(40), count: 60)
        let played = 60 * 960 - 312 - beyond
        let file = try OggOpusFile(parsing: Self.written(packets, played: played))
        #expect(file.playedSamples == played)
        #expect(file.endTrim == beyond)
    }

    @Test(arguments: [8_000, 16_000, 48_000]) func aRecordingComesBackAlignedAndInFullLength(rate: Int) throws {
        // Not a whole number of frames.
        let samples = Signals.sine(440, rate: rate, count: rate * 3 / 2 + 37)
        // Silence after the end pushes out what the encoder still holds.
        let (packets, preSkip) = try Self.encoded(samples + [Int16](repeating: 0, count: rate / 50), rate: rate)
        var bytes: [UInt8] = []
        let head = OpusHead(channels: 1, preSkip: preSkip, inputRate: rate)
        var writer = try OggOpusWriter(head: head, serial: 1, into: &bytes)
        for packet in packets { try writer.write(packet.span, into: &bytes) }
        writer.finish(playedSamples: samples.count * 48_000 / rate, into: &bytes)
        let heard = try OggOpusFile(parsing: bytes).decode(at: rate)
        #expect(heard.count == samples.count)
        // A speech codec keeps a steady tone's waveform to some 8 dB; half a period of misalignment would be below 0.
        let middle = rate / 4..<rate
        #expect(Signals.ratio(heard[middle], to: samples[middle]) > 6)
    }

    @Test func theOutputGainIsApplied() throws {
        let (packets, preSkip) = try Self.encoded(
            Signals.sine(440, rate: 16_000, count: 16_000, amplitude: 4_000),
            rate: 16_000
        )
        func level(gain: Int) throws -> Double {
            var bytes: [UInt8] = []
            let head = OpusHead(channels: 1, preSkip: preSkip, inputRate: 16_000, gain: gain)
            var writer = try OggOpusWriter(head: head, serial: 1, into: &bytes)
            for packet in packets { try writer.write(packet.span, into: &bytes) }
            writer.finish(into: &bytes)
            return Signals.energy(try OggOpusFile(parsing: bytes).decode(at: 16_000))
        }
        // 6 dB is four times the energy, within 1 %.
        #expect(abs(try level(gain: 1_541) / level(gain: 0) - 4) < 0.05)
    }

    @Test func aFileWhoseWriterWasStoppedIsReadOnRequest() throws {
        let packets = (0..<130).map { Self.packet(20 + $0) }
        let bytes = try Self.written(packets, finished: false)
        #expect(throws: OggError.truncated(offset: bytes.count)) { try OggOpusFile(parsing: bytes) }
        let file = try OggOpusFile(parsing: bytes, limits: .init(acceptsUnfinished: true))
        #expect(!file.isFinished)
        #expect(file.packets == Array(packets[..<100]))
    }

    @Test func everyTruncationIsNamedOrGivesWholePages() throws {
        let packets = (0..<120).map { Self.packet(1 + $0 % 7) }
        let whole = try Self.written(packets)
        let starts = Build.pages(whole).reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.count) }
        for length in 1..<whole.count {
            let part = Array(whole[..<length])
            let page = starts.last { $0 <= length } ?? 0
            if page >= starts[2] {
                #expect(throws: OggError.truncated(offset: page)) { try OggOpusFile(parsing: part) }
                let file = try OggOpusFile(parsing: part, limits: .init(acceptsUnfinished: true))
                #expect(file.packets == Array(packets[..<file.packets.count]))
            } else {
                #expect(throws: OggError.self) {
                    try OggOpusFile(parsing: part, limits: .init(acceptsUnfinished: true))
                }
            }
        }
    }

    @Test func packetDurationsAreThoseOfTheTableOfContents() {
        // RFC 6716 table 2: SILK 10-60 ms, hybrid 10 and 20 ms, CELT 2.5-20 ms.
        let single =
            [480, 960, 1_920, 2_880, 480, 960, 1_920, 2_880, 480, 960, 1_920, 2_880, 480, 960, 480, 960]
            + [120, 240, 480, 960, 120, 240, 480, 960, 120, 240, 480, 960, 120, 240, 480, 960]
        for (configuration, samples) in single.enumerated() {
            let contents = UInt8(configuration << 3)
            #expect(OpusPacket.samplesAt48k([contents].span) == samples)
            #expect(OpusPacket.samplesAt48k([contents | 1].span) == samples * 2)
            #expect(OpusPacket.samplesAt48k([contents | 3, 2].span) == samples * 2)
            #expect(OpusPacket.samplesAt48k([contents | 3].span) == nil)
            #expect(OpusPacket.samplesAt48k([contents | 3, 0].span) == nil)
            #expect((OpusPacket.samplesAt48k([contents | 3, 13].span) == nil) == (samples * 13 > 5_760))
        }
        #expect(OpusPacket.samplesAt48k([UInt8]().span) == nil)
    }
}
