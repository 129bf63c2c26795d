/// What an operator or a provider's event tells a live call from outside.
public enum CallInstruction: Sendable, Equatable {
    /// The agent says this next, after what it is saying now.
    case say(String)
    /// The agent says `announcement` (the tenant's own words when nil), then the caller is put through to `number` (E.164);
    /// the person is told `brief` first where the provider can.
    case transfer(number: String, announcement: String?, brief: String?)
    /// The agent says the tenant's goodbye, then the call ends.
    case hangUp
}
