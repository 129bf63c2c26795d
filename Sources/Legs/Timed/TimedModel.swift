import Actors

/// A model that thinks for a fixed time and then says the same three sentences, word by word.
public struct TimedModel: DialogueModel {
    /// About 8 s in the timed voice (`TimedSpeech.samplesPerByte`), in pieces as a real answer has.
    public static let reply =
        "Thank you for your question, I have noted it down. "
        + "This is a measured reply of fixed length. "
        + "Please ask me anything else now."

    public let provider = TimedLegs.provider
    /// From the question to the first word.
    public let delay: Duration

    public init(delay: Duration = .milliseconds(250)) { self.delay = delay }

    public func open(_ request: DialogueRequest) async throws -> any DialogueSession { TimedDialogue(delay: delay) }
}

struct TimedDialogue: DialogueSession {
    /// The reply's words, each with the space behind it.
    private static let words: [DialogueDelta] = TimedModel.reply.split(separator: " ").map { .text($0 + " ") }

    let delay: Duration

    /// One wait, then the words: a timer per word would cost more than the rest of the turn.
    func reply(to turn: DialogueTurn) -> AsyncThrowingStream<DialogueDelta, any Error> {
        TimedStream.after(delay) { Self.words }
    }
}
