import Codecs
import Testing

@Suite("WAV writing")
struct WAVWriterTests {
    @Test(arguments: [1, 2, 7]) func whatIsWrittenIsReadBackBitForBit(channels: Int) throws {
        var random = SeededGenerator(seed: UInt64(channels))
        let audio = (0..<channels).map { _ in random.samples(101) }
        let bytes = try WAVWriter.bytes(channels: audio, sampleRate: 16_000)
        #expect(bytes.count == 44 + 202 * channels)
        let file = try WAVFile(parsing: bytes)
        #expect(file.channels == audio)
        #expect(file.format == WAVFormat(encoding: .pcm(bits: 16), sampleRate: 16_000, channels: channels))
        #expect(!file.isTruncated)
    }

    @Test func theHeaderIsTheOneOfTheSpecification() throws {
        let expected: [UInt8] =
            Array("RIFF".utf8) + [40, 0, 0, 0] + Array("WAVEfmt ".utf8) + [16, 0, 0, 0]
            + [1, 0, 1, 0, 0x40, 0x1F, 0, 0, 0x80, 0x3E, 0, 0, 2, 0, 16, 0] + Array("data".utf8) + [4, 0, 0, 0]
            + [1, 0, 0xFE, 0xFF]
        #expect(try WAVWriter.bytes(mono: [1, -2], sampleRate: 8_000) == expected)
    }

    @Test func whatHasNoPlaceInAWAVFileIsRefused() {
        #expect(throws: WAVError.badChannels) { try WAVWriter.bytes(channels: [], sampleRate: 8_000) }
        #expect(throws: WAVError.badChannels) { try WAVWriter.bytes(channels: [[1], [1, 2]], sampleRate: 8_000) }
        for rate in [0, -1, Int.max, 0x1_0000_0000] {
            #expect(throws: WAVError.unsupportedRate(rate)) { try WAVWriter.bytes(mono: [1], sampleRate: rate) }
        }
    }

    @Test func rawMuLawIsOneSamplePerByte() {
        let bytes = (0...255).map { UInt8($0) }
        #expect(RawMuLaw.samples(bytes) == bytes.map(MuLaw.linear))
        #expect(RawMuLaw.bytes([0, .max, .min]) == [0xFF, 0x80, 0x00])
    }
}
