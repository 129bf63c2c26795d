import Actors
import Legs
import Testing

@Suite("Session of the embedded recogniser", .serialized, .timeLimit(.minutes(5)))
struct SessionTests {
    @Test("Several utterances in one call, each with one final")
    func severalTurns() async throws {
        let log = TranscriptLog()
        let session = try await RecognizerBench.open(log)
        for (turn, number) in ["01", "05", "11"].enumerated() {
            try RecognizerBench.play(
                RecognizerBench.samples("speech/flite_rms_\(number).ulaw"),
                to: session,
                turn: turn
            )
        }
        session.close()
        #expect(log.heard(turn: 0).words.contains("cancel"))
        #expect(log.heard(turn: 1).words.contains("person"))
        #expect(log.heard(turn: 2).words.contains("goodbye"))
        #expect((0..<3).allSatisfy { log.heard(turn: $0).finals.count == 1 })
    }

    @Test("The same audio gives the same words in a decoder that served another call")
    func reuse() async throws {
        let transcriber = PocketSphinxTranscriber(configuration: .init(maximumDecoders: 1, threads: 0))
        var results: [[Transcript]] = []
        for file in ["speech/flite_awb_01.ulaw", "vad/noise_babble.ulaw", "speech/flite_awb_01.ulaw"] {
            let log = TranscriptLog()
            let session = try await RecognizerBench.open(log, transcriber: transcriber)
            try RecognizerBench.play(RecognizerBench.samples(file), to: session, turn: 1)
            session.close()
            results.append(log.heard(turn: 1).finals)
        }
        let texts = results.map { $0.map(\.text) }
        #expect(texts[0] == texts[2])
        #expect(texts[0].first?.contains("cancel") == true)
    }

    @Test("Two calls at the same time hear what they hear alone")
    func parallel() async throws {
        let files = ["speech/flite_slt_01.ulaw", "speech/flite_rms_05.ulaw"]
        let alone = [try await RecognizerBench.hear(files[0]).text, try await RecognizerBench.hear(files[1]).text]
        for _ in 0..<3 {
            async let first = RecognizerBench.hear(files[0])
            async let second = RecognizerBench.hear(files[1])
            #expect(try await [first.text, second.text] == alone)
        }
    }

