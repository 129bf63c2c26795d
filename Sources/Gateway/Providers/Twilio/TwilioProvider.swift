import Actors
import Foundation
import Hummingbird
import NIOCore
import NIOHTTP1

/// Twilio: webhooks under `/twilio`, media sockets on `/twilio/ws`, live calls through its REST API.
struct TwilioProvider: TelephonyProvider {
    let name = "twilio"
    private let parts: ProviderParts
    private let guardian: TwilioGuard
    private let desk: TwilioDesk
    private let twilioControl: TwilioControl
    private let canControl: Bool

    /// - Parameters:
    ///   - transport: the way to Twilio's REST API; nil leaves control out.
    ///   - isOpen: a tenant's opening hours at a time.
    init(
        _ parts: ProviderParts,
        transport: (any VendorTransport)? = nil,
        isOpen: @escaping @Sendable (TenantProfile, Date) -> Bool = { _, _ in true }
    ) {
        self.parts = parts
        let settings = parts.settings
        guardian = TwilioGuard(
            signature: TwilioSignature(tokens: settings.twilioAuthTokens, sharedKeys: settings.twilio.signingKeys),
            publicURL: parts.publicURL,
            acceptsUnsigned: settings.environment == .development
        )
        let answers = TwilioAnswers(publicURL: parts.publicURL, isOpen: isOpen)
        let briefs = TransferBriefs()
        let reception = parts.reception
        desk = TwilioDesk(
            answers: answers,
            book: parts.book,
            outcomes: parts.outcomes,
            briefs: briefs,
            tenants: { reception.tenants },
            hasRoom: { [intake = parts.intake] tenant in
                guard reception.exchange.hasRoom(for: tenant) else { return false }
                guard intake.tenantRates.wait(for: tenant) == nil else {
                    intake.meters.reject("twilio", "tenant_rate_limited")
                    return false
                }
                return true
            },
            isVoiceEnabled: settings.isVoiceEnabled
        )
        let account = TwilioAccount(settings.twilio, tokens: settings.twilioAuthTokens)
        let rest = transport.flatMap { transport in account.map { TwilioREST(account: $0, transport: transport) } }
        canControl = rest != nil
        twilioControl = TwilioControl(rest: rest, answers: answers, book: parts.book, briefs: briefs)
    }

    func add(to router: Router<GatewayContext>) {
        TwilioWebhooks(guardian: guardian, desk: desk, intake: parts.intake).add(to: router)
    }

    var doors: [any MediaDoor] {
        [
            TwilioDoor(
                guardian: guardian,
                reception: parts.reception,
                flushers: parts.flushers,
                limits: parts.limits,
                book: parts.book
            )
        ]
    }

    /// Always there: without an account its errors say what is missing.
    var control: (any ProviderControl)? { twilioControl }

    var status: EventValue {
        .object([
            "signatures": .text(guardian.state),
            "control": .text(canControl ? "configured" : TwilioControl.howToConfigure),
        ])
    }
}
