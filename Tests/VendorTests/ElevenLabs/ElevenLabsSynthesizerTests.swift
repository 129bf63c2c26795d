import Actors
import Legs
import TestSupport
import Testing
import VendorServers

extension VendorLoopback {
    @Suite("ElevenLabs voice")
    struct ElevenLabsSynthesizerTests {
        typealias Transport = ElevenLabsConfiguration.Transport

        private func with(
            _ settings: ElevenLabsServer.Settings = .init(),
            configure: (inout ElevenLabsConfiguration) -> Void = { _ in },
            _ body: (ElevenLabsSynthesizer, ElevenLabsServer) async throws -> Void
        ) async throws {
            let server = try await ElevenLabsServer(settings)
            var configuration = ElevenLabsConfiguration(key: "test-key", voice: "21m00Tcm4TlvDq8ikWAM")
            configuration.baseURL = server.url
            configuration.limits = VoiceBench.patient()
            configure(&configuration)
            try await VoiceBench.withClient { client in
                let voice = ElevenLabsSynthesizer(configuration, client: client)
                try await body(voice, server)
                voice.close()
                try await VoiceBench.until { voice.statistics.pieces == 0 && voice.statistics.sockets.opening == 0 }
                #expect(server.log.record.violations == [])
            }
            await server.idle()
            await server.stop()
        }

        // MARK: - Speaking

        @Test(arguments: [Transport.webSocket, .rest]) func aPieceIsSpokenSampleBySample(transport: Transport)
            async throws
        {
            try await with(configure: { $0.transport = transport }) { voice, server in
                let piece = try await VoiceBench.hear(voice, VoiceBench.request("Good morning to you."))
                #expect(piece.samples == VoiceBench.muLaw("Good morning to you."))
                #expect(server.log.record.pieces == ["Good morning to you."])
            }
        }

        @Test(arguments: [ElevenLabsConfiguration.Format.pcm8, .pcm16, .pcm24, .pcm48], [Transport.webSocket, .rest])
        func anyFormatIsBroughtToTheLinesRate(format: ElevenLabsConfiguration.Format, transport: Transport) async throws
        {
            try await with(configure: {
                $0.format = format
                $0.transport = transport
            }) { voice, _ in
                let text = "Good morning."
                let piece = try await VoiceBench.hear(voice, VoiceBench.request(text))
                #expect(piece.samples.count == VoiceTone.milliseconds(text) * 8)
                #expect(VoiceBench.purity(piece.samples, text, rate: 8000) > 0.95)
            }
        }

        @Test func aWiderLineHasWiderAudio() async throws {
            try await with { voice, server in
                let piece = try await VoiceBench.hear(voice, VoiceBench.request("Wide.", rate: 16_000))
                #expect(piece.samples == VoiceTone.samples("Wide.", rate: 16_000))
                #expect(server.log.record.sockets.first?.target.contains("output_format=pcm_16000") == true)
            }
        }

        @Test func whatIsAskedIsWhatTheSettingsSay() async throws {
            try await with(configure: {
                $0.model = "eleven_turbo_v2_5"
                $0.voices.byName["Emma"] = "emma-voice"
                $0.settings = ElevenLabsVoiceSettings(stability: 0.25, similarityBoost: nil, speed: 1.5)
                $0.textNormalization = "on"
                $0.pool.idlePerVoice = 0
            }) { voice, server in
                _ = try await VoiceBench.hear(voice, VoiceBench.request("Hello.", voice: "Emma"))
                let socket = try #require(server.log.record.sockets.first)
                #expect(
                    socket.target
                        == "/v1/text-to-speech/emma-voice/stream-input?model_id=eleven_turbo_v2_5&output_format=ulaw_8000"
                        + "&inactivity_timeout=20&language_code=en&apply_text_normalization=on"
                )
                let opening = try JSON(parsing: Array(socket.texts[0].utf8))
                #expect(opening == ["text": " ", "voice_settings": ["stability": 0.25, "speed": 1.5]])
                #expect(try JSON(parsing: Array(socket.texts[1].utf8)) == ["text": "Hello. ", "flush": true])
                #expect(try JSON(parsing: Array(socket.texts[2].utf8)) == ["text": ""])
            }
        }

        @Test func aModelThatTakesNoLanguageIsToldNone() async throws {
            try await with(configure: { $0.model = "eleven_multilingual_v2" }) { voice, server in
                _ = try await VoiceBench.hear(voice, VoiceBench.request("Hello."))
                #expect(server.log.record.sockets.first?.target.contains("language_code") == false)
            }
        }

        @Test func aTextWithNothingToSayIsNotSent() async throws {
            try await with { voice, server in
                let heard = try await VoiceBench.hear(voice, VoiceBench.request(" \u{2026} -- "))
                #expect(heard.count == 0)
                #expect(server.log.record.sockets.isEmpty)
            }
        }

        @Test func aTextOverTheLimitIsRefusedWithTheLimit() async throws {
            try await with(configure: { $0.limits.maximumCharacters = 20 }) { voice, server in
                let error = await VoiceBench.failure(voice, "A text of more than twenty characters")
                #expect(error?.code == "refused")
                #expect(error?.cause.contains("limit of 20") == true)
                #expect(server.log.record.sockets.isEmpty)
            }
        }

