import Actors
import AsyncHTTPClient
import Gateway
import Legs

/// Who works on calls that are over, as the settings say.
///
/// A tenant whose profile names its legs is served by no other provider: its callers' words go where it said.
struct AfterCallVendors: Sendable {
    private let transcribers: [any RecordingTranscriber]
    private let summarisers: [any ChatModel]
    private let settings: EngineSettings

    init(_ settings: EngineSettings, client: HTTPClient) {
        self.settings = settings
        let isOff = settings.afterCall.mode == .off
        transcribers =
            isOff
            ? []
            : settings.afterCall.effectiveTranscribers(settings.legs).compactMap {
                Self.transcriber($0, settings, client)
            }
        summarisers =
            isOff
            ? []
            : settings.afterCall.effectiveSummarisers(settings.legs).compactMap { Self.model($0, settings, client) }
    }

    func legs(for profile: TenantProfile) -> AfterCallLegs {
        AfterCallLegs(
            transcribers: transcribers.filter { Self.isAllowed($0.provider, profile.legs.stt) },
            summarisers: summarisers.filter { Self.isAllowed($0.provider, profile.legs.llm) }
        )
    }

    private static func isAllowed(_ provider: String, _ named: [String]?) -> Bool { named?.contains(provider) ?? true }

    /// For `parley check`.
    var finding: String {
        guard settings.afterCall.mode != .off else { return "off (PARLEY_AFTERCALL)" }
        let heard =
            transcribers.isEmpty
            ? "recordings are not transcribed: set DEEPGRAM_API_KEY or OPENAI_API_KEY"
            : "recordings by \(transcribers.map(\.provider).joined(separator: ", "))"
        let summarised =
            summarisers.isEmpty
            ? "no summaries: set OPENAI_API_KEY or ANTHROPIC_API_KEY"
            : "summaries by \(summarisers.map(\.provider).joined(separator: ", "))"
        return "\(heard); \(summarised)"
    }

    private static func transcriber(
        _ provider: String,
        _ settings: EngineSettings,
        _ client: HTTPClient
    ) -> (any RecordingTranscriber)? {
        let legs = settings.legs
        switch LegSettings.Provider(rawValue: provider) {
        case .deepgram:
            return legs.deepgram.key.map { key in
                DeepgramPrerecorded(
                    DeepgramRecordingConfiguration(
                        key: key,
                        baseURL: legs.deepgram.baseURL,
                        model: legs.deepgramModel
                    ),
                    client: client
                )
            }
        case .openai where legs.hasOpenAI:
            let model = settings.afterCall.openAITranscriptionModel
            return WhisperTranscription(
                WhisperConfiguration(
                    key: legs.openAI.key ?? "",
                    baseURL: legs.openAI.baseURL,
                    model: model,
                    // OpenAI's newer models take `json` alone; Whisper, here and on compatible servers, tells times.
                    hasTimes: !model.hasPrefix("gpt-")
                ),
                client: client
            )
        case .openai, .anthropic, .elevenlabs, .embedded, .timed, nil: return nil
        }
    }

    private static func model(
        _ provider: String,
        _ settings: EngineSettings,
        _ client: HTTPClient
    ) -> (any ChatModel)? {
        let legs = settings.legs
        switch LegSettings.Provider(rawValue: provider) {
        case .openai where legs.hasOpenAI:
            return OpenAIChatModel(legs.openAIChat, client: client)
        case .anthropic where legs.hasAnthropic:
            return AnthropicModel(legs.anthropicChat, client: client)
        case .openai, .anthropic, .deepgram, .elevenlabs, .embedded, .timed, nil: return nil
        }
    }
}
