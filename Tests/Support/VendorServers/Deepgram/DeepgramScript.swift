/// What a Deepgram server of the tests hears, and how long it takes over it.
public struct DeepgramScript: Sendable {
    public enum Speech: Sendable {
        /// The n-th word ends after `each` times n seconds of audio; after the last one it begins again when `repeats`.
        case words([String], each: Double, repeats: Bool)
        /// Each stretch of at least `least` seconds between two answers that are final is the next of these, whole.
        case utterances([String], least: Double)
        /// The n-th word ends after `each` times n seconds of sound; silence holds none. After the last one it begins again.
        case spoken([String], each: Double)
    }

    public var speech: Speech
    /// Between a wish and its answer.
    public var delay: Duration
    /// Audio between two interim results, seconds.
    public var interim: Double
    /// Audio after which words are final unasked, seconds.
    public var final: Double
    /// A `Finalize` is answered ("usually, not always").
    public var answersFinalize: Bool
    /// What `languages` says, when the language asked for is `multi`.
    public var language: String
    /// Nothing received for this long closes the socket (NET-0001).
    public var timeout: Duration
    public var confidence: Double
    /// The answer to a posted recording; nil: two parties who greet each other.
    public var fileAnswer: String?
    /// What is received stays in the record; off where many calls are heard for long.
    public var keepsAudio = true

    public init(
        _ speech: Speech,
        delay: Duration = .zero,
        interim: Double = 0.3,
        final: Double = 5,
        answersFinalize: Bool = true,
        language: String = "en",
        timeout: Duration = .seconds(10),
        confidence: Double = 0.9
    ) {
        self.speech = speech
        self.delay = delay
        self.interim = interim
        self.final = final
        self.answersFinalize = answersFinalize
        self.language = language
        self.timeout = timeout
        self.confidence = confidence
    }
}

/// What one live connection received, for a test to count.
public struct DeepgramRecord: Sendable {
    public var query: [String: [String]] = [:]
    public var audioMessages: [Int] = []
    public var audio: [UInt8] = []
    /// The `type` of each text message, in order.
    public var controls: [String] = []
    /// What the interface forbids: an unmasked frame, an empty audio message, a message it does not know.
    public var violations: [String] = []
    public var isGone = false
    /// When the server broke the connection.
    public var brokeAt: ContinuousClock.Instant?

    public func count(_ control: String) -> Int { controls.count { $0 == control } }
}

/// What goes wrong on one connection.
public enum DeepgramFault: Sendable, Hashable {
    case vendor(VendorFault)
    /// The vendor's own close: 1008 `DATA-0000`, 1011 `NET-0000`.
    case closes(UInt16, reason: String)
    /// A reset once so many seconds of audio were received.
    case resets(after: Double)
}