        @Test func moreSpeakersThanAllowedAreTurnedAway() async throws {
            try await with(configure: { $0.limits.concurrentPieces = 0 }) { voice, _ in
                #expect(await VoiceBench.failure(voice)?.code == "busy")
            }
        }

        // MARK: - Words

        @Test func wordsOfTheWrittenTextHaveTheSpokenTimes() async throws {
            var settings = ElevenLabsServer.Settings()
            settings.reads = ["10": "ten"]
            let text = "Please come at 10 to Caf\u{E9} Oak."
            try await with(settings) { voice, _ in
                let piece = try await VoiceBench.hear(voice, VoiceBench.request(text))
                let words = try #require(piece.words.last)
                expect(words, of: text, spoken: "Please come at ten to Caf\u{E9} Oak.", estimated: [])
                // What was told before stays true, and every telling knows more.
                for (earlier, later) in zip(piece.words, piece.words.dropFirst()) {
                    #expect(earlier.count <= later.count)
                }
            }
        }

        @Test func wordsAreFoundAgainInWhatIsReadOtherwise() async throws {
            var settings = ElevenLabsServer.Settings()
            settings.reads = ["10": "ten"]
            settings.alignment = .normalizedOnly
            let text = "Please come at 10 to the Oak."
            try await with(settings) { voice, _ in
                let words = try #require(try await VoiceBench.hear(voice, VoiceBench.request(text)).words.last)
                expect(words, of: text, spoken: "Please come at ten to the Oak.", estimated: [3])
            }
        }

        @Test func wordsWithoutTimesAreEstimatedAtTheEnd() async throws {
            var settings = ElevenLabsServer.Settings()
            settings.alignment = .none
            try await with(settings) { voice, _ in
                let piece = try await VoiceBench.hear(voice, VoiceBench.request("One two three"))
                #expect(piece.words.count == 1)
                #expect(piece.words.last?.map(\.isEstimated) == [true, true, true])
                #expect(piece.words.last?.last?.samples.upperBound == piece.samples.count)
            }
        }

