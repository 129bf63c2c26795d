import Actors

/// What goes wrong between a tool and its service, in words that hold nothing of what was sent or answered.
enum ToolFault: Error, Equatable {
    /// The address is not one that may be reached.
    case forbidden
    /// The request was not seen.
    case unreachable(String)
    /// The request may have been seen.
    case lost(String)
    case timeout
    /// The answer is no use: too long, not what the protocol says.
    case malformed(String)

    /// For the model.
    var told: ToolError {
        switch self {
        case .forbidden: ToolError(.refused, "The service's address is not one that may be reached.")
        case .timeout: ToolError(.timeout, "The service took too long.")
        case .unreachable, .lost, .malformed: ToolError(.unavailable, "The service does not work at the moment.")
        }
    }
}
