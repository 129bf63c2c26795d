/// Presses keys on a live call, for the menu of whoever is at its other end.
public protocol KeySender: Sendable {
    /// - Parameters:
    ///   - keys: 1 to 32 of 0-9, `*`, `#`, and `w` for half a second's wait.
    ///   - call: the engine's id of the call.
    /// - Throws: `ToolError`.
    func press(_ keys: String, call: String) async throws
}
