import Codecs
import Testing

@Suite("WAV streaming")
struct WAVStreamWriterTests {
    private static let encodings: [(WAVStreamWriter.Encoding, WAVFormat.Encoding)] = [
        (.pcm16, .pcm(bits: 16)), (.muLaw, .muLaw), (.aLaw, .aLaw),
    ]

    private static func stored(_ samples: [Int16], _ encoding: WAVStreamWriter.Encoding) -> [Int16] {
        switch encoding {
        case .pcm16: samples
        case .muLaw: samples.map { MuLaw.linear(MuLaw.byte($0)) }
        case .aLaw: samples.map { ALaw.linear(ALaw.byte($0)) }
        }
    }

    @Test(arguments: [0, 1, 2, 161], [1, 2, 3])
    func aFileIsReadableBeforeAndAfterItsEnd(frames: Int, channels: Int) throws {
        for (encoding, read) in Self.encodings {
            var random = SeededGenerator(seed: UInt64(frames * 8 + channels))
            let samples = random.samples(frames * channels)
            var writer = try WAVStreamWriter(encoding: encoding, sampleRate: 8_000, channels: channels)
            var bytes = writer.header
            for frame in 0..<frames {
                let part = Array(samples[(frame * channels)..<((frame + 1) * channels)])
                try writer.write(part.span, into: &bytes)
            }
            let expected = (0..<channels).map { channel in
                Self.stored((0..<frames).map { samples[$0 * channels + channel] }, encoding)
            }
            let unfinished = try WAVFile(parsing: bytes)
            #expect(unfinished.channels == expected)
            #expect(!unfinished.isTruncated)

            let ending = writer.finish()
            bytes += ending.padding
            for patch in ending.patches {
                bytes.replaceSubrange(patch.offset..<(patch.offset + patch.bytes.count), with: patch.bytes)
            }
            let file = try WAVFile(parsing: bytes)
            #expect(file.channels == expected)
            #expect(file.format == WAVFormat(encoding: read, sampleRate: 8_000, channels: channels))
            #expect(!file.isTruncated)
            #expect(bytes.count % 2 == 0)
            // The outer size reaches exactly to the end.
            #expect(Array(bytes[4..<8]) == WAVBuilder.little(bytes.count - 8, 4))
        }
    }

    @Test func aFinished16BitFileIsTheOneOfTheWholeFileWriter() throws {
        var writer = try WAVStreamWriter(encoding: .pcm16, sampleRate: 16_000, channels: 1)
        var bytes = writer.header
        try writer.write([1, -2, 300].span, into: &bytes)
        for patch in writer.finish().patches {
            bytes.replaceSubrange(patch.offset..<(patch.offset + 4), with: patch.bytes)
        }
        #expect(bytes == (try WAVWriter.bytes(mono: [1, -2, 300], sampleRate: 16_000)))
    }

    @Test func whatHasNoPlaceIsRefused() throws {
        #expect(throws: WAVError.badChannels) { try WAVStreamWriter(encoding: .pcm16, sampleRate: 8_000, channels: 0) }
        #expect(throws: WAVError.unsupportedRate(0)) {
            try WAVStreamWriter(encoding: .muLaw, sampleRate: 0, channels: 1)
        }
        var writer = try WAVStreamWriter(encoding: .muLaw, sampleRate: 8_000, channels: 2)
        var bytes: [UInt8] = []
        #expect(throws: WAVError.badChannels) { try writer.write([1, 2, 3].span, into: &bytes) }
        #expect(bytes.isEmpty && writer.dataBytes == 0)
    }

    @Test func oneChannelCanBePicked() throws {
        let bytes = try WAVWriter.bytes(channels: [[1, 2, 3], [40, 50, 60]], sampleRate: 8_000)
        let file = try WAVFile(parsing: bytes)
        #expect(try file.channel(1, at: 8_000) == [40, 50, 60])
        #expect(throws: WAVError.noChannel(2, count: 2)) { try file.channel(2, at: 8_000) }
        #expect(throws: WAVError.unsupportedRate(1)) { try file.channel(0, at: 1) }
    }
}
