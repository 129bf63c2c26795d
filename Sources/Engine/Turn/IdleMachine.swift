/// Notices that nobody has said anything for a while, again and again, until somebody does.
public struct IdleMachine: ~Copyable, Sendable {
    private var quietSince: MediaInstant = .zero
    private var count: Int32 = 0
    private let after: Int64

    /// - Parameter after: quiet on both sides that counts as idle.
    public init(after: Duration) { self.after = after.nanoseconds }

    /// - Returns: how many times in a row the line has now been idle, or nil.
    public mutating func handle(agentIsAudible: Bool, callerIsSpeaking: Bool, now: MediaInstant) -> Int32? {
        if callerIsSpeaking { count = 0 }
        if agentIsAudible || callerIsSpeaking {
            quietSince = now
            return nil
        }
        guard quietSince.nanoseconds(to: now) >= after else { return nil }
        quietSince = now
        count &+= 1
        return count
    }
}
