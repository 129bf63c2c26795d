import Actors
import Engine
import TestSupport
import Testing

@Suite("Supervised synthesizer")
struct SupervisedSynthesizerTests {
    private let rig = SupervisionRig()
    private static let text = "w1 w2 w3 w4 w5 w6"

    enum Fault: String, CaseIterable, Sendable {
        case failsAtOnce, hangs, noSound, wordsOnly, voice, failsInTheMiddle, hangsInTheMiddle, isCutShort

        var isInTheMiddle: Bool { self == .failsInTheMiddle || self == .hangsInTheMiddle || self == .isCutShort }
        var code: String {
            switch self {
            case .failsAtOnce, .failsInTheMiddle: "unavailable"
            case .hangs, .hangsInTheMiddle: "timeout"
            case .noSound, .wordsOnly, .isCutShort: "protocol"
            case .voice: "voice"
            }
        }
        func script(_ text: String) -> [Step<SpeechDelta>] {
            let error = LegError.fault(.tts, "a")
            switch self {
            case .failsAtOnce: return [.fail(error)]
            case .hangs: return [.hang]
            case .noSound: return [.say(.audio([]))]
            case .wordsOnly: return [.say(.words(SupervisionRig.sound(of: text).words))]
            case .voice: return [.fail(.fault(.tts, "a", "voice", isRetryable: false))]
            case .failsInTheMiddle: return SupervisionRig.speech(text, failing: (2_000, error))
            case .hangsInTheMiddle: return SupervisionRig.speech(text, failing: (2_000, error)).dropLast() + [.hang]
            case .isCutShort: return SupervisionRig.speech(text, failing: (2_000, error)).dropLast()
            }
        }
    }

    @Test(arguments: Fault.allCases, [true, false]) func theNextVoiceSpeaks(fault: Fault, isSecondToo: Bool) {
        let second = rig.voice("b") { isSecondToo ? [.fail(.fault(.tts, "b"))] : SupervisionRig.speech($0.text) }
        let voice = rig.supervised([
            rig.voice("a") { fault.script($0.text) }, second, rig.voice("c") { SupervisionRig.speech($0.text) },
        ])
        let received = rig.say(Self.text, voice)
        #expect(received.error == nil)
        #expect(received.replacements.first?.error.code == fault.code)
        #expect(received.replacements.map(\.to) == (isSecondToo ? ["b", "c"] : ["b"]))
        let rest = fault.isInTheMiddle ? "w3 w4 w5 w6" : Self.text
        #expect(rig.ledger.events.contains("b speaks '\(rest)' as b-v"))
        Self.check(received, text: Self.text)
        #expect(rig.isClean)
    }

    @Test(arguments: Fault.allCases) func aFailureIsHonestWhenNobodyIsLeft(fault: Fault) {
        let voice = rig.supervised([rig.voice("a") { fault.script($0.text) }]) { $0.retry.retries = 0 }
        let received = rig.say(Self.text, voice)
        #expect(received.error?.code == fault.code)
        #expect(rig.isClean)
    }

    @Test func aVoiceIsHeardWithinTwoSecondsOfAnyFailure() {
        let voice = rig.supervised([
            rig.voice("a") { _ in [.fail(.fault(.tts, "a"))] }, rig.voice("b") { _ in [.hang] },
            rig.voice("c") { SupervisionRig.speech($0.text) },
        ])
        #expect(rig.say(Self.text, voice).firstAudio.map { $0 < .milliseconds(1_200) } == true)
        let gone = rig.supervised([
            rig.voice("d") { _ in [.fail(.fault(.tts, "d"))] }, rig.voice("e") { _ in [.hang] },
            rig.voice("f") { _ in [.hang] },
        ])
        let received = rig.say(Self.text, gone)
        #expect(received.error?.code == "timeout")
        #expect(received.took < .seconds(2))
    }