        /// Within 2 ms, to which the vendor's whole milliseconds are rounded twice.
        private func expect(_ words: [SpokenWord], of text: String, spoken: String, estimated: Set<Int>) {
            let written = text.split(separator: " ")
            var time = 0
            for (index, word) in spoken.split(separator: " ").enumerated() {
                guard index < words.count else { return #expect(words.count == written.count) }
                let end = time + word.count * VoiceTone.millisecondsPerCharacter * 8
                #expect(text.utf8.dropFirst(words[index].utf8Range.lowerBound).starts(with: written[index].utf8))
                #expect(words[index].utf8Range.count == written[index].utf8.count)
                #expect(words[index].isEstimated == estimated.contains(index))
                // An estimate has the pauses around it.
                let slack = estimated.contains(index) ? VoiceTone.millisecondsPerCharacter * 8 + 16 : 16
                #expect(abs(words[index].samples.lowerBound - time) <= slack, "word \(index)")
                #expect(abs(words[index].samples.upperBound - end) <= slack, "word \(index)")
                time = end + VoiceTone.millisecondsPerCharacter * 8
            }
            #expect(words.count == written.count)
        }

        // MARK: - Sockets

        @Test func aWarmedPieceFindsItsSocketOpen() async throws {
            try await with { voice, server in
                await voice.warm(.test)
                await server.log.wait { $0.sockets.first?.texts.count == 1 }
                #expect(voice.statistics.sockets.opened == 1)
                _ = try await VoiceBench.hear(voice, VoiceBench.request("Hello."))
                #expect(voice.statistics.sockets.reused == 1)
                #expect(server.log.record.sockets.first?.texts.count == 3)
                // The next piece's socket is opened meanwhile.
                try await VoiceBench.until { voice.statistics.sockets.idle == 1 }
                _ = try await VoiceBench.hear(voice, VoiceBench.request("Hello again."))
                #expect(voice.statistics.sockets.reused == 2)
            }
        }

        @Test func agingSocketsAreReplacedBeforeTheVendorClosesThem() async throws {
            try await with(configure: { $0.pool = .init(idleLimit: .milliseconds(50), keepWarm: .seconds(300)) }) {
                voice,
                server in
                await voice.warm(.test)
                await server.log.wait { $0.sockets.count >= 4 }
                await server.log.wait { $0.openSockets <= 1 }
                let heard = try await VoiceBench.hear(voice, VoiceBench.request("Still here."))
                #expect(heard.samples == VoiceBench.muLaw("Still here."))
            }
        }

        @Test func aSocketThatTheVendorClosedCostsNoPiece() async throws {
            var settings = ElevenLabsServer.Settings()
            settings.inactivityTimeout = .milliseconds(50)
            try await with(settings) { voice, server in
                await voice.warm(.test)
                await server.log.wait { $0.sockets.first?.gone != nil }
                server.settings { $0.inactivityTimeout = nil }
                let heard = try await VoiceBench.hear(voice, VoiceBench.request("Still here."))
                #expect(heard.samples == VoiceBench.muLaw("Still here."))
            }
        }

        @Test func anInterruptedPieceClosesItsSocketAtOnce() async throws {
            var settings = ElevenLabsServer.Settings()
            settings.common.pace = 1
            let long = String(repeating: "A long text that is interrupted. ", count: 10)
            try await with(settings, configure: { $0.pool.idlePerVoice = 0 }) { voice, server in
                let interrupted = try await VoiceBench.interrupt(voice, VoiceBench.request(long))
                await server.log.wait { $0.sockets.first?.gone != nil }
                let gone = try #require(server.log.record.sockets.first?.gone)
                // 50 ms are wanted; a machine that is taken away for a while is not the engine's delay.
                #expect(interrupted.duration(to: gone) < .seconds(5))
                #expect(server.log.record.openSockets == 0)
            }
        }

        @Test func anInterruptedDownloadClosesItsConnection() async throws {
            var settings = ElevenLabsServer.Settings()
            settings.common.pace = 1
            let long = String(repeating: "A long text that is interrupted. ", count: 10)
            try await with(settings, configure: { $0.transport = .rest }) { voice, server in
                _ = try await VoiceBench.interrupt(voice, VoiceBench.request(long))
                await server.log.wait { $0.requests.first?.isAbandoned == true }
            }
        }

        // MARK: - Faults

        @Test(arguments: VendorFault.allCases, [Transport.webSocket, .rest])
        func eachFaultIsOneClearError(fault: VendorFault, transport: Transport) async throws {
            var settings = ElevenLabsServer.Settings()
            settings.common.fault = fault
            try await with(
                settings,
                configure: {
                    $0.transport = transport
                    $0.limits = VoiceFaults.limits(fault)
                }
            ) { voice, _ in
                let error = await VoiceBench.failure(voice)
                VoiceFaults.expect(error, fault, provider: "elevenlabs", overHTTP: transport == .rest)
            }
        }

        @Test func anotherKeyIsRefused() async throws {
            try await with(configure: { $0.key = VoiceKey("wrong") }) { voice, _ in
                let error = await VoiceBench.failure(voice)
                #expect(error?.code == "refused")
                #expect(error?.cause.contains("401") == true)
            }
        }

        @Test(arguments: [
            ("quota_exceeded", 1008, "refused"), ("invalid_api_key", 1008, "refused"),
            ("voice_not_found", 1008, "voice"),
            ("max_character_limit_exceeded", 1008, "refused"), ("too_many_concurrent_requests", 1008, "busy"),
            ("system_busy", 1011, "busy"), ("something_else", 1008, "refused"), ("something_else", 1011, "unavailable"),
            ("something_else", 1003, "protocol"), ("prose and no word", 1011, "unavailable"),
        ]) func theVendorsErrorsKeepTheirMeaning(word: String, code: Int, expected: String) async throws {
            var settings = ElevenLabsServer.Settings()
            settings.error = (word, UInt16(code))
            try await with(settings) { voice, _ in
                let error = await VoiceBench.failure(voice)
                #expect(error?.code == expected)
                #expect(error?.cause.contains("prose") == false)
            }
        }

        @Test(arguments: [#"{"audio":"****"}"#, #"{"audio":7}"#, "[]", ""]) func whatIsNoMessageIsAProtocolError(
            garbage: String
        ) async throws {
            var settings = ElevenLabsServer.Settings()
            settings.common.fault = .malformed
            settings.common.garbage = garbage
            try await with(settings) { voice, _ in #expect(await VoiceBench.failure(voice)?.code == "protocol") }
        }

        @Test func aVoiceNameThatIsNoneGoesNowhere() async throws {
            for transport in [Transport.webSocket, .rest] {
                try await with(configure: {
                    $0.voices.fallback = "../../v1/user?"
                    $0.transport = transport
                }) { voice, server in
                    #expect(await VoiceBench.failure(voice)?.code == "voice")
                    #expect(server.log.record.sockets.isEmpty && server.log.record.requests.isEmpty)
                }
            }
        }

        @Test(arguments: [Transport.webSocket, .rest]) func aStormOfFaultsLeavesNothingBehind(transport: Transport)
            async throws
        {
            let seed = UInt64.random(in: 0...UInt64.max)
            try await with(configure: {
                $0.transport = transport
                $0.limits = VoiceBench.hasty()
            }) { voice, server in
                let counts = await VoiceFaults.storm(voice, pieces: 200, seed: seed) { fault in
                    server.settings { $0.common.fault = fault }
                }
                #expect(counts.whole + counts.failed + counts.given == 200, "seed \(seed)")
                #expect(counts.failed > 0 && counts.given > 0, "seed \(seed)")
                server.settings { $0.common.fault = nil }
                try await VoiceBench.until { voice.statistics.pieces == 0 && voice.statistics.sockets.opening == 0 }
                #expect(voice.statistics.sockets.inUse == 0)
                voice.close()
                #expect(voice.statistics.sockets.idle == 0)
                await server.log.wait { $0.openSockets == 0 }
            }
        }
    }
}