    @Test("One call more than there are decoders is refused, and let in after another has ended")
    func exhaustion() async throws {
        let transcriber = PocketSphinxTranscriber(configuration: .init(maximumDecoders: 1, threads: 0))
        let log = TranscriptLog()
        let first = try await RecognizerBench.open(log, transcriber: transcriber)
        let refusal = await #expect(throws: LegError.self) {
            _ = try await RecognizerBench.open(log, transcriber: transcriber)
        }
        #expect(refusal?.code == "busy")
        #expect(refusal?.isRetryable == true)
        first.close()
        first.close()
        let second = try await RecognizerBench.open(log, transcriber: transcriber)
        let stillBusy = await #expect(throws: LegError.self) {
            _ = try await RecognizerBench.open(log, transcriber: transcriber)
        }
        #expect(stillBusy?.code == "busy", "closing twice gives one decoder back, not two")
        second.close()
    }

    @Test("A decoder of one tenant makes room for another tenant's")
    func twoTenants() async throws {
        let transcriber = PocketSphinxTranscriber(configuration: .init(maximumDecoders: 1, threads: 0))
        var other = ClinicProfile.profile
        other.intents = [.init(name: "boat", phrases: ["I want to rent a boat"], say: "Yes.")]
        for profile in [ClinicProfile.profile, other, ClinicProfile.profile] {
            let log = TranscriptLog()
            let session = try await RecognizerBench.open(log, transcriber: transcriber, profile: profile)
            try RecognizerBench.play(RecognizerBench.samples("speech/flite_slt_05.ulaw"), to: session, turn: 1)
            session.close()
            #expect(log.heard(turn: 1).words.contains("person"))
        }
    }

    @Test("A missing model is named together with the packages that hold it")
    func missingModel() async {
        let transcriber = PocketSphinxTranscriber(configuration: .init(modelDirectory: "/nowhere"))
        let error = await #expect(throws: LegError.self) { try await transcriber.warm(for: [ClinicProfile.profile]) }
        #expect(error?.code == "unavailable")
        #expect(error?.isRetryable == false)
        #expect(error?.cause.contains("pocketsphinx-en-us") == true)
        #expect(error?.cause.contains("/nowhere") == true)
    }

    @Test("Another sample rate than the telephone's is refused")
    func sampleRate() async {
        let error = await #expect(throws: LegError.self) {
            _ = try await RecognizerBench.transcriber.open(
                TranscriptionRequest(profile: ClinicProfile.profile, sampleRate: 16_000)
            ) { _ in }
        }
        #expect(error?.code == "refused")
    }

    @Test("Warming loads decoders that calls then get")
    func warm() async throws {
        let transcriber = PocketSphinxTranscriber(configuration: .init(warmDecoders: 2, maximumDecoders: 2, threads: 0))
        try await transcriber.warm(for: [ClinicProfile.profile])
        let log = TranscriptLog()
        let sessions = [
            try await RecognizerBench.open(log, transcriber: transcriber),
            try await RecognizerBench.open(log, transcriber: transcriber),
        ]
        try RecognizerBench.play(RecognizerBench.samples("speech/flite_slt_11.ulaw"), to: sessions[1], turn: 1)
        #expect(log.heard(turn: 1).words.contains("goodbye"))
        sessions.forEach { $0.close() }
    }

    @Test("Audio before the beginning is ignored; an end without one gives an empty final")
    func misuse() async throws {
        let log = TranscriptLog()
        let session = try await RecognizerBench.open(log)
        let speech = try RecognizerBench.samples("speech/flite_slt_05.ulaw")
        session.feed(speech)
        #expect(log.events.isEmpty)
        session.end(turn: 7)
        #expect(log.events == [.final(Transcript(text: "", confidence: 0, provider: "embedded"), turn: 7)])
        session.cancel()
        // Beginning twice drops the first utterance.
        session.begin(turn: 8)
        session.feed(speech)
        RecognizerBench.play(speech, to: session, turn: 9)
        #expect(log.heard(turn: 8).finals.isEmpty)
        #expect(log.heard(turn: 9).words.contains("person"))
        // An end of another turn drops what was going on.
        session.begin(turn: 10)
        session.feed(speech)
        session.end(turn: 11)
        #expect(log.heard(turn: 10).finals.isEmpty)
        #expect(log.heard(turn: 11).text.isEmpty)
        session.close()
        session.begin(turn: 12)
        session.feed(speech)
        session.end(turn: 12)
        #expect(log.heard(turn: 12).text.isEmpty)
    }

    @Test("A cancelled utterance reports nothing more, and the next one is heard")
    func cancel() async throws {
        let log = TranscriptLog()
        let session = try await RecognizerBench.open(log)
        let speech = try RecognizerBench.samples("speech/flite_rms_01.ulaw")
        session.begin(turn: 1)
        session.feed(Array(speech.prefix(8000)))
        session.cancel()
        let before = log.events.count
        session.feed(speech)
        #expect(log.events.count == before)
        RecognizerBench.play(speech, to: session, turn: 2)
        #expect(log.heard(turn: 1).finals.isEmpty)
        #expect(log.heard(turn: 2).words.contains("cancel"))
        session.close()
    }

    @Test("An utterance without end is finished in parts and reported as one")
    func longUtterance() async throws {
        let transcriber = PocketSphinxTranscriber(
            configuration: .init(maximumDecoders: 1, threads: 0, maximumUtteranceSeconds: 4)
        )
        let log = TranscriptLog()
        let session = try await RecognizerBench.open(log, transcriber: transcriber)
        // 4.5 s and 3.2 s: the first sentence falls into the first part, the second into the next.
        let speech =
            try RecognizerBench.samples("speech/flite_rms_01.ulaw")
            + RecognizerBench.samples("speech/flite_rms_05.ulaw")
        RecognizerBench.play(speech, to: session, turn: 1)
        session.close()
        let heard = log.heard(turn: 1)
        #expect(heard.finals.count == 1)
        #expect(heard.words.contains("cancel") && heard.words.contains("person"), "\(heard.text)")
    }

    @Test("A choice is made among the tenant's options")
    func choice() async throws {
        // "rabbit" is not in these recordings: what matters is that a hint naming options still lets everything through.
        let heard = try await RecognizerBench.hear("speech/flite_slt_11.ulaw", expecting: .choice(["dog", "cat"]))
        #expect(heard.words.contains("goodbye"))
    }
}
