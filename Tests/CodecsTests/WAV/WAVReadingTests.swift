import Codecs
import Testing

@Suite("WAV reading")
struct WAVReadingTests {
    typealias Build = WAVBuilder

    private static func words(_ samples: [Int16]) -> [UInt8] {
        samples.flatMap { WAVBuilder.little(Int(UInt16(bitPattern: $0)), 2) }
    }

    struct Stored: Sendable, CustomTestStringConvertible {
        let name: String
        let tag: Int
        let bits: Int
        let data: [UInt8]
        let encoding: WAVFormat.Encoding
        let samples: [Int16]
        var testDescription: String { name }
    }

    static let stored: [Stored] = [
        Stored(
            name: "8 bit",
            tag: 1,
            bits: 8,
            data: [128, 255, 0, 129],
            encoding: .pcm(bits: 8),
            samples: [0, 32_512, -32_768, 256]
        ),
        Stored(
            name: "16 bit",
            tag: 1,
            bits: 16,
            data: words([0, .max, .min, -1]),
            encoding: .pcm(bits: 16),
            samples: [0, .max, .min, -1]
        ),
        Stored(
            name: "24 bit",
            tag: 1,
            bits: 24,
            data: [0, 0, 0] + [0xFF, 0xFF, 0x7F] + [0, 0, 0x80] + [0x80, 0, 0] + [0x7F, 0, 0] + [0, 0xFF, 0xFF],
            encoding: .pcm(bits: 24),
            samples: [0, .max, .min, 1, 0, -1]
        ),
        Stored(
            name: "32 bit",
            tag: 1,
            bits: 32,
            data: [0, 0, 0, 0] + [0xFF, 0xFF, 0xFF, 0x7F] + [0, 0, 0, 0x80] + [0, 0x80, 0, 0] + [0, 0, 0xFE, 0xFF],
            encoding: .pcm(bits: 32),
            samples: [0, .max, .min, 1, -2]
        ),
        Stored(
            name: "12 bit in 16",
            tag: 1,
            bits: 12,
            data: words([0x7FF0, -0x8000]),
            encoding: .pcm(bits: 16),
            samples: [0x7FF0, .min]
        ),
        Stored(
            name: "float 32",
            tag: 3,
            bits: 32,
            data: [0, 0.5, -0.5, 1, -1, 7, -.infinity, .nan].flatMap { (value: Float) in
                WAVBuilder.little(Int(value.bitPattern), 4)
            },
            encoding: .float(bits: 32),
            samples: [0, 16_384, -16_384, .max, .min, .max, .min, 0]
        ),
        Stored(
            name: "float 64",
            tag: 3,
            bits: 64,
            data: [0, 0.25, -1, 1e300, .nan].flatMap { (value: Double) in
                WAVBuilder.little(Int(truncatingIfNeeded: value.bitPattern), 8)
            },
            encoding: .float(bits: 64),
            samples: [0, 8_192, .min, .max, 0]
        ),
        Stored(
            name: "mu-law",
            tag: 7,
            bits: 8,
            data: [0xFF, 0x80, 0x00],
            encoding: .muLaw,
            samples: [0, 32_124, -32_124]
        ),
        Stored(
            name: "A-law",
            tag: 6,
            bits: 8,
            data: [0xD5, 0xAA, 0x2A],
            encoding: .aLaw,
            samples: [8, 32_256, -32_256]
        ),
    ]

    @Test(arguments: stored) func everyEncodingIsRead(stored: Stored) throws {
        let file = try WAVFile(parsing: Build(tag: stored.tag, bits: stored.bits, data: stored.data).bytes)
        #expect(file.format == WAVFormat(encoding: stored.encoding, sampleRate: 8_000, channels: 1))
        #expect(file.channels == [stored.samples])
        #expect(!file.isTruncated)
    }

    @Test(arguments: stored) func everyEncodingIsReadFromAnExtensibleHeader(stored: Stored) throws {
        let bits = (stored.bits + 7) / 8 * 8
        let file = try WAVFile(
            parsing: Build(
                tag: 0xFFFE,
                rate: 44_100,
                bits: bits,
                formatExtension: Build.extensible(stored.tag, validBits: stored.bits),
                data: stored.data
            ).bytes
        )
        #expect(file.channels == [stored.samples])
        #expect(file.format.sampleRate == 44_100)
    }

    @Test func channelsAreTakenApartAndMixed() throws {
        let frames: [Int16] = [100, 200, 300, -100, -200, -300]
        let file = try WAVFile(parsing: Build(channels: 3, data: Self.words(frames)).bytes)
        #expect(file.channels == [[100, -100], [200, -200], [300, -300]])
        #expect(try file.mono(at: 8_000) == [200, -200])
        #expect(file.frameCount == 2)
        #expect(file.duration == .microseconds(250))
    }

    @Test(arguments: [8_000, 11_025, 16_000, 22_050, 44_100, 48_000, 96_000])
    func anyRateBecomesTelephoneRate(rate: Int) throws {
        let tone = Signals.sine(440, rate: rate, count: rate / 2)
        let file = try WAVFile(parsing: try WAVWriter.bytes(channels: [tone, tone], sampleRate: rate))
        let mono = try file.mono(at: 8_000)
        #expect(abs(mono.count - 4_000) <= 1)
        #expect(Signals.ratio(mono[400..<3_600], to: Signals.sine(440, rate: 8_000, count: 4_000)[400..<3_600]) > 45)
    }

    @Test func unknownOddAndUnpaddedChunksAreSkipped() throws {
        let data = Self.words([1, 2, 3])
        let list = Build.chunk("LIST", Array("INFO".utf8))
        for odd in [
            Build.chunk("junk", [1, 2, 3]), Build.chunk("junk", [1, 2, 3], padded: false), Build.chunk("x y ", []),
        ] {
            let file = try WAVFile(parsing: Build(before: [odd, list], after: [list], data: data).bytes)
            #expect(file.channels == [[1, 2, 3]])
            #expect(!file.isTruncated)
        }
    }

    @Test(arguments: [0, 0xFFFF_FFFF, 0x7FFF_F000]) func aStreamedFileIsReadToItsEnd(size: Int) throws {
        let file = try WAVFile(
            parsing: Build(data: Self.words([4, 5, 6]), dataSize: size, riffSize: size == 0 ? 0 : 0xFFFF_FFFF).bytes
        )
        #expect(file.channels == [[4, 5, 6]])
        #expect(!file.isTruncated)
    }

    @Test func anEmptyFileIsEmptyEvenIfChunksFollow() throws {
        #expect(try WAVFile(parsing: Build().bytes).channels == [[]])
        let list = Build.chunk("LIST", Array("INFOxxxx".utf8))
        let file = try WAVFile(parsing: Build(after: [list]).bytes)
        #expect(file.channels == [[]])
        #expect(try file.mono(at: 16_000) == [])
    }

    @Test func everyTruncationGivesTheWholeFramesThatAreThereOrAnError() throws {
        let samples = (0..<40).map { Int16($0 * 11) }
        let whole = Build(channels: 2, data: Self.words(samples)).bytes
        for length in 0..<whole.count {
            let part = Array(whole[..<length])
            guard length >= 44 else {
                #expect(throws: WAVError.self) { try WAVFile(parsing: part) }
                continue
            }
            let file = try WAVFile(parsing: part)
            #expect(file.isTruncated)
            #expect(file.frameCount == (length - 44) / 4)
            #expect(file.channels[1] == (0..<file.frameCount).map { samples[$0 * 2 + 1] })
        }
    }
}