    @Test func aVoiceThatDripsIsNotWaitedForAndOneThatPausesIs() {
        @Sendable func drops(_ count: Int, of samples: Int, every wait: Duration) -> [Step<SpeechDelta>] {
            (0..<count).flatMap { _ in [.say(.audio(Array(repeating: 1, count: samples))), .wait(wait)] }
        }
        let dripping = rig.supervised([
            rig.voice("a") { _ in drops(600, of: 8, every: .milliseconds(100)) },
            rig.voice("b") { SupervisionRig.speech($0.text) },
        ])
        let received = rig.say(Self.text, dripping)
        #expect(received.replacements.map(\.error.code) == ["timeout"] && received.replacements.map(\.to) == ["b"])
        #expect(received.error == nil && received.took < .seconds(3))
        // As fast as it is heard, with a breath of 900 ms in between.
        let unhurried = rig.supervised([
            rig.voice("c") { _ in
                drops(10, of: 800, every: .milliseconds(100)) + [.wait(.milliseconds(900))]
                    + drops(10, of: 800, every: .milliseconds(20))
            }
        ])
        #expect(rig.say(Self.text, unhurried).error == nil)
        #expect(rig.isClean)
    }

    @Test func aVoiceThatBreaksOffAfterItsLastWordWasHeard() {
        let voice = rig.supervised([
            rig.voice("a") { SupervisionRig.speech($0.text, failing: (.max, .fault(.tts, "a"))) },
            rig.voice("b") { SupervisionRig.speech($0.text) },
        ])
        let received = rig.say(Self.text, voice)
        #expect(received.error == nil && received.replacements.isEmpty)
        #expect(received.audio.count == 4_800)
        #expect(rig.health.snapshot()[0].failed == 1)
    }

    @Test func nothingSpeakableIsNothing() {
        let voice = rig.supervised([rig.voice("a") { _ in [.hang] }])
        let received = rig.say(" ... ", voice)
        #expect(received.error == nil && received.deltas.isEmpty)
    }

    @Test func anEndlessSoundEnds() {
        let voice = rig.supervised([
            rig.voice("a") { _ in (0..<4_000).map { _ in .say(.audio(Array(repeating: 1, count: 160))) } + [.hang] }
        ])
        let received = rig.say("Hello", voice)
        #expect(received.error == nil)
        #expect(received.audio.count == 48_000)
        #expect(rig.isClean)
    }

    @Test(arguments: [
        // 15 characters a second: 700 ms are ten; the word they end in is "seven", and to be sure the one before is spoken
        // again.
        (5_600, "three seven"), (400, "one three seven"), (8_000 * 60, "three seven"),
    ])
    func withoutWordTimesRatherAWordTooManyThanOneTooFew(samples: Int, rest: String) {
        let voice = rig.supervised([
            rig.voice("a") { _ in [.say(.audio(Array(repeating: 1, count: samples))), .fail(.fault(.tts, "a"))] },
            rig.voice("b") { SupervisionRig.speech($0.text, tellsWords: false) },
        ]) { $0.longestPiece = .seconds(90) }
        let received = rig.say("one three seven", voice)
        #expect(rig.ledger.events.contains("b speaks '\(rest)' as b-v"))
        if rest == "one three seven" {
            #expect(received.words.isEmpty)
        } else {
            Self.checkWords(received.words, text: "one three seven")
            #expect(received.words.allSatisfy { $0.isEstimated })
        }
    }

    @Test func wordsThatComeLateAreEstimatedFromTheLastOneKnown() {
        let (words, audio) = SupervisionRig.sound(of: Self.text)
        let voice = rig.supervised([
            rig.voice("a") { _ in
                [
                    .say(.words(Array(words.prefix(2)))), .say(.audio(Array(audio.prefix(3_600)))),
                    .fail(.fault(.tts, "a")),
                ]
            },
            rig.voice("b") { SupervisionRig.speech($0.text) },
        ])
        // 250 ms after the second word: three characters, so the fourth word may have begun.
        let received = rig.say(Self.text, voice)
        #expect(rig.ledger.events.contains("b speaks 'w3 w4 w5 w6' as b-v"))
        Self.checkWords(received.words, text: Self.text)
    }

