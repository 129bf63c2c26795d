import Actors
import NIOCore
import NIOHTTP1

/// Decides about each socket upgrade: its provider's signature, then a place for its call. The place is taken here, so the
/// limit is exact; `CallPlace` gives it back when no call comes of it.
struct SocketGate: Sendable {
    let doors: [any MediaDoor]
    let exchange: Exchange
    let meters: WebhookMeters

    func handler() -> UpgradeGate { UpgradeGate(decide: decide, release: { [exchange] in exchange.release() }) }

    func door(for head: HTTPRequestHead) -> (any MediaDoor)? {
        let path = head.uri.prefix { $0 != "?" }
        return doors.first { $0.serves(path) }
    }

    private func decide(_ head: HTTPRequestHead) -> UpgradeGate.Decision {
        guard let door = door(for: head) else { return .ordinary }
        if let refusal = door.refusal(of: head) { return refuse(refusal, door) }
        do {
            try exchange.admit()
            return .upgrade
        } catch {
            switch error {
            case .full: return refuse(.full, door)
            case .tenantFull: return refuse(.tenantFull, door)
            case .draining: return refuse(.draining, door)
            case .overloaded: return refuse(.overloaded, door)
            }
        }
    }

    private func refuse(_ refusal: UpgradeRefusal, _ door: any MediaDoor) -> UpgradeGate.Decision {
        meters.reject(door.provider, refusal.rawValue)
        return .refuse(refusal)
    }
}
