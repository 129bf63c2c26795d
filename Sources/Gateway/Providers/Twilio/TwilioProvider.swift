import Hummingbird
import NIOCore
import NIOHTTP1

/// Twilio: webhooks under `/twilio`, media sockets on `/twilio/ws`.
struct TwilioProvider: TelephonyProvider {
    let name = "twilio"
    private let parts: ProviderParts
    private let guardian: TwilioGuard

    init(_ parts: ProviderParts) {
        self.parts = parts
        guardian = TwilioGuard(
            signature: TwilioSignature(tokens: parts.settings.twilioAuthTokens),
            publicURL: parts.publicURL,
            acceptsUnsigned: parts.settings.environment == .development
        )
    }

    func add(to router: Router<GatewayContext>) {
        TwilioWebhooks(
            guardian: guardian,
            answers: TwilioAnswers(publicURL: parts.publicURL),
            reception: parts.reception,
            outcomes: parts.outcomes,
            intake: parts.intake,
            isVoiceEnabled: parts.settings.isVoiceEnabled
        ).add(to: router)
    }

    var doors: [any MediaDoor] {
        [TwilioDoor(guardian: guardian, reception: parts.reception, flushers: parts.flushers, limits: parts.limits)]
    }

    var status: EventValue { .object(["signatures": .text(guardian.state)]) }
}

/// `/twilio/ws`: the upgrade carries a signature like every webhook.
struct TwilioDoor: MediaDoor {
    let provider = "twilio"
    let guardian: TwilioGuard
    let reception: Reception
    let flushers: SocketFlushers
    let limits: SocketLimits

    func serves(_ path: Substring) -> Bool { path == "/twilio/ws" }

    func refusal(of head: HTTPRequestHead) -> UpgradeRefusal? {
        switch guardian.verdict(upgrade: head) {
        case .accepted: nil
        case .notConfigured: .notConfigured
        case .refused: .signature
        }
    }

    func makeHandler(_ head: HTTPRequestHead, loop: any EventLoop) -> any ChannelHandler {
        TwilioMediaHandler(reception: reception, flusher: flushers[loop], limits: limits)
    }
}