    @Test func wordsOutsideTheTextAreNotPassedOn() {
        let wrong = [
            SpokenWord(utf8Range: -3..<2, samples: 0..<10), SpokenWord(utf8Range: 0..<99, samples: 0..<10),
            SpokenWord(utf8Range: 0..<2, samples: -5..<10), SpokenWord(utf8Range: 0..<2, samples: 0..<10),
        ]
        let voice = rig.supervised([rig.voice("a") { _ in [.say(.words(wrong)), .say(.audio([1, 2, 3]))] }])
        #expect(rig.say("w1 w2", voice).words == [wrong[3]])
    }

    @Test(arguments: 0..<200) func noWordIsLostOrDoubledInAnyJoin(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        let count = Int.random(in: 1...12, using: &random)
        var text = ""
        for number in 1...count {
            let ending = ["", ",", "\u{00E9}\u{00E9}", "\u{1F600}"].randomElement(using: &random) ?? ""
            text += "w\(number)\(ending)"
            if number < count { text += Bool.random(using: &random) ? " " : "  " }
        }
        let cuts = (0..<3).map { _ in Int.random(in: 0...count * 800, using: &random) }
        let names = ["a", "b", "c"]
        let voices =
            names.enumerated().map { index, name in
                rig.voice(name) { SupervisionRig.speech($0.text, failing: (cuts[index], .fault(.tts, name))) }
            } + [rig.voice("d") { SupervisionRig.speech($0.text) }]
        let received = rig.say(text, rig.supervised(voices))
        #expect(received.error == nil)
        Self.check(received, text: text)
        #expect(rig.isClean)
    }

    /// Every word was spoken whole exactly once, in order, and sounds where its time says; what else sounds is the beginning
    /// of a word that was broken off, just before the whole of it.
    private static func check(_ received: Received<SpeechDelta>, text: String) {
        let expected = SupervisionRig.sound(of: text).words
        checkWords(received.words, text: text)
        #expect(received.words.count == expected.count)
        guard let last = received.words.last, last.samples.upperBound <= received.audio.count else {
            Issue.record("words sound after the end")
            return
        }
        let audio = received.audio
        for (index, word) in received.words.enumerated() {
            #expect(word.samples.count == 800)
            let isThere = audio[word.samples].allSatisfy { $0 == Int16(index + 1) }
            #expect(isThere)
        }
        let whole = received.words.reduce(0) { $0 + $1.samples.count }
        #expect(audio.count >= whole && audio.count < whole + 3 * 800)
        // The values never go back: no word comes again once the next one has begun.
        let isInOrder = zip(audio, audio.dropFirst()).allSatisfy { $0 <= $1 }
        #expect(isInOrder)
    }

    private static func checkWords(_ words: [SpokenWord], text: String) {
        #expect(words.map(\.utf8Range) == SupervisionRig.sound(of: text).words.map(\.utf8Range))
        #expect(zip(words, words.dropFirst()).allSatisfy { $0.samples.upperBound <= $1.samples.lowerBound })
    }

    @Test(arguments: [10, 110, 130, 2_000]) func aReaderWhoLeavesStopsTheVoice(milliseconds: Int) {
        let voice = rig.supervised([rig.voice("a") { SupervisionRig.speech($0.text) + [.hang] }])
        rig.time.run {
            let reader = rig.time.task {
                let request = SpeechRequest(text: Self.text, voice: "v", language: "en")
                do { for try await _ in voice.synthesize(request) {} } catch {}
            }
            try? await rig.time.sleep(.milliseconds(milliseconds))
            reader.cancel()
        }
        #expect(rig.isClean)
    }
}
