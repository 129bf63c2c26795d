/// Why a call of a load test was not held. A small fixed set, so that hundreds of failures are a short table.
public enum LoadFailure: Sendable, Hashable, CustomStringConvertible {
    case webhook(String)
    case streamElsewhere
    case notConnected
    case upgradeRefused(status: Int)
    case upgradeBroken(String)
    case brokenFrame
    case closedByEngine(code: Int)
    case connectionLost

    public var description: String {
        switch self {
        case .webhook(let reason): "voice webhook: \(reason)"
        case .streamElsewhere: "the stream's address is on another machine (see --allow-remote)"
        case .notConnected: "media socket: no connection"
        case .upgradeRefused(let status): "media socket: upgrade answered with \(status)"
        case .upgradeBroken(let reason): "media socket: upgrade's answer is wrong: \(reason)"
        case .brokenFrame: "media socket: a frame that is no WebSocket frame"
        case .closedByEngine(let code): "the engine closed the call (code \(code))"
        case .connectionLost: "the connection was lost"
        }
    }
}
