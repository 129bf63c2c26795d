/// Says whether words are enough to stop an agent that speaks.
struct InterruptingWords: Sendable {
    /// 0: sound alone stops the agent, and words change nothing.
    let minimum: Int
    let backchannel: Backchannel

    /// - Parameter text: what the recogniser has heard of the turn so far.
    func stop(_ text: String) -> Bool { minimum > 0 && isEnough(text) && !backchannel.matches(text) }

    /// What was said while the agent spoke is long enough to be answered.
    func isEnough(_ text: String) -> Bool { minimum == 0 || SpokenWords.words(text).count >= minimum }
}
