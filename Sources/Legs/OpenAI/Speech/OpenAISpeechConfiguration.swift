/// Where an OpenAI speech endpoint is, what proves who asks, and how it speaks. Any compatible server.
public struct OpenAISpeechConfiguration: Sendable {
    /// Default `https://api.openai.com/v1`.
    public var baseURL = "https://api.openai.com/v1"
    /// Empty: none is sent (a server of one's own).
    public var key: VoiceKey
    /// `OpenAI-Organization` and `OpenAI-Project`; nil sends none.
    public var organization: String?
    public var project: String?
    /// Default `gpt-4o-mini-tts`, whose end the vendor announced for 2027-01-06: a setting.
    public var model = "gpt-4o-mini-tts"
    /// Default `alloy`.
    public var voices = VoiceChoice(fallback: "alloy")
    /// Names that tenants may use as they are.
    public var knownVoices: Set<String> = [
        "alloy", "ash", "ballad", "coral", "echo", "fable", "onyx", "nova", "sage", "shimmer", "verse", "marin",
        "cedar",
    ]
    /// How the voice should speak; not for `tts-1`. nil sends none.
    public var instructions: String?
    /// 0.25...4; nil leaves it to the vendor.
    public var speed: Double?
    /// Of the vendor's `pcm`: 24 000. A compatible server may have another.
    public var sampleRate = 24_000
    /// `maximumCharacters` 4 096, the vendor's own.
    public var limits = VoiceLimits(maximumCharacters: 4096)
    public var network = VendorLimits()

    public init(key: String) { self.key = VoiceKey(key) }

    func voice(for name: String, language: String) -> String {
        voices.voice(name: name, language: language, isOwn: knownVoices.contains)
    }
}
