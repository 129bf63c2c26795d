import NIOCore
import NIOHTTP1

/// `/twilio/ws`: the upgrade carries a signature like every webhook.
struct TwilioDoor: MediaDoor {
    let provider = "twilio"
    let guardian: TwilioGuard
    let reception: Reception
    let flushers: SocketFlushers
    let limits: SocketLimits
    /// What the webhooks told of a call: its caller's number.
    let book: CallBook?
    /// How long a caller may be kept with hold music while the call is moved.
    let handOverTime: Duration

    func serves(_ path: Substring) -> Bool { path == "/twilio/ws" }

    func refusal(of head: HTTPRequestHead) -> UpgradeRefusal? {
        switch guardian.verdict(upgrade: head) {
        case .accepted: nil
        case .notConfigured: .notConfigured
        case .refused: .signature
        }
    }

    func makeHandler(_ head: HTTPRequestHead, loop: any EventLoop) -> any ChannelHandler {
        TwilioMediaHandler(
            reception: reception,
            flusher: flushers[loop],
            limits: limits,
            book: book,
            handOverTime: handOverTime
        )
    }
}
