import Codecs
import Testing

@Suite("WAV faults")
struct WAVFaultTests {
    typealias Build = WAVBuilder

    struct Fault: Sendable, CustomTestStringConvertible {
        let bytes: [UInt8]
        let error: WAVError
        /// What the operator must read in the description.
        let says: [String]
        var testDescription: String { "\(error)" }
    }

    private static func starting(_ text: String) -> [UInt8] { Array(text.utf8) + [UInt8](repeating: 1, count: 60) }

    static let faults: [Fault] = [
        Fault(bytes: [], error: .notWAV(found: nil), says: ["not a WAV file", "no RIFF header", ".ulaw"]),
        Fault(bytes: starting("hello"), error: .notWAV(found: nil), says: ["no RIFF header", "sox"]),
        Fault(bytes: starting("ID3"), error: .notWAV(found: "MP3"), says: ["looks like MP3", "sox"]),
        Fault(bytes: [0xFF, 0xFB, 0x90, 0x64], error: .notWAV(found: "MP3"), says: ["looks like MP3"]),
        Fault(bytes: starting("OggS"), error: .notWAV(found: "Ogg"), says: ["looks like Ogg"]),
        Fault(bytes: starting("\0\0\0\u{20}ftypM4A "), error: .notWAV(found: "MP4"), says: ["looks like MP4"]),
        Fault(bytes: starting("RIFX0000WAVE"), error: .otherContainer("RIFX"), says: ["RIFX", "sox"]),
        Fault(bytes: starting("RF640000WAVE"), error: .otherContainer("RF64"), says: ["RF64", "sox"]),
        Fault(
            bytes: starting("RIFF0000AVI "),
            error: .otherContainer("RIFF without WAVE"),
            says: ["not RIFF/WAVE"]
        ),
        Fault(bytes: Array("RIFF\u{4}\0\0\0WAVE".utf8), error: .missingFormat, says: ["'fmt '"]),
        Fault(
            bytes: Array("RIFF\u{4}\0\0\0WAVE".utf8) + Build.chunk("data", [1, 2]),
            error: .missingFormat,
            says: ["before the audio"]
        ),
        Fault(bytes: Array(Build().bytes.dropLast(8)), error: .missingData, says: ["no 'data' chunk"]),
        Fault(
            bytes: Build(tag: 0x55, bits: 0, blockAlign: 1).bytes,
            error: .compressed(tag: 0x55, name: "MP3"),
            says: ["compressed format 0x0055 (MP3)", "sox in.mp3"]
        ),
        Fault(
            bytes: Build(tag: 0x11, bits: 4, blockAlign: 256).bytes,
            error: .compressed(tag: 0x11, name: "IMA ADPCM"),
            says: ["0x0011 (IMA ADPCM)", "sox in.wav"]
        ),
        Fault(bytes: Build(tag: 0x1234).bytes, error: .compressed(tag: 0x1234, name: nil), says: ["0x1234"]),
        Fault(
            bytes: Build(bits: 40).bytes,
            error: .unsupportedBits(bits: 40, isFloat: false),
            says: ["40-bit PCM", "-b 16"]
        ),
        Fault(bytes: Build(bits: 0).bytes, error: .unsupportedBits(bits: 0, isFloat: false), says: ["0-bit"]),
        Fault(
            bytes: Build(tag: 3, bits: 16).bytes,
            error: .unsupportedBits(bits: 16, isFloat: true),
            says: ["16-bit floating point"]
        ),
        Fault(bytes: Build(channels: 0).bytes, error: .badFormat("it says 0 channels"), says: ["0 channels"]),
        Fault(bytes: Build(rate: 0).bytes, error: .badFormat("it says 0 samples per second"), says: ["0 samples"]),
        Fault(
            bytes: Build(tag: 7, bits: 16).bytes,
            error: .badFormat("it says 16 bits per G.711 sample instead of 8"),
            says: ["G.711"]
        ),
        Fault(
            bytes: Build(channels: 2, blockAlign: 2).bytes,
            error: .badFormat("it says 2 bytes per frame, but 2 channels of 16 bits need 4"),
            says: ["export it again"]
        ),
        Fault(
            bytes: Build(tag: 0xFFFE).bytes,
            error: .badFormat("its extensible 'fmt ' chunk has 16 bytes instead of 40"),
            says: ["40"]
        ),
        Fault(
            bytes: Build(channels: 33).bytes,
            error: .tooManyChannels(33, limit: 32),
            says: ["33 channels", "sox"]
        ),
    ]

