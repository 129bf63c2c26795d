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
    private let transfers: TwilioTransfers?

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
        let account = TwilioAccount(settings.twilio, tokens: settings.twilioAuthTokens)
        let rest = transport.flatMap { transport in account.map { TwilioREST(account: $0, transport: transport) } }
        transfers = rest.map { rest in
            TwilioTransfers(
                TwilioTransfers.Means(
                    rest: rest,
                    answers: answers,
                    book: parts.book,
                    tenant: { reception.tenants.profile(id: $0) },
                    limit: .seconds(settings.handOverSeconds),
                    closeMedia: { reception.exchange.end($0, .transferred) }
                ),
                logger: parts.logger
            )
        }
        if let transfers { parts.handOvers.register(transfers, of: name) }
        desk = TwilioDesk(
            answers: answers,
            book: parts.book,
            outcomes: parts.outcomes,
            briefs: briefs,
            transfers: transfers,
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
        twilioControl = TwilioControl(
            rest: rest,
            answers: answers,
            book: parts.book,
            briefs: briefs,
            transfers: transfers
        )
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
                book: parts.book,
                handOverTime: handOverTime
            )
        ]
    }

    /// The caller's own part, which only counts when Twilio does not answer: a request for moving the call may take 10 s.
    private var handOverTime: Duration {
        guard transfers != nil, parts.settings.handOverSeconds > 0 else { return .zero }
        return .seconds(parts.settings.handOverSeconds) + .seconds(15)
    }

    func run() async throws { await transfers?.run() }

    /// Always there: without an account its errors say what is missing.
    var control: (any ProviderControl)? { twilioControl }

    var status: EventValue {
        .object([
            "signatures": .text(guardian.state),
            "control": .text(transfers != nil ? "configured" : TwilioControl.howToConfigure),
        ])
    }
}
