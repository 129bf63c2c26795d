/// How a voice server behaves; may be changed while it runs, for what arrives from then on.
public struct VoiceServerSettings: Sendable {
    /// What is sent as proof; anything else is a 401.
    public var key = "test-key"
    /// Done to each request, handshake or piece, whichever it concerns, until it is taken back.
    public var fault: VendorFault?
    /// The same for one piece, by its text, where `fault` is nil. Handshakes do not ask.
    public var faultOfPiece: @Sendable (String) -> VendorFault? = { _ in nil }
    /// `VendorFault.reset` comes after the first audio; off: in place of it.
    public var speaksBeforeReset = true
    /// From a piece's text to its first audio.
    public var firstAudioDelay = Duration.zero
    /// Audio is sent this many times as fast as it plays; nil: at once.
    public var pace: Double?
    /// Audio of one message or chunk, in bytes; odd, so that samples are split.
    public var chunkBytes = 1001
    /// Sent for `VendorFault.malformed` in place of a message.
    public var garbage = #"{"audio": "AAAA"#
    /// Between the drops of `VendorFault.slowDrip`.
    public var drip = Duration.milliseconds(20)

    public init() {}

    /// These, with the fault that a piece of this text meets.
    func meeting(_ text: String) -> Self {
        var settings = self
        settings.fault = fault ?? faultOfPiece(text)
        return settings
    }
}