    @Test(arguments: faults) func aFaultIsNamedWithItsRemedy(fault: Fault) {
        #expect(throws: fault.error) { try WAVFile(parsing: fault.bytes) }
        for part in fault.says { #expect(fault.error.description.contains(part)) }
    }

    @Test func limitsAreChecked() {
        let bytes = Build(bits: 8, data: [UInt8](repeating: 128, count: 24_000)).bytes
        #expect(throws: WAVError.tooLong(seconds: 3, limit: 2)) {
            try WAVFile(parsing: bytes, limits: WAVLimits(maximumSeconds: 2))
        }
        #expect(throws: WAVError.tooLarge(bytes: 24_044, limit: 24_043)) {
            try WAVFile(parsing: bytes, limits: WAVLimits(maximumBytes: 24_043))
        }
        #expect(throws: Never.self) {
            try WAVFile(parsing: bytes, limits: WAVLimits(maximumBytes: 24_044, maximumSeconds: 3))
        }
    }

    @Test(arguments: [1, 999, 768_001, 0xFFFF_FFFF]) func anAbsurdRateIsReadButNotConverted(rate: Int) throws {
        let file = try WAVFile(parsing: Build(rate: rate, bits: 8, blockAlign: 1, data: [128, 128]).bytes)
        #expect(file.format.sampleRate == rate)
        #expect(throws: WAVError.unsupportedRate(rate)) { try file.mono(at: 8_000) }
    }

    /// Mutations keep most of a valid file, so that they reach past the first check.
    @Test(arguments: [1, 2, 3, 4] as [UInt64]) func mutatedFilesAreReadOrRefusedButNeverMore(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let limits = WAVLimits(maximumBytes: 4_096)
        var accepted = 0
        for _ in 0..<3_000 {
            let seedFile = WAVReadingTests.stored.randomElement(using: &random)
            var build = Build(tag: try #require(seedFile).tag, bits: try #require(seedFile).bits)
            build.data = random.bytes(Int.random(in: 0...64, using: &random))
            build.before = [Build.chunk("junk", random.bytes(Int.random(in: 0...5, using: &random)))]
            var bytes = build.bytes
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let place = Int.random(in: bytes.indices, using: &random)
                switch Int.random(in: 0...3, using: &random) {
                case 0: bytes[place] = UInt8.random(in: .min ... .max, using: &random)
                case 1: bytes[place] ^= 1 << UInt8.random(in: 0...7, using: &random)
                case 2: bytes.remove(at: place)
                default: bytes.insert(UInt8.random(in: .min ... .max, using: &random), at: place)
                }
            }
            guard let file = try? WAVFile(parsing: bytes, limits: limits) else { continue }
            accepted += 1
            #expect(file.channels.count == file.format.channels, "seed \(seed)")
            #expect(file.channels.allSatisfy { $0.count == file.frameCount }, "seed \(seed)")
            #expect(file.frameCount * file.format.bytesPerFrame <= bytes.count, "seed \(seed)")
        }
        // Both outcomes must occur, or the mutations test nothing.
        #expect((100...2_900).contains(accepted), "seed \(seed)")
    }

    @Test func randomBytesAreRefused() {
        var random = SeededGenerator(seed: 11)
        for _ in 0..<1_000 {
            let bytes = random.bytes(Int.random(in: 0...100, using: &random))
            #expect(throws: WAVError.self) { try WAVFile(parsing: bytes) }
        }
    }
}
