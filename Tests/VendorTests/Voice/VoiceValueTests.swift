import Actors
import Codecs
import Legs
import TestSupport
import Testing
import VendorServers

@Suite("Voice audio")
struct VoiceAudioDecoderTests {
    static let encodings: [VoiceEncoding] = [
        .muLaw(rate: 8000), .pcm(rate: 8000), .pcm(rate: 16_000), .pcm(rate: 24_000),
    ]

    private func bytes(_ encoding: VoiceEncoding) -> [UInt8] {
        if case .muLaw = encoding { return VoiceTone.bytes("tones", rate: encoding.rate, isMuLaw: true) }
        return VoiceTone.bytes("tones", rate: encoding.rate, isMuLaw: false)
    }

    @Test(arguments: encodings) func everySplitGivesTheSameSamples(encoding: VoiceEncoding) throws {
        let bytes = Array(bytes(encoding).prefix(1200))
        var whole = try VoiceAudioDecoder(encoding, to: 8000)
        let expected = whole.decode(bytes) + whole.finish()
        for split in stride(from: 0, through: bytes.count, by: 7) {
            var decoder = try VoiceAudioDecoder(encoding, to: 8000)
            var samples = decoder.decode(Array(bytes[..<split]))
            samples += decoder.decode(Array(bytes[split...]))
            samples += decoder.finish()
            #expect(samples == expected, "split at \(split)")
        }
        var decoder = try VoiceAudioDecoder(encoding, to: 8000)
        var samples: [Int16] = []
        for byte in bytes { samples += decoder.decode([byte]) }
        samples += decoder.finish()
        #expect(samples == expected)
    }

    @Test(arguments: encodings, [8000, 16_000]) func theAudioLastsAsLongAtEveryRate(encoding: VoiceEncoding, rate: Int)
        throws
    {
        var decoder = try VoiceAudioDecoder(encoding, to: rate)
        var samples = decoder.decode(bytes(encoding))
        samples += decoder.finish()
        #expect(samples.count == VoiceTone.milliseconds("tones") * rate / 1000)
        #expect(decoder.position == samples.count)
        #expect(VoiceBench.purity(samples, "tones", rate: rate) > 0.95)
    }

    @Test func halfASampleAtTheEndIsNoAudio() throws {
        var decoder = try VoiceAudioDecoder(.pcm(rate: 8000), to: 8000)
        #expect(decoder.decode([1, 2, 3]) == [0x0201])
        #expect(decoder.finish().isEmpty)
    }

    @Test func aRateThatDoesNotExistIsRefused() {
        #expect(throws: ResamplerError.unsupportedRate(0)) {
            _ = try VoiceAudioDecoder(.pcm(rate: 8000), to: 0).position
        }
    }
}

@Suite("Pace of a piece")
struct SpeechPaceTests {
    private let start = ContinuousClock.now
    private let limits = VoiceLimits(firstAudio: .seconds(2), stall: .seconds(1), maximumCharacters: 10)

    @Test func theFirstAudioIsDueFromTheRequest() {
        var pace = SpeechPace(limits, rate: 8000, now: start)
        #expect(pace.deadline == start + .seconds(2))
        pace.receive(samples: 0, now: start + .seconds(1))
        #expect(pace.deadline == start + .seconds(2))
        #expect(!pace.hasBegun)
    }

    @Test func whatHasArrivedIsPlayedAndThenTheVendorMayStall() {
        var pace = SpeechPace(limits, rate: 8000, now: start)
        pace.receive(samples: 8000, now: start + .milliseconds(500))
        #expect(pace.deadline == start + .milliseconds(2500))
        // A second audio does not move the playout's beginning.
        pace.receive(samples: 4000, now: start + .milliseconds(2400))
        #expect(pace.deadline == start + .milliseconds(3000))
    }

    @Test func aDripIsAsLateAsSilence() {
        var pace = SpeechPace(limits, rate: 8000, now: start)
        for tick in 1...100 { pace.receive(samples: 1, now: start + .milliseconds(20 * tick)) }
        #expect(pace.deadline < start + .milliseconds(1040))
    }

