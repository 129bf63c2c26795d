/// A caller who does not wait: the next utterance starts while the agent speaks.
public struct BargeIn: Sendable, Equatable, Codable {
    /// How long after the agent's audio became audible the caller's speech starts.
    public let after: Duration
    /// Which answer is interrupted: 0 is the greeting, 1 the answer to the first utterance.
    public let agentTurn: Int

    public init(after: Duration, agentTurn: Int = 1) {
        self.after = after
        self.agentTurn = agentTurn
    }

    /// Reads `1500ms` (interrupts the answer to the first utterance) or `1500ms,2` (the answer to the second).
    ///
    /// - Throws: `CallError.badBargeIn` with the text when it is neither.
    public init(written text: String) throws {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), let after = Duration(written: String(parts[0])) else {
            throw CallError.badBargeIn(text)
        }
        guard parts.count == 1 || (Int(parts[1]).map { $0 >= 0 } ?? false) else { throw CallError.badBargeIn(text) }
        self.init(after: after, agentTurn: parts.count == 2 ? Int(parts[1])! : 1)
    }
}
