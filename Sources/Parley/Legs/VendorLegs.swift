import Actors
import AsyncHTTPClient
import Gateway
import Legs
import NIOCore

/// Makes one leg of one provider, as the settings say. What vendors share (connections, pools) is made once.
final class VendorLegs: Sendable {
    private let settings: EngineSettings
    private let client: HTTPClient
    private let group: any EventLoopGroup
    private let recogniser: PocketSphinxTranscriber
    private let flite = SpokenVoice(FliteSynthesizer(), style: .spoken)
    private let deepgramVoice: DeepgramSpeakSynthesizer?
    private let elevenLabs: ElevenLabsSynthesizer?
    private let openAIVoice: OpenAISpeechSynthesizer?
    private let tools: @Sendable (DialogueRequest) async -> [any Tool]

    init(
        _ settings: EngineSettings,
        client: HTTPClient,
        group: any EventLoopGroup,
        recogniser: PocketSphinxTranscriber,
        tools: @escaping @Sendable (DialogueRequest) async -> [any Tool]
    ) {
        self.settings = settings
        self.client = client
        self.group = group
        self.recogniser = recogniser
        self.tools = tools
        let legs = settings.legs
        deepgramVoice = legs.deepgram.key.map { key in
            var configuration = DeepgramSpeakConfiguration(key: key)
            configuration.baseURL = legs.deepgramSpeakURL ?? legs.deepgram.baseURL
            configuration.voices = VoiceChoice(fallback: legs.deepgramVoice)
            configuration.transport = legs.deepgramSpeakTransport == .rest ? .rest : .webSocket
            return DeepgramSpeakSynthesizer(configuration, client: client)
        }
        elevenLabs = legs.elevenLabs.key.map { key in
            var configuration = ElevenLabsConfiguration(key: key, voice: legs.elevenLabsVoice ?? "")
            configuration.baseURL = legs.elevenLabs.baseURL
            configuration.model = legs.elevenLabsModel
            configuration.transport = legs.elevenLabsTransport == .rest ? .rest : .webSocket
            return ElevenLabsSynthesizer(configuration, client: client)
        }
        openAIVoice =
            legs.hasOpenAI
            ? {
                var configuration = OpenAISpeechConfiguration(key: legs.openAI.key ?? "")
                configuration.baseURL = legs.openAISpeechURL ?? legs.openAI.baseURL
                configuration.model = legs.openAISpeechModel
                configuration.voices = VoiceChoice(fallback: legs.openAIVoice)
                return OpenAISpeechSynthesizer(configuration, client: client)
            }() : nil
    }

    var embeddedTranscriber: any Transcriber { recogniser }
    var embeddedSynthesizer: any Synthesizer { flite }

    func transcriber(_ provider: String) -> (any Transcriber)? {
        switch LegSettings.Provider(rawValue: provider) {
        case .embedded: return recogniser
        case .timed: return TimedTranscriber(delay: .milliseconds(settings.timedSttMilliseconds))
        case .deepgram:
            return settings.legs.deepgram.key.map { key in
                DeepgramTranscriber(
                    DeepgramLiveConfiguration(
                        key: key,
                        baseURL: settings.legs.deepgram.baseURL,
                        model: settings.legs.deepgramModel
                    ),
                    group: group
                )
            }
        case .openai, .anthropic, .elevenlabs, nil: return nil
        }
    }

    func model(_ provider: String) -> ModelOrder.Provider? {
        let legs = settings.legs
        switch LegSettings.Provider(rawValue: provider) {
        case .embedded: return .dialogue(ReceptionistModel())
        case .timed: return .dialogue(TimedModel(delay: .milliseconds(settings.timedLlmMilliseconds)))
        case .openai where legs.hasOpenAI:
            return .chat(OpenAIChatModel(legs.openAIChat, client: client))
        case .anthropic where legs.hasAnthropic:
            return .chat(AnthropicModel(legs.anthropicChat, client: client))
        case .openai, .anthropic, .deepgram, .elevenlabs, nil: return nil
        }
    }

    /// A conversation led by language models, with the tenants' tools.
    func dialogue(_ model: any ChatModel) -> any DialogueModel { ChatDialogue(model: model, tools: tools) }

    func synthesizer(_ provider: String) -> (any Synthesizer)? {
        switch LegSettings.Provider(rawValue: provider) {
        case .embedded: flite
        case .timed: TimedSynthesizer(delay: .milliseconds(settings.timedTtsMilliseconds))
        case .deepgram: deepgramVoice.map { SpokenVoice(ModelledWords($0), style: .written) }
        case .elevenlabs: elevenLabs.map { SpokenVoice(ModelledWords($0), style: .written) }
        case .openai: openAIVoice.map { SpokenVoice(ModelledWords($0), style: .written) }
        case .anthropic, nil: nil
        }
    }

    /// Sockets that wait for the next piece are closed.
    func close() {
        deepgramVoice?.close()
        elevenLabs?.close()
    }
}
