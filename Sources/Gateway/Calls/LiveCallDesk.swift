import Actors

/// Where calls whose media the engine carries are told what to do.
public protocol LiveCallDesk: Sendable {
    /// - Parameter id: the engine's own.
    /// - Returns: false when there is no such call any more.
    func instruct(_ id: String, _ instruction: CallInstruction) -> Bool
}
