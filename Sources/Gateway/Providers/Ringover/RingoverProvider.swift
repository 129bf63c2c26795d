import Actors
import Codecs
import Hummingbird
import NIOCore

/// Ringover: webhooks under `/api/v1/webhooks/ringover`, media sockets on a port of their own and on `/ringover/ws`.
struct RingoverProvider: TelephonyProvider {
    static let mainPath = "/ringover/ws"

    let name = "ringover"
    private let parts: ProviderParts
    private let tokens: OperatorTokens
    private let guardian: RingoverGuard
    private let streaming: RingoverStreamingGuard
    private let sockets = LiveSockets()
    private let resamplers = ResamplerPool()
    private let listener: RingoverListener
    let control: (any ProviderControl)?

    private var settings: RingoverSettings { parts.settings.ringover }

    /// - Parameters:
    ///   - group: the engine's own event loops: the media sockets of both ports share them.
    ///   - tokens: open the status route.
    ///   - transport: reaches Ringover's REST API; nil leaves outbound calls out.
    init(
        _ parts: ProviderParts,
        group: any EventLoopGroup,
        tokens: OperatorTokens,
        transport: (any VendorTransport)?
    ) {
        self.parts = parts
        self.tokens = tokens
        let settings = parts.settings.ringover
        let acceptsUnsigned = parts.settings.environment == .development
        guardian = RingoverGuard(settings: settings, acceptsUnsigned: acceptsUnsigned)
        streaming = RingoverStreamingGuard(tokens: settings.streamingTokens, acceptsUnsigned: acceptsUnsigned)
        listener = RingoverListener(
            host: settings.streamingHost ?? parts.settings.host,
            port: settings.streamingPort,
            edge: parts.edge,
            requestTimeout: .seconds(parts.settings.requestTimeoutSeconds),
            group: group,
            logger: parts.logger
        )
        let exchange = parts.reception.exchange
        parts.handOvers.register(
            RingoverMover(sockets: sockets, closeMedia: { exchange.end($0, .transferred) }),
            of: name
        )
        control = RingoverControl(sockets: sockets, api: transport.flatMap { RingoverAPI(settings: settings, $0) })
    }

    func add(to router: Router<GatewayContext>) {
        RingoverWebhooks(
            guardian: guardian,
            publicURL: parts.publicURL,
            reception: parts.reception,
            book: parts.book,
            intake: parts.intake
        ).add(to: router)
        RingoverRefusals.add(to: router, Self.mainPath)
        router.get("/api/v1/ringover/status") { request, _ in
            _ = try await Access.claims(of: request, tokens: tokens)
            return OperationsRoutes.json(.ok, status)
        }
    }

    var doors: [any MediaDoor] { [door(Self.mainPath)] }

    private func door(_ path: String) -> RingoverDoor {
        RingoverDoor(
            path: path,
            guardian: streaming,
            reception: parts.reception,
            book: parts.book,
            outcomes: parts.outcomes,
            sockets: sockets,
            handOverTime: .seconds(parts.settings.handOverSeconds),
            flushers: parts.flushers,
            limits: parts.limits,
            framing: framing
        )
    }

    private var framing: RingoverFraming.Configuration {
        var framing = RingoverFraming.Configuration(resamplers: resamplers)
        framing.sampleRate = settings.streamingSampleRate
        framing.hasRTPHeaders = settings.streamingHasRTP
        framing.frameBytes = parts.limits.frameBytes
        return framing
    }

    /// The streaming port, until cancelled: then nothing new is let in, and the calls that are up end by themselves.
    func run() async throws {
        guard settings.streamingPort != 0 else { return }
        let gate = SocketGate(
            doors: [door(RingoverDoor.normalized(settings.streamingPath))],
            exchange: parts.reception.exchange,
            meters: parts.intake.meters
        )
        do {
            try await listener.run(gate: gate, upgrader: MediaUpgrader(gate: gate))
        } catch {
            guard !isConfigured else { throw error }
            // Nobody asked for Ringover here: another engine on the same machine must not keep this one from starting.
            parts.logger.warning("ringover streaming has no port", metadata: ["error": "\(error)"])
        }
    }

    private var isConfigured: Bool {
        !settings.streamingTokens.isEmpty || settings.apiKey != nil || !settings.webhookSecrets.isEmpty
            || !settings.webhookFamilySecrets.isEmpty || !settings.webhookTenants.isEmpty
    }

    var status: EventValue {
        .object([
            "webhooks": .object([
                "signatures": .text(guardian.state),
                "schemes": .list(settings.webhookSchemes.map { .text($0.rawValue) }),
                "tenants": .list(settings.webhookTenants.keys.sorted().map { .text($0) }),
            ]),
            "streaming": .object([
                "listener": .text(settings.streamingPort == 0 ? "off" : listener.state.rawValue),
                "port": settings.streamingPort == 0
                    ? .null : .number(Double(listener.boundPort ?? settings.streamingPort)),
                "path": .text(RingoverDoor.normalized(settings.streamingPath)),
                "pathOnMainPort": .text(Self.mainPath),
                "tokens": .text(streaming.state),
                "sampleRate": .number(Double(settings.streamingSampleRate)),
                "sockets": .number(Double(sockets.count)),
                // Nothing comes back from this provider that would say what was played.
                "heardPositions": .text("estimated"),
            ]),
            "api": .text(settings.apiKey == nil ? "no key: outbound calls are refused" : "key is set"),
        ])
    }
}
