import Actors
import NIOCore
import NIOHTTP1

/// Decides about each socket upgrade: its signature, then a place for its call. The place is taken here, so the limit is
/// exact; `CallPlace` gives it back when no call comes of it.
struct SocketGate: Sendable {
    let guardian: TwilioGuard
    let reception: Reception
    let meters: WebhookMeters

    /// - Parameter patience: how long a connection may take to its first request.
    func handler(patience: TimeAmount) -> UpgradeGate {
        UpgradeGate(
            decide: decide,
            release: { [exchange = reception.exchange] in exchange.release() },
            patience: patience
        )
    }

    private func decide(_ head: HTTPRequestHead) -> UpgradeGate.Decision {
        guard head.uri.prefix(while: { $0 != "?" }) == "/twilio/ws" else { return .ordinary }
        switch guardian.verdict(upgrade: head) {
        case .accepted: break
        case .notConfigured: return refuse(.notConfigured)
        case .refused: return refuse(.signature)
        }
        do {
            try reception.exchange.admit()
            return .upgrade
        } catch {
            switch error {
            case .full: return refuse(.full)
            case .draining: return refuse(.draining)
            case .overloaded: return refuse(.overloaded)
            }
        }
    }

    private func refuse(_ refusal: UpgradeRefusal) -> UpgradeGate.Decision {
        meters.reject("twilio", refusal.rawValue)
        return .refuse(refusal)
    }
}
