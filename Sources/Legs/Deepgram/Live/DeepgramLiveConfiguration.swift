import Actors

/// How Deepgram listens to a call.
public struct DeepgramLiveConfiguration: Sendable {
    public enum Encoding: String, Sendable {
        /// A byte a sample: what a telephone line carries anyway.
        case mulaw
        /// Two bytes a sample, little endian.
        case linear16
    }

    public enum Language: Sendable, Equatable {
        /// The tenant's own; `multi` when the tenant greets in several.
        case profile
        /// BCP 47, or `multi`.
        case fixed(String)
    }

    /// `https:` or `wss:`.
    public var baseURL: String
    public var key: String
    public var model: String
    public var encoding: Encoding
    public var language: Language
    /// Silence after which Deepgram takes the caller to have finished (`speech_final`).
    public var endpointing: Duration
    /// Gap between words that counts as the end where noise keeps the silence from coming; nil: off. 1 to 5 s.
    public var utteranceEnd: Duration?
    /// Numbers, dates and money as they are written.
    public var smartFormat: Bool
    /// The tenant's words that are pointed out to the model (`keyterm`, nova-3 only), at most so many.
    public var maximumKeyterms: Int
    /// Audio of one message; what a pause or the end finds collected is sent at once.
    public var message: Duration
    /// Quiet on the socket before a `KeepAlive`: Deepgram closes after 10 s.
    public var keepAlive: Duration
    /// How long the words up to a pause are waited for; then the best there is counts.
    public var pauseLimit: Duration
    /// The same at the end of a turn.
    public var finalLimit: Duration
    /// How long Deepgram may take to end the stream at the end of a call.
    public var closeLimit: Duration
    /// UTF-8 bytes of one turn's words; what follows is dropped.
    public var maximumTextBytes: Int
    public var limits: VendorLimits

    public init(
        key: String,
        baseURL: String = "https://api.deepgram.com",
        model: String = "nova-3",
        encoding: Encoding = .mulaw,
        language: Language = .profile,
        endpointing: Duration = .milliseconds(300),
        utteranceEnd: Duration? = .seconds(1),
        smartFormat: Bool = true,
        maximumKeyterms: Int = 50,
        message: Duration = .milliseconds(40),
        keepAlive: Duration = .seconds(4),
        pauseLimit: Duration = .milliseconds(700),
        finalLimit: Duration = .milliseconds(1500),
        closeLimit: Duration = .seconds(1),
        maximumTextBytes: Int = 16 << 10,
        limits: VendorLimits = VendorLimits(response: .seconds(5), messageBytes: 256 << 10)
    ) {
        self.key = key
        self.baseURL = baseURL
        self.model = model
        self.encoding = encoding
        self.language = language
        self.endpointing = endpointing
        self.utteranceEnd = utteranceEnd
        self.smartFormat = smartFormat
        self.maximumKeyterms = maximumKeyterms
        self.message = message
        self.keepAlive = keepAlive
        self.pauseLimit = pauseLimit
        self.finalLimit = finalLimit
        self.closeLimit = closeLimit
        self.maximumTextBytes = maximumTextBytes
        self.limits = limits
    }
}