    @Test func longTextsMayHaveLongAudio() {
        let limits = VoiceLimits(maximumCharacters: 10, audioBase: .seconds(1), audioPerCharacter: .milliseconds(500))
        #expect(limits.maximumSamples(characters: 4, rate: 8000) == 24_000)
    }
}

@Suite("Choice of a voice")
struct VoiceChoiceTests {
    @Test(arguments: [
        ("slt", "en-US", "default"), ("Emma", "en-US", "v1"), ("own-voice", "es", "own-voice"),
        ("slt", "es-MX", "spanish"),
        ("", "ES", "spanish"), ("", "", "default"),
    ]) func namesThenLanguagesThenTheFallback(name: String, language: String, expected: String) {
        let choice = VoiceChoice(fallback: "default", byName: ["Emma": "v1"], byLanguage: ["es": "spanish"])
        #expect(choice.voice(name: name, language: language) { $0.hasPrefix("own-") } == expected)
    }

    @Test(arguments: ["a/b", "..", "a b", "a?x=1", "", "é", String(repeating: "a", count: 129)])
    func whatWouldChangeAnAddressIsNotPlain(name: String) { #expect(!VoiceChoice.isPlain(name)) }

    @Test func noDescriptionShowsAKey() {
        var configuration = ElevenLabsConfiguration(key: "top-secret", voice: "v")
        configuration.model = "m"
        var dumped = ""
        dump(configuration, to: &dumped)
        dump(DeepgramSpeakConfiguration(key: "top-secret"), to: &dumped)
        dump(OpenAISpeechConfiguration(key: "top-secret"), to: &dumped)
        #expect(!"\(configuration) \(String(reflecting: configuration))\(dumped)".contains("top-secret"))
    }
}

@Suite("Audio in an answer's body")
struct VoiceDownloadTests {
    @Test(arguments: ["text/html", "application/json; charset=utf-8", "application/problem+json"])
    func textIsNoAudio(mediaType: String) { #expect(VoiceDownload.fault(mediaType: mediaType) != nil) }

    @Test(arguments: [nil, "audio/pcm", "audio/basic", "application/octet-stream"])
    func anyOtherTypeIsTaken(mediaType: String?) { #expect(VoiceDownload.fault(mediaType: mediaType) == nil) }

    @Test func aBodyThatBeginsAsTextOrAFileIsNoAudio() {
        #expect(VoiceDownload.fault(head: Array("{\"error\": 1}".utf8)) != nil)
        #expect(VoiceDownload.fault(head: Array("RIFF".utf8) + [0, 1, 2, 3]) != nil)
    }

    @Test(arguments: ["a", "b", "c", "Some longer text"]) func tonesAreAudio(text: String) {
        for isMuLaw in [true, false] {
            #expect(VoiceDownload.fault(head: VoiceTone.bytes(text, rate: 8000, isMuLaw: isMuLaw)) == nil)
        }
        #expect(VoiceDownload.fault(head: []) == nil)
    }
}

@Suite("Address of a voice")
struct VoiceAddressTests {
    private func address(_ base: String) throws -> String {
        try VoiceAddress.socket(
            base: base,
            path: "/v1/x",
            query: [.init(name: "a", value: "b c&d+e")],
            errors: VoiceErrors(provider: "p")
        )
    }

    @Test(arguments: [
        ("https://api.example.com", "wss://api.example.com/v1/x?a=b%20c%26d%2Be"),
        ("http://localhost:81/base/", "ws://localhost:81/base/v1/x?a=b%20c%26d%2Be"),
    ]) func schemesFollowTheBase(base: String, expected: String) throws { #expect(try address(base) == expected) }

    @Test(arguments: ["", "api.example.com", "ftp://example.com"]) func whatIsNoAddressIsRefused(base: String) {
        #expect(throws: LegError.self) { try address(base) }
    }
}
