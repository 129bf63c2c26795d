/// Why a G.711 call did nothing.
public enum G711Error: Error, Equatable, Sendable, CustomStringConvertible {
    /// One sample is one byte, so `output` needs one element per element of the input; nothing was written.
    case outputTooSmall(needed: Int, capacity: Int)

    public var description: String {
        switch self {
        case .outputTooSmall(let needed, let capacity):
            "G.711 output holds \(capacity) elements, \(needed) are needed: pass a buffer as long as the input"
        }
    }
}
