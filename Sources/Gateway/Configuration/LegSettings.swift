import Actors

/// One vendor of a leg: where it is and who we are to it.
public struct VendorSettings: Sendable, Equatable, CustomStringConvertible {
    /// nil: this vendor is not asked.
    public var key: String?
    /// The vendor's own, or a compatible server's; a path in it is kept.
    public var baseURL: String

    public init(key: String? = nil, baseURL: String) {
        self.key = key
        self.baseURL = baseURL
    }

    /// Never the key: a description ends up in logs.
    public var description: String { "VendorSettings(\(key == nil ? "no key" : "a key"))" }
}

/// The vendors behind the legs, and the order they are asked in.
public struct LegSettings: Sendable, Equatable {
    /// What each leg may be made of. `timed` is for load tests: it understands nothing.
    public enum Provider: String, Sendable, CaseIterable {
        case embedded, timed, deepgram, openai, anthropic, elevenlabs
    }

    /// nil: not forced; those with a key, then the embedded legs.
    public var sttOrder: [String]?
    public var llmOrder: [String]?
    public var ttsOrder: [String]?

    public var deepgram = VendorSettings(baseURL: "https://api.deepgram.com")
    public var openAI = VendorSettings(baseURL: "https://api.openai.com/v1")
    /// Where the voices are, when they are somewhere else: servers of one's own are often apart.
    public var deepgramSpeakURL: String?
    public var openAISpeechURL: String?
    public var anthropic = VendorSettings(baseURL: "https://api.anthropic.com")
    public var elevenLabs = VendorSettings(baseURL: "https://api.elevenlabs.io")

    public var deepgramModel = "nova-3"
    public var deepgramVoice = "aura-2-thalia-en"
    public var openAIModel = "gpt-4.1-mini"
    /// The member of a request that bounds the answer.
    public var openAITokens = OpenAITokens.maxCompletionTokens
    /// Asks for the tokens an answer took; off for a server that refuses the question.
    public var openAIAsksForUsage = true
    public var openAIVoice = "alloy"
    public var openAISpeechModel = "gpt-4o-mini-tts"
    public var anthropicModel = "claude-haiku-4-5"
    public var elevenLabsModel = "eleven_flash_v2_5"
    /// The vendor's id of a voice, for tenants that name none; there is no default.
    public var elevenLabsVoice: String?

    /// How the vendors with both ways to speak are reached.
    public var deepgramSpeakTransport = VoiceTransport.websocket
    public var elevenLabsTransport = VoiceTransport.websocket

    /// How long each stage of a leg may take before the next provider is asked, and when two are asked at once.
    public var supervision = SupervisionSettings()

    /// How long a call waits for servers that list a tenant's tools (MCP), all together; slower ones are left out of it.
    public var toolListingMilliseconds = 1_500

    public enum OpenAITokens: String, Sendable, CaseIterable {
        /// OpenAI's own today; reasoning models take no other.
        case maxCompletionTokens = "max_completion_tokens"
        /// What many compatible servers know.
        case maxTokens = "max_tokens"
    }

    public enum VoiceTransport: String, Sendable, CaseIterable {
        /// A socket that is open before the first word; ElevenLabs then tells when its words sound.
        case websocket
        /// A request for each piece: passes proxies that hold no sockets.
        case rest
    }

    public init() {}

    public static let transcribers: [Provider] = [.deepgram, .embedded, .timed]
    public static let models: [Provider] = [.openai, .anthropic, .embedded, .timed]
    public static let synthesizers: [Provider] = [.elevenlabs, .deepgram, .openai, .embedded, .timed]

    /// A compatible server on one's own machine needs no key: its address alone selects it.
    public var hasDeepgram: Bool { deepgram.key != nil }
    public var hasOpenAI: Bool { openAI.key != nil || openAI.baseURL != LegSettings().openAI.baseURL }
    public var hasAnthropic: Bool { anthropic.key != nil }
    public var hasElevenLabs: Bool { elevenLabs.key != nil }

    /// Why a provider cannot be used; nil when it can.
    public func missing(_ provider: String) -> String? {
        switch Provider(rawValue: provider) {
        case .deepgram: hasDeepgram ? nil : "DEEPGRAM_API_KEY is not set"
        case .openai: hasOpenAI ? nil : "OPENAI_API_KEY is not set"
        case .anthropic: hasAnthropic ? nil : "ANTHROPIC_API_KEY is not set"
        case .elevenlabs:
            hasElevenLabs
                ? elevenLabsVoice == nil ? "ELEVENLABS_VOICE is not set" : nil : "ELEVENLABS_API_KEY is not set"
        case .embedded, .timed: nil
        case nil: "is no leg of this engine"
        }
    }

    /// Providers of a leg in order of preference: forced, or those with a key before the embedded one.
    public var effectiveSTT: [String] { sttOrder ?? usable(Self.transcribers) }
    public var effectiveLLM: [String] { llmOrder ?? usable(Self.models) }
    public var effectiveTTS: [String] { ttsOrder ?? usable(Self.synthesizers) }

    private func usable(_ providers: [Provider]) -> [String] {
        providers.filter { $0 != .timed && missing($0.rawValue) == nil }.map(\.rawValue)
    }

    init(_ reader: inout SettingsReader) {
        deepgram.key = reader.text("deepgram.apiKey")
        deepgram.baseURL = reader.url("deepgram.baseUrl") ?? deepgram.baseURL
        deepgramSpeakURL = reader.url("deepgram.speakBaseUrl")
        openAISpeechURL = reader.url("openai.speechBaseUrl")
        openAI.key = reader.text("openai.apiKey")
        openAI.baseURL = reader.url("openai.baseUrl") ?? openAI.baseURL
        anthropic.key = reader.text("anthropic.apiKey")
        anthropic.baseURL = reader.url("anthropic.baseUrl") ?? anthropic.baseURL
        elevenLabs.key = reader.text("elevenlabs.apiKey")
        elevenLabs.baseURL = reader.url("elevenlabs.baseUrl") ?? elevenLabs.baseURL
        deepgramModel = reader.text("deepgram.model") ?? deepgramModel
        deepgramVoice = reader.text("deepgram.voice") ?? deepgramVoice
        openAIModel = reader.text("openai.model") ?? openAIModel
        openAITokens = reader.choice("openai.tokensMember", OpenAITokens.self) ?? openAITokens
        openAIAsksForUsage = reader.flag("openai.asksForUsage") ?? openAIAsksForUsage
        toolListingMilliseconds =
            reader.number("parley.toolListingMs", 100...10_000, "a number of milliseconds") ?? toolListingMilliseconds
        openAIVoice = reader.text("openai.voice") ?? openAIVoice
        openAISpeechModel = reader.text("openai.speechModel") ?? openAISpeechModel
        anthropicModel = reader.text("anthropic.model") ?? anthropicModel
        elevenLabsModel = reader.text("elevenlabs.model") ?? elevenLabsModel
        elevenLabsVoice = reader.text("elevenlabs.voice")
        deepgramSpeakTransport =
            reader.choice("deepgram.speakTransport", VoiceTransport.self) ?? deepgramSpeakTransport
        elevenLabsTransport = reader.choice("elevenlabs.transport", VoiceTransport.self) ?? elevenLabsTransport
        supervision = SupervisionSettings(&reader)
        sttOrder = reader.legs("parley.stt", Self.transcribers, of: self)
        llmOrder = reader.legs("parley.llm", Self.models, of: self)
        ttsOrder = reader.legs("parley.tts", Self.synthesizers, of: self)
    }
}
