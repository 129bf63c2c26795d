import Codecs
import Testing

@Suite("Ogg faults")
struct OggFaultTests {
    typealias Build = OggBuilder

    struct Fault: Sendable, CustomTestStringConvertible {
        let name: String
        let bytes: [UInt8]
        let error: OggError
        var testDescription: String { name }
    }

    private static let audio: [UInt8] = [9 << 3, 1, 2, 3]
    private static let headers = Build.headers()
    private static let whole = headers + Build.page(flags: 4, granule: 960, sequence: 2, packets: [audio])

    private static func edited(_ bytes: [UInt8], _ index: Int, _ value: UInt8) -> [UInt8] {
        var bytes = bytes
        bytes[index] = value
        return bytes
    }

    static let faults: [Fault] = [
        Fault(name: "empty", bytes: [], error: .noPage(offset: 0)),
        Fault(name: "a WAV file", bytes: WAVBuilder().bytes, error: .noPage(offset: 0)),
        Fault(name: "rubbish between pages", bytes: headers + [1, 2, 3, 4, 5], error: .noPage(offset: headers.count)),
        Fault(name: "version", bytes: edited(whole, 4, 1), error: .unsupportedVersion(1, offset: 0)),
        Fault(
            name: "a flipped bit",
            bytes: edited(whole, whole.count - 1, 2),
            error: .badChecksum(offset: headers.count)
        ),
        Fault(
            name: "a missing page",
            bytes: headers + Build.page(flags: 4, granule: 960, sequence: 3, packets: [audio]),
            error: .missingPage(expected: 2, found: 3)
        ),
        Fault(
            name: "a stream that does not begin",
            bytes: Build.page(sequence: 0, packets: [Build.head()]),
            error: .badHeader("the first page does not begin a stream")
        ),
        Fault(
            name: "another codec",
            bytes: Build.page(flags: 2, sequence: 0, packets: [Array("\u{1}vorbis".utf8)]),
            error: .badHeader("the first packet is not OpusHead")
        ),
        Fault(
            name: "a future version of the header",
            bytes: Build.page(flags: 2, sequence: 0, packets: [Build.head(version: 16)]),
            error: .badHeader("OpusHead has version 16")
        ),
        Fault(
            name: "no channels",
            bytes: Build.page(flags: 2, sequence: 0, packets: [Build.head(channels: 0)]),
            error: .badHeader("it says 0 channels")
        ),
        Fault(
            name: "surround",
            bytes: Build.page(flags: 2, sequence: 0, packets: [Build.head(channels: 6, family: 1)]),
            error: .unsupportedMapping(family: 1)
        ),
        Fault(
            name: "no tags",
            bytes: Build.page(flags: 2, sequence: 0, packets: [Build.head()])
                + Build.page(sequence: 1, packets: [audio]),
            error: .badHeader("the second packet is not OpusTags")
        ),
        Fault(
            name: "tags that promise more",
            bytes: Build.page(flags: 2, sequence: 0, packets: [Build.head()])
                + Build.page(sequence: 1, packets: [Array("OpusTags".utf8) + [255, 255, 255, 127]]),
            error: .badHeader("OpusTags ends early")
        ),
        Fault(
            name: "audio on the tags' page",
            bytes: Build.page(flags: 2, sequence: 0, packets: [Build.head()])
                + Build.page(sequence: 1, packets: [Build.tags, audio]),
            error: .badHeader("audio begins on the page of OpusTags")
        ),
        Fault(
            name: "chained",
            bytes: whole + Build.page(flags: 2, serial: 8, sequence: 0, packets: [Build.head()]),
            error: .chained
        ),
        Fault(
            name: "multiplexed",
            bytes: Build.page(flags: 2, sequence: 0, packets: [Build.head()])
                + Build.page(flags: 2, serial: 8, sequence: 0, packets: [Build.head()]),
            error: .multiplexed
        ),
        Fault(
            name: "a continuation of nothing",
            bytes: headers + Build.page(flags: 5, granule: 960, sequence: 2, packets: [audio]),
            error: .badContinuation(offset: headers.count)
        ),
        Fault(
            name: "an end inside a packet",
            bytes: headers
                + Build.page(
                    flags: 4,
                    granule: -1,
                    sequence: 2,
                    segments: [255],
                    body: audio + [UInt8](repeating: 0, count: 251)
                ),
            error: .badContinuation(offset: headers.count)
        ),
        Fault(
            name: "time runs backwards",
            bytes: headers + Build.page(granule: 1_920, sequence: 2, packets: [audio, audio])
                + Build.page(granule: 1_930, sequence: 3, packets: [audio]),
            error: .badGranule(offset: headers.count + Build.page(sequence: 2, packets: [audio, audio]).count)
        ),
        Fault(
            name: "no time stamp",
            bytes: headers + Build.page(flags: 4, granule: -1, sequence: 2, packets: [audio]),
            error: .badGranule(offset: headers.count)
        ),
        Fault(
            name: "an empty packet",
            bytes: headers + Build.page(flags: 4, granule: 960, sequence: 2, packets: [audio, []]),
            error: .badPacket(index: 1)
        ),
        Fault(name: "headers only", bytes: headers, error: .truncated(offset: headers.count)),
    ]

