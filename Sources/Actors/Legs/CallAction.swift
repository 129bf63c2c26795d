/// What is done with the call itself, besides speaking.
public enum CallAction: Sendable, Equatable {
    case hangUp
    /// Connect the caller to this number (E.164).
    case transfer(to: String)
    /// Let the caller leave a message: the provider records it.
    case voicemail
}
