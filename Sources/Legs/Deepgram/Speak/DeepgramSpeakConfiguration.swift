/// Where Deepgram's Aura voices are, what proves who asks, and how they speak.
public struct DeepgramSpeakConfiguration: Sendable {
    public enum Transport: String, Sendable, CaseIterable {
        /// A socket that speaks one piece after another.
        case webSocket = "websocket"
        /// `POST /v1/speak`, one request for a piece.
        case rest
    }

    /// What the audio is asked as.
    public enum Format: Sendable, Hashable {
        case muLaw(rate: Int)
        case linear16(rate: Int)

        /// What a call's rate is best served with: the line's own form where there is one.
        static func matching(rate: Int) -> Format {
            switch rate {
            case ...8000: .muLaw(rate: 8000)
            case ...16_000: .linear16(rate: 16_000)
            case ...24_000: .linear16(rate: 24_000)
            default: .linear16(rate: 48_000)
            }
        }

        var encoding: VoiceEncoding {
            switch self {
            case .muLaw(let rate): .muLaw(rate: rate)
            case .linear16(let rate): .pcm(rate: rate)
            }
        }

        /// The vendor's name of the encoding.
        var name: String {
            switch self {
            case .muLaw: "mulaw"
            case .linear16: "linear16"
            }
        }
    }

    /// Default `https://api.deepgram.com`; the sockets' scheme follows from it.
    public var baseURL = "https://api.deepgram.com"
    public var key: VoiceKey
    public var transport = Transport.webSocket
    /// Voices are the vendor's models, `aura-2-<name>-<language>`; default `aura-asteria-en`, as the vendor's.
    public var voices = VoiceChoice(fallback: "aura-asteria-en")
    /// nil: by the rate that is asked for; mu-law at 8 kHz for a telephone.
    public var format: Format?
    /// 1 is the voice's own pace; nil leaves it to the vendor.
    public var speed: Double?
    /// The vendor makes at most 20 flushes in 60 s on one socket and answers more with a warning: a socket with as many
    /// in its last 60 s is replaced.
    public var flushesPerMinute = 20
    /// How long a cancelled piece's `Cleared` is waited for before its socket is closed.
    public var clearLimit: Duration = .seconds(1)
    /// `maximumCharacters` 2 000, the vendor's own for one request.
    public var limits = VoiceLimits(maximumCharacters: 2000)
    /// How long the vendor keeps an idle socket is not documented; default 30 s here.
    public var pool = VoicePoolConfiguration(idleLimit: .seconds(30))
    public var network = VendorLimits()

    public init(key: String) { self.key = VoiceKey(key) }

    func voice(for name: String, language: String) -> String {
        voices.voice(name: name, language: language) { $0.hasPrefix("aura-") && VoiceChoice.isPlain($0) }
    }
}
