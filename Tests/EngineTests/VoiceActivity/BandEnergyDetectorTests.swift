import Engine
import Testing

@Suite("Band energy detector")
struct BandEnergyDetectorTests {
    private static func noise(seconds: Double, amplitude: Double, seed: UInt64 = 1) -> [Int16] {
        var state = seed
        return (0..<Int(seconds * 8000)).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int16((Double(Int32(truncatingIfNeeded: state >> 33)) / 1_073_741_824 - 1) * amplitude)
        }
    }

    /// A tone with the frequency's first harmonics, by a rotating phasor.
    private static func hum(_ frequency: Double, seconds: Double, amplitude: Double, harmonics: Int) -> [Int16] {
        var samples = [Double](repeating: 0, count: Int(seconds * 8000))
        for harmonic in 1...harmonics {
            let step = 2 * Double.pi * frequency * Double(harmonic) / 8000
            // sin(n w) by the recurrence s(n) = 2 cos(w) s(n-1) - s(n-2), cosine by its series.
            let square = step * step
            let cosine = 1 - square / 2 + square * square / 24 - square * square * square / 720
            var (before, now) = (0.0, amplitude / Double(harmonic) * (1 - cosine * cosine).squareRoot())
            for index in samples.indices {
                samples[index] += before
                (before, now) = (now, 2 * cosine * now - before)
            }
        }
        return samples.map { Int16($0) }
    }

    /// FNV-1a over the decisions of one recording. A change here is a change of behaviour: look at the measured table again.
    @Test func decisionsAreBitExact() throws {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for answer in try VoiceActivityFixture("mixed_pink_20dB.ulaw").judged() {
            let bits = (answer.isSpeech ? 1 : 0) | (answer.isSpeechFrame ? 2 : 0) | (answer.isVoiced ? 4 : 0)
            hash = (hash ^ UInt64(bits)) &* 0x100_0000_01B3
            hash = (hash ^ UInt64(answer.score.bitPattern)) &* 0x100_0000_01B3
        }
        #expect(hash == 11_165_677_230_172_161_906)
    }

    @Test func digitalSilenceIsNeverSpeech() {
        let answers = VoiceActivityFixture(samples: [Int16](repeating: 0, count: 80_000)).judged()
        #expect(answers.allSatisfy { !$0.isSpeech && !$0.isSpeechFrame && !$0.isVoiced })
        #expect(answers.allSatisfy { $0.levelDecibels == -100 })
    }

    @Test func muLawIdleNoiseIsNeverSpeech() {
        let toggling = Self.noise(seconds: 10, amplitude: 2).map { $0 * 8 }
        #expect(VoiceActivityFixture(samples: toggling).judged().allSatisfy { !$0.isSpeech })
    }

    @Test func idleNoiseAfterDigitalSilenceIsNotSpeech() {
        let samples = [Int16](repeating: 0, count: 32_000) + Self.noise(seconds: 3, amplitude: 150)
        #expect(VoiceActivityFixture(samples: samples).judged().allSatisfy { !$0.isSpeechFrame })
    }

    @Test(arguments: [-18.0, -12, -6, 0, 6, 10])
    func decisionsBarelyDependOnLevel(gainDecibels: Double) throws {
        var gain = 1.0
        for _ in 0..<Int(abs(gainDecibels)) { gain *= gainDecibels < 0 ? 0.891_251 : 1.122_018 }
        let call = try VoiceActivityFixture("near_clean.ulaw")
        let reference = call.judged()
        let answers = call.scaled(by: gain).judged()
        let different = zip(reference, answers).count { $0.isSpeech != $1.isSpeech }
        // At -40 dBFS the ends of words fall below the quietest speech: about 5 % of the frames differ.
        withKnownIssue {
            #expect(different <= reference.count / 50)
        } when: {
            gainDecibels == -18
        }
    }

    @Test(arguments: [300.0, 1500, 6000])
    func aNoiseStepIsLearnedWithinASecond(amplitude: Double) throws {
        let step = Self.noise(seconds: 2, amplitude: 60) + Self.noise(seconds: 3, amplitude: amplitude, seed: 9)
        let answers = VoiceActivityFixture(samples: step).judged()
        #expect(VoiceActivityScore.bargeIns(answers).isEmpty)
        #expect(answers[150...].allSatisfy { !$0.isSpeech && $0.score < 4 })
        let last = try #require(answers.last)
        #expect(abs(last.noiseDecibels - last.levelDecibels) < 3)
    }

    @Test(arguments: [(50.0, 9), (60.0, 12), (400.0, 1), (440.0, 2), (1000.0, 1)])
    func aSteadyToneIsBackgroundWithinOneAndAHalfSeconds(frequency: Double, harmonics: Int) {
        let samples =
            [Int16](repeating: 0, count: 8000)
            + Self.hum(frequency, seconds: 4, amplitude: 2000, harmonics: harmonics)
        let answers = VoiceActivityFixture(samples: samples).judged()
        #expect(answers[125...].allSatisfy { !$0.isSpeech })
    }

    @Test func aCallThatStartsWithNoiseIsUsableWithinThreeHundredMilliseconds() throws {
        let call = try VoiceActivityFixture.talk(["speech_slt_00.ulaw"], leadFrames: 15)
            .mixed(with: try VoiceActivityFixture("noise_pink.ulaw"), decibels: 10)
        let answers = call.judged()
        #expect(answers[..<14].allSatisfy { !$0.isSpeech })
        #expect(answers[15].noiseDecibels > -40)
        #expect(try #require(answers.firstIndex { $0.isSpeechFrame }) <= 15 + 6)
    }

    @Test(arguments: ["speech_slt_00", "speech_rms_04", "speech_awb_05"])
    func speechInTheVeryFirstFrameIsHeard(name: String) throws {
        let call = try VoiceActivityFixture.talk([name + ".ulaw"], leadFrames: 0)
        var score = VoiceActivityScore()
        let answers = call.judged()
        score.add(call, answers)
        #expect(try #require(answers.firstIndex { $0.isSpeechFrame }) <= 6)
        #expect(score.recall >= 0.85)
    }

    @Test func speechAfterDigitalSilenceIsHeard() throws {
        let call = try VoiceActivityFixture.talk(["speech_rms_01.ulaw"], leadFrames: 200)
        var score = VoiceActivityScore()
        score.add(call, call.judged())
        #expect(score.recall >= 0.9)
        #expect(score.latency(percentile: 50) <= 300)
    }

    @Test func anOffsetChangesNoDecisionForLong() throws {
        let call = try VoiceActivityFixture("near_clean.ulaw")
        var offset = call
        offset.samples = call.samples.map { Int16(clamping: Int($0) + 2000) }
        let different = zip(call.judged(), offset.judged()).count { $0.isSpeech != $1.isSpeech }
        #expect(different <= 14)
    }

    @Test func clippedSpeechIsStillSpeech() throws {
        let call = try VoiceActivityFixture("near_clean.ulaw").scaled(by: 20)
        var score = VoiceActivityScore()
        score.add(call, call.judged())
        #expect(score.precision >= 0.85)
        #expect(score.recall >= 0.95)
    }

    @Test func speechOutlastsItsLastFrameByAtMostTheHang() throws {
        let answers = try VoiceActivityFixture("near_clean.ulaw").judged()
        for frame in answers.indices where answers[frame].isSpeech {
            #expect(answers[max(0, frame - 6)...frame].contains { $0.isSpeechFrame })
        }
        #expect(answers.contains { $0.isSpeech && !$0.isSpeechFrame })
        #expect(answers.allSatisfy { $0.isSpeech || !$0.isSpeechFrame })
    }

    @Test func resetForgetsTheCall() throws {
        let call = try VoiceActivityFixture("mixed_white_20dB.ulaw")
        var detector = BandEnergyDetector(sampleRate: 8000)
        let first = call.judged(by: &detector)
        detector.reset()
        #expect(call.judged(by: &detector) == first)
    }

    @Test func levelIsInDecibelsBelowFullScale() throws {
        let tone = VoiceActivityFixture(samples: Self.hum(1000, seconds: 1, amplitude: 16_384, harmonics: 1))
        let last = try #require(tone.judged().last)
        // A sine at half of full scale: -6 dB peak, -9 dB RMS.
        #expect(abs(last.levelDecibels + 9.03) < 0.2)
    }
}