    @Test(arguments: faults) func aFaultIsNamed(fault: Fault) {
        #expect(throws: fault.error) { try OggOpusFile(parsing: fault.bytes) }
        #expect(!fault.error.description.isEmpty)
    }

    @Test func theFileTheFaultsAreMadeFromIsRight() throws {
        let file = try OggOpusFile(parsing: Self.whole)
        #expect(file.packets == [Self.audio])
        #expect(file.playedSamples == 960 - 312)
    }

    @Test func limitsAreChecked() {
        #expect(throws: OggError.tooLarge(bytes: Self.whole.count, limit: 40)) {
            try OggOpusFile(parsing: Self.whole, limits: .init(maximumBytes: 40))
        }
        let long =
            Self.headers
            + Build.page(granule: 57_600, sequence: 2, packets: .init(repeating: [19, 3, 1, 1, 1], count: 20))
        #expect(throws: OggError.tooLong(seconds: 1, limit: 0)) {
            try OggOpusFile(parsing: long, limits: .init(maximumSeconds: 0))
        }
    }

    /// Most mutations are sealed with a right checksum, so that they reach past the first check.
    @Test(arguments: [1, 2, 3, 4] as [UInt64]) func mutatedFilesAreReadOrRefusedButNeverMore(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var accepted = 0
        for _ in 0..<1_500 {
            let packets = (0..<Int.random(in: 1...60, using: &random)).map { _ in
                [UInt8(9 << 3)] + random.bytes(Int.random(in: 0...300, using: &random))
            }
            var pages = Build.pages(try OggOpusTests.written(packets))
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let number = Int.random(in: pages.indices, using: &random)
                var page = pages[number]
                let place = Int.random(in: page.indices, using: &random)
                switch Int.random(in: 0...5, using: &random) {
                case 0: page[place] = UInt8.random(in: .min ... .max, using: &random)
                case 1: page[min(place, 26)] ^= 1 << UInt8.random(in: 0...7, using: &random)
                case 2: page.remove(at: place)
                case 3: page.insert(UInt8.random(in: .min ... .max, using: &random), at: place)
                case 4: pages.swapAt(number, Int.random(in: pages.indices, using: &random))
                default: pages.insert(page, at: number)
                }
                if number < pages.count { pages[number] = Bool.random(using: &random) ? Build.sealed(page) : page }
            }
            let bytes = pages.flatMap { $0 }
            let limits = OggOpusFile.Limits(acceptsUnfinished: Bool.random(using: &random))
            let file: OggOpusFile
            do throws(OggError) { file = try OggOpusFile(parsing: bytes, limits: limits) } catch { continue }
            accepted += 1
            #expect(file.packets.reduce(0) { $0 + $1.count } <= bytes.count, "seed \(seed)")
            #expect(file.playedSamples >= 0 && file.playedSamples <= file.codedSamples, "seed \(seed)")
            if let samples = try? file.decode(at: 8_000) { #expect(samples.count <= file.codedSamples, "seed \(seed)") }
        }
        // Both outcomes must occur, or the mutations test nothing.
        #expect((20...1_480).contains(accepted), "seed \(seed)")
    }
}
