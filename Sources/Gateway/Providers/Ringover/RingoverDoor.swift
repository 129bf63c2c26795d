import HTTPTypes
import Hummingbird
import NIOCore
import NIOHTTP1

/// A path on which Ringover's media sockets arrive, alone or with a token behind it.
struct RingoverDoor: MediaDoor {
    let provider = RingoverFraming.provider
    /// Without a slash at its end.
    let path: String
    let guardian: RingoverStreamingGuard
    let reception: Reception
    let book: CallBook
    let outcomes: RecentOutcomes
    let sockets: LiveSockets
    /// How long a caller may be kept with hold music while Ringover moves the call.
    let handOverTime: Duration
    let flushers: SocketFlushers
    let limits: SocketLimits
    let framing: RingoverFraming.Configuration

    /// `/ws` for `ws`, `/ws/` and `/ws`.
    static func normalized(_ path: String) -> String {
        "/" + path.split(separator: "/").joined(separator: "/")
    }

    func serves(_ path: Substring) -> Bool {
        guard path.hasPrefix(self.path) else { return false }
        let rest = path.dropFirst(self.path.count)
        return rest.isEmpty || rest.first == "/" && !rest.dropFirst().contains("/")
    }

    func refusal(of head: HTTPRequestHead) -> UpgradeRefusal? {
        switch guardian.verdict(head, path: path) {
        case .accepted: nil
        case .notConfigured: .notConfigured
        case .refused: .signature
        }
    }

    func makeHandler(_ head: HTTPRequestHead, loop: any EventLoop) -> any ChannelHandler {
        MediaSocketHandler(
            host: MediaHost(
                reception: reception,
                flusher: flushers[loop],
                limits: limits,
                book: book,
                sockets: sockets,
                outcomes: outcomes,
                handOverTime: handOverTime
            ),
            framing: RingoverFraming(framing)
        )
    }
}

/// What a socket's path answers to a request that is no upgrade, or one that was refused.
enum RingoverRefusals {
    static func add(to router: Router<GatewayContext>, _ path: String) {
        for path in [path, path + "/:token"] {
            router.get(RouterPath(path)) { request, _ in
                response(request.headers[.upgradeRefused].flatMap(UpgradeRefusal.init))
            }
        }
    }

    static func response(_ refusal: UpgradeRefusal?) -> Response {
        guard let refusal else {
            return APIError(.upgradeRequired, "upgrade_required", "This is a WebSocket: connect with an upgrade.")
                .response
        }
        let message =
            switch refusal {
            case .signature: "The socket's token is missing or wrong."
            case .notConfigured: "Ringover's streaming is not configured: set RINGOVER_STREAMING_TOKEN."
            default: refusal.message
            }
        return APIError(.init(code: refusal.status), refusal.rawValue, message).response
    }
}
