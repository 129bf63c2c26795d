import Actors
import Engine
import Foundation
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle

/// The whole engine: workers, exchange, sockets, webhooks, API, metrics. Runs until it is asked to stop, then drains.
public struct ParleyEngine: Service, CustomStringConvertible {
    /// Constant: libraries log a service's description, and the settings hold secrets.
    public var description: String { "ParleyEngine" }
    public let settings: EngineSettings
    /// What the providers have told of their calls.
    package let book: CallBook
    private let reception: Reception
    private let hub: EventHub
    private let application: Application<RouterResponder<GatewayContext>>
    private let providers: [any TelephonyProvider]
    private let logger: Logger

    /// - Parameters:
    ///   - settings: validated.
    ///   - profiles: at least one tenant.
    ///   - legs: what stands behind each leg.
    ///   - onListening: told the port that was bound, which matters when `settings.port` is 0.
    public init(
        settings: EngineSettings,
        profiles: [TenantProfile],
        legs: LegSet,
        group: any EventLoopGroup,
        logger: Logger,
        onListening: @escaping @Sendable (Int) async -> Void = { _ in }
    ) async throws {
        self.settings = settings
        self.logger = logger
        let profiles = profiles.map { $0.applying(settings) }
        let hub = EventHub()
        let live = LiveCalls()
        let metrics = CallMetrics()
        let outcomes = RecentOutcomes()
        let names = [
            (kind: "stt", provider: legs.transcriber.provider), (kind: "llm", provider: legs.model.provider),
            (kind: "tts", provider: legs.synthesizer.provider),
        ]
        let observer = CallObservers([
            CallLog(logger: logger, legs: names), metrics, hub, live, OutcomeRecorder(outcomes: outcomes),
        ])
        let mediaCount = settings.mediaWorkers > 0 ? settings.mediaWorkers : max(1, ProcessProcessors.count - 1)
        let media = WorkerGroup(count: mediaCount) {
            WorkerConfiguration(
                name: "media-\($0)",
                wantsRealtime: settings.wantsRealtime,
                processor: settings.pinsWorkers ? $0 : nil,
                overloadShare: Double(settings.overloadPercent) / 100
            )
        }
        let legWorkers = WorkerGroup(count: settings.legWorkers) {
            WorkerConfiguration(name: "legs-\($0)", phaseSlots: 1)
        }
        media.start()
        legWorkers.start()
        let recorders =
            settings.recordingKinds.isEmpty
            ? nil
            : CallRecorders(
                settings.recordingKinds,
                storage: RecordingFolder(dataFolder: settings.dataFolder),
                logger: logger
            )
        recorders?.start()
        let exchange = Exchange(
            configuration: .init(maximumCalls: settings.maximumCalls, echo: settings.echo.mode),
            media: media,
            legs: legWorkers,
            meters: ActorMeters(),
            legSet: legs,
            observer: observer,
            recorders: recorders
        )
        let reception = Reception(exchange: exchange, tenants: TenantDirectory(profiles))
        self.reception = reception
        self.hub = hub

        let tokens = await OperatorTokens(
            secret: try OperatorSecret.load(configured: settings.jwtSecret, dataFolder: settings.dataFolder)
        )
        let webhooks = WebhookMeters()
        let router = Router(context: GatewayContext.self)
        router.add(middleware: ErrorMiddleware())
        let book = CallBook()
        self.book = book
        var limits = SocketLimits()
        limits.frameBytes = settings.frameBytes
        limits.startTimeout = .seconds(Int64(settings.startTimeoutSeconds))
        limits.pingInterval = .seconds(Int64(settings.pingSeconds))
        let parts = ProviderParts(
            settings: settings,
            publicURL: PublicURL(settings.effectivePublicURL),
            reception: reception,
            book: book,
            outcomes: outcomes,
            intake: WebhookIntake(meters: webhooks, bodyLimit: settings.bodyBytes),
            flushers: SocketFlushers(group: group, workers: media),
            limits: limits,
            logger: logger
        )
        let providers: [any TelephonyProvider] = [TwilioProvider(parts)]
        self.providers = providers
        for provider in providers { provider.add(to: router) }
        EventRoutes(hub: hub, tokens: tokens, keepalive: .seconds(settings.eventKeepaliveSeconds)).add(to: router)
        OperationsRoutes(
            reception: reception,
            metrics: MetricsPage(
                reception: reception,
                calls: metrics,
                webhooks: webhooks,
                events: hub,
                legs: names
            ),
            tokens: tokens,
            liveness: live,
            facts: .object([
                "environment": .text(settings.environment.rawValue),
                "legs": .object(
                    Dictionary(uniqueKeysWithValues: names.map { ($0.kind, EventValue.text($0.provider)) })
                ),
                "tenants": .list(profiles.map { .text($0.id) }),
            ]),
            metricsToken: settings.metricsToken
        ).add(to: router)

        let gate = SocketGate(doors: providers.flatMap(\.doors), exchange: exchange, meters: webhooks)
        let upgrader = MediaUpgrader.make(gate: gate, limits: limits)
        let requestTimeout = Duration.seconds(settings.requestTimeoutSeconds)
        var serverLogger = logger
        serverLogger.logLevel = max(logger.logLevel, .notice)
        application = Application(
            router: router,
            server: HTTPServerBuilder { responder in
                GatewayChannel(
                    http: HTTP1Channel(responder: responder),
                    isSecure: false,
                    idleTimeout: requestTimeout,
                    gate: gate,
                    upgrader: upgrader
                )
            },
            configuration: ApplicationConfiguration(
                address: .hostname(settings.host, port: settings.port),
                serverName: "parley"
            ),
            onServerRunning: { channel in await onListening(channel.localAddress?.port ?? settings.port) },
            eventLoopGroupProvider: .shared(group),
            logger: serverLogger
        )
    }

