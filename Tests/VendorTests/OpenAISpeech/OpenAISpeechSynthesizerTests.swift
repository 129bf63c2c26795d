import Actors
import Foundation
import Legs
import TestSupport
import Testing
import VendorServers

extension VendorLoopback {
    @Suite("OpenAI voice")
    struct OpenAISpeechSynthesizerTests {
        private func with(
            _ settings: OpenAISpeechServer.Settings = .init(),
            configure: (inout OpenAISpeechConfiguration) -> Void = { _ in },
            _ body: (OpenAISpeechSynthesizer, OpenAISpeechServer) async throws -> Void
        ) async throws {
            let server = try await OpenAISpeechServer(settings)
            var configuration = OpenAISpeechConfiguration(key: "test-key")
            configuration.baseURL = server.url
            configuration.limits = VoiceBench.patient(characters: 4096)
            configure(&configuration)
            try await VoiceBench.withClient { client in
                let voice = OpenAISpeechSynthesizer(configuration, client: client)
                try await body(voice, server)
                try await VoiceBench.until { voice.statistics.pieces == 0 }
                #expect(server.log.record.violations == [])
            }
            await server.idle()
            await server.stop()
        }

        @Test(arguments: [8000, 16_000, 24_000]) func aPieceIsBroughtToTheLinesRate(rate: Int) async throws {
            try await with { voice, _ in
                let text = "Good morning to you."
                let piece = try await VoiceBench.hear(voice, VoiceBench.request(text, rate: rate))
                #expect(piece.samples.count == VoiceTone.milliseconds(text) * rate / 1000)
                #expect(VoiceBench.purity(piece.samples, text, rate: rate) > 0.95)
                #expect(piece.words.isEmpty)
            }
        }

        @Test(arguments: [1, 3, 7, 480, 100_000]) func anyChunksGiveTheSameAudio(bytes: Int) async throws {
            try await with { voice, server in
                server.settings { $0.chunkBytes = 100_001 }
                let whole = try await VoiceBench.hear(voice, VoiceBench.request("Hi."))
                server.settings { $0.chunkBytes = bytes }
                let heard = try await VoiceBench.hear(voice, VoiceBench.request("Hi."))
                #expect(heard.samples == whole.samples)
            }
        }

        @Test func whatIsAskedIsWhatTheSettingsSay() async throws {
            try await with(configure: {
                $0.model = "some-model"
                $0.voices.byName["Emma"] = "coral"
                $0.speed = 1.5
                $0.instructions = "Speak calmly."
            }) { voice, server in
                _ = try await VoiceBench.hear(voice, VoiceBench.request("Hello.", voice: "Emma"))
                let body = try JSON(parsing: Array(try #require(server.log.record.requests.first).body.utf8))
                let expected: JSON = [
                    "model": "some-model", "input": "Hello.", "voice": "coral", "response_format": "pcm", "speed": 1.5,
                    "instructions": "Speak calmly.",
                ]
                #expect(body == expected)
            }
        }

        @Test func aWarmedPieceUsesTheOpenConnection() async throws {
            try await with { voice, server in
                await voice.warm(.test)
                #expect(server.openConnections == 1)
                _ = try await VoiceBench.hear(voice, VoiceBench.request("Hello."))
                #expect(server.openConnections == 1)
            }
        }

        @Test func aTextOverTheVendorsLimitIsRefused() async throws {
            try await with { voice, server in
                let error = await VoiceBench.failure(voice, String(repeating: "a", count: 4097))
                #expect(error?.code == "refused")
                #expect(error?.cause.contains("limit of 4096") == true)
                #expect(server.log.record.requests.isEmpty)
            }
        }

        @Test func aPieceThatIsInterruptedClosesItsConnectionAtOnce() async throws {
            var settings = OpenAISpeechServer.Settings()
            settings.pace = 1
            let long = String(repeating: "A long text that is interrupted. ", count: 10)
            try await with(settings) { voice, server in
                _ = try await VoiceBench.interrupt(voice, VoiceBench.request(long))
                await server.log.wait { $0.requests.first?.isAbandoned == true }
            }
        }

        @Test(arguments: VendorFault.allCases) func eachFaultIsOneClearError(fault: VendorFault) async throws {
            var settings = OpenAISpeechServer.Settings()
            settings.fault = fault
            try await with(settings, configure: { $0.limits = VoiceFaults.limits(fault) }) { voice, _ in
                VoiceFaults.expect(await VoiceBench.failure(voice), fault, provider: "openai", overHTTP: true)
            }
        }

        @Test func aStormOfFaultsLeavesNothingBehind() async throws {
            let seed = UInt64.random(in: 0...UInt64.max)
            try await with(configure: { $0.limits = VoiceBench.hasty() }) { voice, server in
                let counts = await VoiceFaults.storm(voice, pieces: 200, seed: seed) { fault in
                    server.settings { $0.fault = fault }
                }
                #expect(counts.whole + counts.failed + counts.given == 200, "seed \(seed)")
                #expect(counts.failed > 0 && counts.given > 0, "seed \(seed)")
            }
        }
    }
}
