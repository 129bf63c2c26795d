import Foundation

/// Every vendor's server at once, and the environment that leads an engine to them.
public final class VendorPark: Sendable {
    /// How long the vendors take.
    public struct Delays: Sendable, Codable, Equatable {
        /// From a wish for the words to the words, milliseconds.
        public var transcript = 100
        /// From a question to its answer's first token.
        public var firstToken = 200
        public var betweenTokens = 0
        /// From a text to its first sound.
        public var firstAudio = 100

        public init() {}

        public init(betweenTokens: Int) { self.betweenTokens = betweenTokens }
    }

    public let hearing: DeepgramServer
    public let openAI: ChatServer
    public let anthropic: ChatServer
    public let elevenLabs: ElevenLabsServer
    public let aura: DeepgramSpeakServer
    public let speech: OpenAISpeechServer

    /// - Parameter words: what callers are understood to say, one for each 0.3 s of their sound.
    public init(_ delays: Delays = Delays(), words: [String], answer: String) async throws {
        hearing = try await DeepgramServer(DeepgramScript(.spoken(words, each: 0.3)))
        openAI = try await ChatServer.openAI(OpenAIChatManner(key: Self.key))
        anthropic = try await ChatServer.anthropic(AnthropicManner(key: Self.key))
        elevenLabs = try await ElevenLabsServer()
        aura = try await DeepgramSpeakServer()
        speech = try await OpenAISpeechServer()
        hearing.set { $0.keepsAudio = false }
        pace(delays)
        say(answer)
    }

    /// What every model answers. `#` stands for the request's number: an engine may keep what it has had spoken once, and
    /// would not ask a voice again.
    public func say(_ answer: String) {
        for server in [openAI, anthropic] {
            server.answer { .say(answer.replacingOccurrences(of: "#", with: "\($0.number)")) }
        }
    }

    public func pace(_ delays: Delays) {
        hearing.set { $0.delay = .milliseconds(delays.transcript) }
        for server in [openAI, anthropic] {
            server.pace(
                firstToken: .milliseconds(delays.firstToken),
                betweenTokens: .milliseconds(delays.betweenTokens),
                drip: .milliseconds(20)
            )
        }
        voices { $0.firstAudioDelay = .milliseconds(delays.firstAudio) }
    }

    /// Changes every voice's manner.
    public func voices(_ change: (inout VoiceServerSettings) -> Void) {
        elevenLabs.settings { change(&$0.common) }
        aura.settings { change(&$0.common) }
        speech.settings { change(&$0) }
    }

    /// Nothing fails from now on.
    public func heal() {
        hearing.faults { _ in nil }
        for server in [openAI, anthropic] { server.faults { _ in nil } }
        voices {
            $0.faultOfPiece = { _ in nil }
            $0.speaksBeforeReset = true
            $0.pace = nil
        }
    }

    /// For an engine's process.
    public var environment: [String: String] {
        [
            "DEEPGRAM_API_KEY": DeepgramServer.key, "DEEPGRAM_BASE_URL": hearing.baseURL,
            "DEEPGRAM_SPEAK_BASE_URL": aura.url, "OPENAI_API_KEY": Self.key, "OPENAI_BASE_URL": openAI.baseURL,
            "OPENAI_SPEECH_BASE_URL": speech.url, "ANTHROPIC_API_KEY": Self.key,
            "ANTHROPIC_BASE_URL": anthropic.baseURL, "ELEVENLABS_API_KEY": Self.key,
            "ELEVENLABS_BASE_URL": elevenLabs.url, "ELEVENLABS_VOICE": "voice-of-the-tests",
        ]
    }

    private static let key = "test-key"

    public func stop() async {
        await hearing.stop()
        await openAI.stop()
        await anthropic.stop()
        await elevenLabs.stop()
        await aura.stop()
        await speech.stop()
    }
}
