/// Where ElevenLabs is, what proves who asks, and how it speaks.
public struct ElevenLabsConfiguration: Sendable {
    public enum Transport: String, Sendable, CaseIterable {
        /// `stream-input`, one socket for a piece, opened ahead; tells the words' times.
        case webSocket = "websocket"
        /// `POST …/stream`; tells no words.
        case rest
    }

    /// What the audio is asked as.
    public enum Format: String, Sendable, CaseIterable {
        case muLaw8 = "ulaw_8000"
        case pcm8 = "pcm_8000"
        case pcm16 = "pcm_16000"
        case pcm24 = "pcm_24000"
        case pcm48 = "pcm_48000"

        /// What a call's rate is best served with: the line's own form where there is one.
        static func matching(rate: Int) -> Format {
            switch rate {
            case ...8000: .muLaw8
            case ...16_000: .pcm16
            case ...24_000: .pcm24
            default: .pcm48
            }
        }

        var encoding: VoiceEncoding {
            switch self {
            case .muLaw8: .muLaw(rate: 8000)
            case .pcm8: .pcm(rate: 8000)
            case .pcm16: .pcm(rate: 16_000)
            case .pcm24: .pcm(rate: 24_000)
            case .pcm48: .pcm(rate: 48_000)
            }
        }
    }

    /// Default `https://api.elevenlabs.io`; the sockets' scheme follows from it.
    public var baseURL = "https://api.elevenlabs.io"
    public var key: VoiceKey
    public var transport = Transport.webSocket
    /// Default `eleven_flash_v2_5`, the vendor's fastest.
    public var model = "eleven_flash_v2_5"
    /// Voices are the vendor's ids.
    public var voices: VoiceChoice
    /// nil: by the rate that is asked for; `ulaw_8000` for a telephone.
    public var format: Format?
    public var settings = ElevenLabsVoiceSettings()
    /// Beginnings of the models that take `language_code`; others refuse it.
    public var languageModels = ["eleven_flash_v2_5", "eleven_turbo_v2_5", "eleven_v3", "eleven_v4"]
    /// `auto`, `on`, `off`; nil leaves it to the vendor.
    public var textNormalization: String?
    /// After this long without text the vendor closes a socket; at most 180 s. `pool.idleLimit` must be shorter.
    public var inactivityTimeout: Duration = .seconds(20)
    /// `maximumCharacters` 5 000 here: any model takes as many, and a piece is a sentence.
    public var limits = VoiceLimits(maximumCharacters: 5000)
    public var pool = VoicePoolConfiguration()
    public var network = VendorLimits()

    /// - Parameter voice: the vendor's id of the voice that speaks where the tenant's names no other.
    public init(key: String, voice: String) {
        self.key = VoiceKey(key)
        voices = VoiceChoice(fallback: voice)
    }

    func voice(for name: String, language: String) -> String {
        voices.voice(name: name, language: language, isOwn: Self.isVoiceID)
    }

    /// The vendor's ids are twenty letters and digits.
    private static func isVoiceID(_ name: String) -> Bool {
        name.utf8.count == 20 && VoiceChoice.isPlain(name) && !name.contains { $0 == "-" || $0 == "_" }
    }

    /// What `language_code` says; nil where the model does not take one.
    func languageCode(_ language: String) -> String? {
        let code = VoiceChoice.primary(language)
        let isTaken = languageModels.contains { model.hasPrefix($0) }
        return isTaken && (2...3).contains(code.utf8.count) && VoiceChoice.isPlain(code) ? code : nil
    }
}

/// How a voice speaks; each is left to the voice's own setting where it is nil.
public struct ElevenLabsVoiceSettings: Sendable, Equatable, Encodable {
    /// 0...1.
    public var stability: Double?
    /// 0...1.
    public var similarityBoost: Double?
    /// 0...1.
    public var style: Double?
    public var useSpeakerBoost: Bool?
    /// 1 is the voice's own pace.
    public var speed: Double?

    public init(
        stability: Double? = 0.5,
        similarityBoost: Double? = 0.8,
        style: Double? = nil,
        useSpeakerBoost: Bool? = nil,
        speed: Double? = 1
    ) {
        self.stability = stability
        self.similarityBoost = similarityBoost
        self.style = style
        self.useSpeakerBoost = useSpeakerBoost
        self.speed = speed
    }

    enum CodingKeys: String, CodingKey {
        case stability, style, speed
        case similarityBoost = "similarity_boost"
        case useSpeakerBoost = "use_speaker_boost"
    }
}
