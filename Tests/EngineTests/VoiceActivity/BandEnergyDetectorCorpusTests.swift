import Engine
import Testing

@Suite("Band energy detector on labelled recordings")
struct BandEnergyDetectorCorpusTests {
    static let sentences = [
        "speech_slt_00", "speech_rms_01", "speech_awb_05", "speech_slt_06", "speech_rms_04", "speech_awb_08",
        "speech_slt_10",
        "speech_rms_09", "speech_awb_11", "speech_slt_03",
    ].map { $0 + ".ulaw" }

    struct Condition: Sendable, CustomTestStringConvertible {
        var noise: String?
        var decibels = 0.0
        var precision: Double
        var recall: Double
        var latency80: Int
        var testDescription: String { noise.map { "\($0) \(Int(decibels)) dB" } ?? "clean" }
    }

    @Test(arguments: [
        Condition(noise: nil, precision: 0.92, recall: 0.95, latency80: 360),
        Condition(noise: "white", decibels: 20, precision: 0.92, recall: 0.93, latency80: 360),
        Condition(noise: "pink", decibels: 20, precision: 0.92, recall: 0.94, latency80: 360),
        Condition(noise: "white", decibels: 10, precision: 0.93, recall: 0.88, latency80: 360),
        Condition(noise: "pink", decibels: 10, precision: 0.93, recall: 0.88, latency80: 360),
        Condition(noise: "babble", decibels: 20, precision: 0.88, recall: 0.94, latency80: 360),
        Condition(noise: "music", decibels: 20, precision: 0.88, recall: 0.92, latency80: 360),
    ])
    func findsTheTalker(_ condition: Condition) throws {
        var call = try VoiceActivityFixture.talk(Self.sentences)
        if let noise = condition.noise {
            call = call.mixed(with: try VoiceActivityFixture("noise_\(noise).ulaw"), decibels: condition.decibels)
        }
        var score = VoiceActivityScore()
        score.add(call, call.judged())
        #expect(score.precision >= condition.precision)
        #expect(score.recall >= condition.recall)
        #expect(score.latency(percentile: 50) <= 260)
        #expect(score.latency(percentile: 80) <= condition.latency80)
        #expect(score.missedOnsets == 0)
        #expect(score.falseTriggers == 0)
    }

    @Test(arguments: ["white_20dB", "pink_20dB", "white_10dB", "pink_10dB", "babble_20dB", "music_20dB"])
    func findsBothSentencesOfANoisyRecording(name: String) throws {
        let call = try VoiceActivityFixture("mixed_\(name).ulaw")
        var score = VoiceActivityScore()
        score.add(call, call.judged())
        #expect(score.precision >= 0.85)
        #expect(score.recall >= 0.85)
        #expect(score.missedOnsets == 0)
        #expect(score.falseTriggers == 0)
    }

    @Test(arguments: ["white", "pink", "street"])
    func noiseAloneNeverInterrupts(name: String) throws {
        let noise = try VoiceActivityFixture("noise_\(name).ulaw")
        #expect(VoiceActivityScore.bargeIns(noise.judged()).isEmpty)
    }

    /// The background a talker at -24 dBFS would have at 20 dB, before the talker has said a word.
    @Test(arguments: ["babble", "music"])
    func quietBabbleAndMusicDoNotInterrupt(name: String) throws {
        let noise = try VoiceActivityFixture("noise_\(name).ulaw").scaled(by: 0.316)
        let answers = noise.judged()
        let triggers = VoiceActivityScore.bargeIns(answers)
        #expect(triggers.filter { !triggers.contains($0 - 1) }.count <= 1)
    }

    @Test func hearsSpeechAtSixteenKilohertz() throws {
        let call = try VoiceActivityFixture("wide_slt_01.wav")
        var score = VoiceActivityScore()
        score.add(call, call.judged())
        #expect(score.precision >= 0.9)
        #expect(score.recall >= 0.93)
        #expect(score.latency(percentile: 95) <= 320)
    }
}
