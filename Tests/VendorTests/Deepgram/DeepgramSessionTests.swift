import Actors
import Codecs
import Legs
import TestSupport
import Testing
import VendorServers

extension VendorLoopback {
    @Suite("Deepgram session")
    struct DeepgramSessionTests {
        @Test(arguments: [DeepgramLiveConfiguration.Encoding.mulaw, .linear16])
        func turnsAreHeardOverOneSocket(encoding: DeepgramLiveConfiguration.Encoding) async throws {
            try await DeepgramRig.run {
                $0.encoding = encoding
            } _: { rig in
                let (session, heard) = try await rig.open()
                session.begin(turn: 1)
                DeepgramRig.speak(session, seconds: 1.02)
                session.end(turn: 1)
                #expect(await heard.final(1)?.text == "could you book me")
                session.begin(turn: 2)
                DeepgramRig.speak(session, seconds: 1)
                session.end(turn: 2)
                #expect(
                    await heard.final(2)
                        == Transcript(text: "in for Tuesday morning", confidence: 0.9, provider: "deepgram")
                )
                session.close()
                await rig.server.plain.idle()
                let record = rig.server.records[0]
                #expect(rig.server.records.count == 1)
                #expect(record.violations.isEmpty)
                #expect(record.controls == ["Finalize", "Finalize", "CloseStream"])
                #expect(record.query["encoding"] == [encoding.rawValue])
                // The silence it begins with, then every sample that was fed.
                let bytes = encoding == .mulaw ? 1 : 2
                #expect(record.audio.count == (160 + 102 * 80 + 8000) * bytes)
                let sample = encoding == .mulaw ? [MuLaw.byte(1000)] : [0xE8, 0x03]
                #expect(Array(record.audio[(160 * bytes)..<(161 * bytes)]) == sample)
                #expect(heard.failures.isEmpty)
            }
        }

        @Test func aPauseIsAnsweredWithTheWordsSoFar() async throws {
            try await DeepgramRig.run { rig in
                let (session, heard) = try await rig.open()
                session.begin(turn: 5)
                DeepgramRig.speak(session, seconds: 1)
                session.pause(turn: 5)
                await heard.until { $0.contains { if case .provisional = $0 { true } else { false } } }
                let expected = Transcript(text: "could you book me", confidence: 0.9, provider: "deepgram")
                #expect(heard.all.last == .provisional(expected, turn: 5))
                session.end(turn: 5)
                #expect(await heard.final() == expected)
                #expect(heard.all.contains(.partial("could", turn: 5)))
                await rig.server.until { $0[0].controls == ["Finalize"] }
                session.close()
            }
        }

        @Test func theLanguageHeardIsTold() async throws {
            var script = DeepgramScript(.utterances(["una cita por favor"], least: 0.2))
            script.language = "es"
            try await DeepgramRig.run(script, { $0.language = .fixed("multi") }) { rig in
                let (session, heard) = try await rig.open()
                session.begin(turn: 1)
                DeepgramRig.speak(session, seconds: 1)
                session.end(turn: 1)
                let final = await heard.final()
                #expect(final?.text == "una cita por favor")
                #expect(final?.language == "es")
                session.close()
            }
        }

        @Test func aCallerWhoListensForLongIsStillHeard() async throws {
            var script = DeepgramScript(.words(DeepgramRig.words, each: 0.25, repeats: true))
            script.timeout = .seconds(20)
            try await DeepgramRig.run(script, { $0.keepAlive = .milliseconds(20) }) { rig in
                let (session, heard) = try await rig.open()
                await rig.server.until { $0[0].count("KeepAlive") >= 5 }
                session.begin(turn: 1)
                DeepgramRig.speak(session, seconds: 1)
                session.end(turn: 1)
                #expect(await heard.final()?.text == "could you book me")
                // Audio came first: alone, being there is not enough.
                #expect(rig.server.records[0].audioMessages.first == 160)
                session.close()
            }
        }

        @Test func withoutASignOfLifeDeepgramClosesAndItIsSaid() async throws {
            var script = DeepgramScript(.words(DeepgramRig.words, each: 0.25, repeats: true))
            script.timeout = .milliseconds(50)
            try await DeepgramRig.run(script) { rig in
                let (session, heard) = try await rig.open()
                let failure = await heard.failure()
                #expect(failure?.code == "unavailable")
                #expect(failure?.cause == "the vendor closed with code 1011 (NET-0001)")
                #expect(failure?.isRetryable == true)
                session.close()
                await rig.server.plain.idle()
            }
        }

        @Test func aFinalizeThatIsNotAnsweredStillEndsTheTurn() async throws {
            var script = DeepgramScript(.words(DeepgramRig.words, each: 0.25, repeats: true))
            script.answersFinalize = false
            try await DeepgramRig.run(script, { $0.finalLimit = .milliseconds(100) }) { rig in
                let (session, heard) = try await rig.open()
                session.begin(turn: 1)
                DeepgramRig.speak(session, seconds: 1)
                await heard.until { !$0.isEmpty }
                session.end(turn: 1)
                #expect(await heard.final()?.text.hasPrefix("could") == true)
                session.close()
                await rig.server.plain.idle()
            }
        }

        @Test func aDroppedTurnIsSilent() async throws {
            try await DeepgramRig.run { rig in
                let (session, heard) = try await rig.open()
                session.begin(turn: 1)
                DeepgramRig.speak(session, seconds: 0.2)
                session.cancel()
                let before = 160 + 1600
                session.feed(Array(repeating: 1, count: 8000))
                session.begin(turn: 2)
                DeepgramRig.speak(session, seconds: 1)
                session.end(turn: 2)
                #expect(await heard.final()?.text == "could you book me")
                #expect(heard.all.allSatisfy { if case .partial(_, turn: 1) = $0 { false } else { true } })
                #expect(rig.server.records[0].audio.count == before + 8000)
                session.close()
            }
        }

        @Test func nothingIsToldAfterTheEnd() async throws {
            var script = DeepgramScript(.words(DeepgramRig.words, each: 0.25, repeats: true))
            script.delay = .milliseconds(50)
            try await DeepgramRig.run(script) { rig in
                let (session, heard) = try await rig.open()
                session.begin(turn: 1)
                DeepgramRig.speak(session, seconds: 1)
                session.end(turn: 1)
                session.close()
                session.feed([1])
                session.end(turn: 1)
                await rig.server.plain.idle()
                #expect(heard.all.isEmpty)
            }
        }

        @Test func aSessionThatIsForgottenClosesItsSocket() async throws {
            try await DeepgramRig.run { rig in
                do { _ = try await rig.open() }
                await rig.server.plain.idle()
            }
        }

        @Test func whatTheHandshakeDoesNotAllowIsRefused() async throws {
            try await DeepgramRig.run {
                $0.key = "wrong"
            } _: { rig in
                let error = await #expect(throws: LegError.self) { _ = try await rig.open() }
                #expect(error?.code == "refused")
                #expect(error?.cause == "the answer was status 401 (INVALID_AUTH)")
                await rig.server.plain.idle()
            }
        }
    }
}
