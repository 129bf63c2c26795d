/// What happens while a call runs, as it happens, from the caller's side.
public enum CallEvent: Sendable {
    /// The webhook answered; the verbs that would run before the stream.
    case answered(before: [String])
    /// The media socket is open: zero of all times.
    case opened(callSid: String, streamSid: String)
    /// The agent was heard for the first time.
    case greeted(atMs: Double)
    /// An utterance started.
    case callerBegan(turn: Int, utterance: String, atMs: Double)
    /// The agent's answer to a turn became audible.
    case responded(CallReport.Turn)
    /// The agent fell silent after the caller interrupted it.
    case interrupted(CallReport.Turn)
    /// The call is over.
    case ended(CallReport.End, atMs: Double)
}
