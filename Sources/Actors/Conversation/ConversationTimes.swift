/// How long a conversation waits for what may never come. No caller is left in silence longer than these.
enum ConversationTimes {
    /// A model that has said nothing new for this long has failed. Cloud models give their first token within 3 s at the
    /// 99th percentile when they give one at all; a tool call in between is covered.
    static let model: Duration = .seconds(12)
    /// From the last piece handed over to the first sound.
    static let voice: Duration = .seconds(8)
    /// The same for warm words before an emergency transfer: the transfer is what counts.
    static let urgentVoice: Duration = .seconds(3)
    /// From a turn's end to its transcript.
    static let transcript: Duration = .seconds(8)
    /// From a provider's failure to the words that keep a caller company who still waits: what is left of the 2 s in which
    /// something must be heard is the voice's.
    static let company: Duration = .milliseconds(1_200)
    /// After the question about recording, before the call goes on unrecorded.
    static let consent: Duration = .seconds(6)
    /// A word that the next one may still deny ("il saigne - pas") waits this long for it. Half of the 500 ms an emergency may
    /// take.
    static let denial: Duration = .milliseconds(250)
    /// Nothing the caller says interrupts for this long, unless it is ended before.
    static let protection: Duration = .seconds(120)

    /// The longest a text takes to be heard once it has begun: 8 characters a second is slow speech.
    static func hearing(_ text: String) -> Duration { .seconds(5) + .milliseconds(120) * text.utf8.count }
}