    /// Serves until cancelled or asked to shut down; then no new calls, and those in progress get their time.
    public func run() async throws {
        logger.info(
            "engine starting",
            metadata: [
                "environment": "\(settings.environment.rawValue)", "calls.limit": "\(settings.maximumCalls)",
                "media.workers": "\(reception.exchange.media.workers.count)",
            ]
        )
        if settings.environment == .development {
            logger.warning("ENVIRONMENT=development: unsigned webhooks and sockets are accepted")
        }
        defer {
            reception.exchange.media.stop()
            reception.exchange.legs.stop()
            reception.exchange.recorders?.stop()
        }
        let server = ServiceGroup(services: [application], logger: application.logger)
        // On its own: while calls are drained, health checks and the calls' webhooks still need their answers.
        let serving = Task.detached { try await server.run() }
        try await withTaskCancellationHandler {
            try await withGracefulShutdownHandler {
                try await serving.value
            } onGracefulShutdown: {
                Task { await shutDown(server) }
            }
        } onCancel: {
            serving.cancel()
        }
        await reception.exchange.recorders?.drain(limit: .seconds(5))
        logger.info("engine stopped")
    }

    private func shutDown(_ server: ServiceGroup) async {
        let grace = Duration.seconds(settings.drainSeconds)
        logger.info("draining", metadata: ["calls.active": "\(reception.exchange.activeCalls)"])
        // Sockets that never began a call hold places too; the server closes them when the time is up.
        let deadline = Task {
            try await Task.sleep(for: grace)
            await server.triggerGracefulShutdown()
        }
        await reception.exchange.drain(grace: grace)
        deadline.cancel()
        hub.close()
        await server.triggerGracefulShutdown()
    }
}

extension TenantProfile {
    /// The engine-wide settings that take precedence over every profile.
    fileprivate func applying(_ settings: EngineSettings) -> TenantProfile {
        var profile = self
        if let greeting = settings.greeting { profile.greeting = greeting }
        if let voice = settings.voice { profile.voice = voice }
        if let turns = settings.maximumTurns { profile.turnTaking.maximumTurns = turns }
        return profile
    }
}
