/// What one answer of a language model may take before it is given up.
public struct ChatLimits: Sendable, Hashable {
    /// Of the answer's text and its tools' arguments together; 400 tokens are about 2 000.
    public var answerBytes: Int
    /// Calls of tools in one answer.
    public var calls: Int
    /// Longest time without a piece of the answer, whatever else comes: comments, pings, single bytes.
    public var silence: Duration
    /// Longest wait for the end of the body after the answer's own end. A connection that is not at its end then is closed
    /// and not used again.
    public var trailer: Duration

    public init(
        answerBytes: Int = 65_536,
        calls: Int = 16,
        silence: Duration = .seconds(10),
        trailer: Duration = .milliseconds(500)
    ) {
        self.answerBytes = answerBytes
        self.calls = calls
        self.silence = silence
        self.trailer = trailer
    }
}
