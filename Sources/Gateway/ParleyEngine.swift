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
    private let connections: VendorConnections
    private let edge: Edge
    private let afterCall: AfterCall
    private let logger: Logger

    /// An engine whose tenants stay as they are.
    ///
    /// - Parameter profiles: at least one tenant.
    public init(
        settings: EngineSettings,
        profiles: [TenantProfile],
        legs: LegSet,
        group: any EventLoopGroup,
        logger: Logger,
        onListening: @escaping @Sendable (Int) async -> Void = { _ in }
    ) async throws {
        try await self.init(
            settings: settings,
            tenants: ProfileStore(profiles, settings: settings),
            legs: LegSource(legs),
            group: group,
            logger: logger,
            onListening: onListening
        )
    }

    /// - Parameters:
    ///   - settings: validated.
    ///   - tenants: at least one; the engine runs the store.
    ///   - legs: what stands behind each leg.
    ///   - onListening: told the port that was bound, which matters when `settings.port` is 0.
    public init(
        settings: EngineSettings,
        tenants store: ProfileStore,
        legs: LegSource,
        group: any EventLoopGroup,
        logger: Logger,
        onListening: @escaping @Sendable (Int) async -> Void = { _ in }
    ) async throws {
        self.settings = settings
        self.logger = logger
        // Before anything is started: settings that cannot be used end it here.
        let webhooks = WebhookMeters()
        let edge = try Edge(settings, meters: webhooks, logger: logger)
        self.edge = edge
        let hub = EventHub()
        let live = LiveCalls()
        let metrics = CallMetrics()
        let outcomes = RecentOutcomes()
        let names = legs.names.map { (kind: $0.kind.rawValue, provider: $0.provider) }
        let providerEvents = ProviderEventMeters()
        let jobs = JobMeters()
        let afterCallWorker = AfterCallWorker(JobQueue.Limits(settings.afterCall), meters: jobs, logger: logger)
        let afterCallDesk = AfterCallDesk(
            settings: settings,
            worker: afterCallWorker,
            tenants: { store.tenants.profile(id: $0) },
            legs: legs.afterCall
        )
        let book = CallBook(meters: providerEvents) { [hub, metrics] news in
            hub.publish(CallNewsEvent.name, tenant: news.entry.tenant, CallNewsEvent.fields(news))
            metrics.told(news)
            afterCallDesk.told(news)
        }
        self.book = book
        let handOvers = HandOvers()
        let told = TenantRedaction(.events, before: hub) { store.tenants.profile(id: $0) }
        let observer = CallObservers([
            CallLog(logger: logger, legs: names), metrics, told, live, handOvers, OutcomeRecorder(outcomes: outcomes),
            CallBookLink(book), afterCallDesk.conversations(heardBy: { legs.legs($0).transcriber.provider }),
        ])
        let mediaCount = settings.mediaWorkers > 0 ? settings.mediaWorkers : max(1, ProcessProcessors.count - 1)
        let media = WorkerGroup(count: mediaCount) {
            WorkerConfiguration(
                name: "media-\($0)",
                wantsRealtime: settings.wantsRealtime,
                processor: settings.pinsWorkers ? $0 : nil,
                overloadShare: Double(settings.overloadPercent) / 100,
                pressure: settings.pressureMilliseconds > 0 ? .milliseconds(settings.pressureMilliseconds) : nil
            )
        }
        let legWorkers = WorkerGroup(count: settings.legWorkers) {
            WorkerConfiguration(
                name: "legs-\($0)",
                phaseSlots: 1,
                overloadShare: Double(settings.overloadPercent) / 100
            )
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
        let sounds = SoundLibrary(logger: logger)
        await sounds.load(store.tenants.profiles)
        let exchange = Exchange(
            configuration: .init(maximumCalls: settings.maximumCalls, echo: settings.echo.mode),
            media: media,
            legs: legWorkers,
            meters: ActorMeters(),
            legsOf: legs.legs,
            observer: observer,
            recorders: recorders,
            sounds: sounds
        )
        let reception = Reception(exchange: exchange, store: store)
        self.reception = reception
        self.hub = hub

        let tokens = await OperatorTokens(
            secret: try OperatorSecret.load(configured: settings.jwtSecret, dataFolder: settings.dataFolder)
        )
        let router = Router(context: GatewayContext.self)
        router.add(middleware: ErrorMiddleware())
        var limits = SocketLimits()
        limits.frameBytes = settings.frameBytes
        limits.startTimeout = .seconds(Int64(settings.startTimeoutSeconds))
        limits.pingInterval = .seconds(Int64(settings.pingSeconds))
        let parts = ProviderParts(
            settings: settings,
            edge: edge,
            publicURL: PublicURL(settings.effectivePublicURL),
            reception: reception,
            book: book,
            outcomes: outcomes,
            handOvers: handOvers,
            intake: WebhookIntake(meters: webhooks, bodyLimit: settings.bodyBytes),
            flushers: SocketFlushers(group: group, workers: media, manySockets: settings.manySockets),
            limits: limits,
            logger: logger
        )
        let vendors = VendorMeters()
        let connections = VendorConnections(group: group, meters: vendors)
        self.connections = connections
        let afterCallSteps = AfterCallSteps(
            settings: settings,
            sources: Self.recordingSources(settings, connections, group),
            tenants: { store.tenants.profile(id: $0) },
            legs: legs.afterCall,
            held: afterCallDesk.held,
            book: book,
            hub: hub
        )
        afterCall = AfterCall(
            worker: afterCallWorker,
            steps: afterCallSteps,
            drain: .seconds(settings.afterCall.drainSeconds)
        )
        let tenantOf: @Sendable (String) -> String? = {
            book.entry(ProviderCallKey(provider: "ringcentral", id: $0))?.tenant
        }
        let keepRecording: @Sendable (RingCentralRecording) async throws -> Void = {
            try afterCallDesk.take($0, tenant: tenantOf($0.session), steps: afterCallSteps)
        }
        let worksOnRecordings = store.tenants.profiles.contains { afterCallDesk.transcribes($0.id) }
        let providers: [any TelephonyProvider] = [
            TwilioProvider(parts, transport: connections.client("twilio")) { tenant, date in
                tenant.hours?.isOpen(at: date, timeZone: tenant.timeZone) ?? true
            },
            RingoverProvider(parts, group: group, tokens: tokens, transport: connections.client("ringover")),
            RingCentralProvider(
                parts,
                transport: connections.client("ringcentral", policy: .ringCentral),
                keep: worksOnRecordings ? keepRecording : nil,
                lost: { afterCallDesk.lost(session: $0, tenant: tenantOf($0)) }
            ),
        ]
        self.providers = providers
        for provider in providers { provider.add(to: router) }
        legs.keys?.connect(
            book: book,
            controls: providers.reduce(into: [:]) { controls, provider in controls[provider.name] = provider.control }
        )
        CallRoutes(
            book: book,
            tokens: tokens,
            desk: exchange,
            controls: providers.compactMap { provider in provider.control.map { (provider.name, $0) } },
            tenant: { reception.tenants.profile(id: $0) },
            logger: logger
        ).add(to: router)
        EventRoutes(hub: hub, tokens: tokens, keepalive: .seconds(settings.eventKeepaliveSeconds)).add(to: router)
        OperationsRoutes(
            reception: reception,
            metrics: MetricsPage(
                reception: reception,
                calls: metrics,
                webhooks: webhooks,
                events: hub,
                legs: names,
                legHealth: legs.health,
                tokens: legs.tokens,
                toolLoader: legs.toolLoader,
                providerEvents: providerEvents,
                vendors: vendors,
                jobs: jobs
            ),
            tokens: tokens,
            liveness: live,
            facts: {
                .object([
                    "environment": .text(settings.environment.rawValue),
                    "legs": .object(legs.orders.mapValues(EventValue.text)),
                    "legProviders": .list(legs.health?.facts ?? []),
                    "tenants": .list(reception.tenants.profiles.map { .text($0.id) }),
                    "providers": .object(Dictionary(uniqueKeysWithValues: providers.map { ($0.name, $0.status) })),
                ])
            },
            metricsToken: settings.metricsToken
        ).add(to: router)

        let gate = SocketGate(doors: providers.flatMap(\.doors), exchange: exchange, meters: webhooks)
        let upgrader = MediaUpgrader(gate: gate)
        let requestTimeout = Duration.seconds(settings.requestTimeoutSeconds)
        var serverLogger = logger
        serverLogger.logLevel = max(logger.logLevel, .notice)
        application = Application(
            router: router,
            server: HTTPServerBuilder { responder in
                GatewayChannel(
                    http: HTTP1Channel(responder: responder),
                    edge: edge,
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

    /// Reads the certificate's files again if they changed; the engine also looks by itself every few seconds.
    public func reloadCertificate() { edge.reload() }

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
        let watching = Task { [edge] in await edge.run() }
        defer { watching.cancel() }
        let server = ServiceGroup(services: [reception.store, application], logger: application.logger)
        // On its own: while calls are drained, health checks and the calls' webhooks still need their answers.
        let serving = Task.detached { try await server.run() }
        let working = Task.detached { [providers] in
            do {
                try await withThrowingTaskGroup { group in
                    for provider in providers { group.addTask { try await provider.run() } }
                    try await group.waitForAll()
                }
            } catch {
                // A provider that cannot work: the engine does not run without what it was told to run.
                await server.triggerGracefulShutdown()
                throw error
            }
        }
        defer { working.cancel() }
        // On its own too: what the last calls leave is worked on when they are over.
        let after = ServiceGroup(services: [afterCall], logger: application.logger)
        let afterWork = Task.detached { try await after.run() }
        defer { afterWork.cancel() }
        try await withTaskCancellationHandler {
            try await withGracefulShutdownHandler {
                try await serving.value
            } onGracefulShutdown: {
                Task { await shutDown(server, after, afterWork) }
            }
        } onCancel: {
            serving.cancel()
            afterWork.cancel()
        }
        working.cancel()
        await after.triggerGracefulShutdown()
        _ = await afterWork.result
        do { try await working.value } catch is CancellationError {}
        await connections.shutdown()
        await reception.exchange.recorders?.drain(limit: .seconds(5))
        logger.info("engine stopped")
    }

    /// Where recordings are had. RingCentral's own worker brings its: it knows the vendor's limits.
    private static func recordingSources(
        _ settings: EngineSettings,
        _ connections: VendorConnections,
        _ group: any EventLoopGroup
    ) -> [String: any CallRecordingSource] {
        let ringover = settings.ringover
        var sources: [String: any CallRecordingSource] = [
            "ringover": LinkedRecordingSource(
                provider: "ringover",
                fetch: GuardedFetch(
                    vendor: "ringover",
                    rules: .ringover(baseURL: ringover.baseURL),
                    connections: connections,
                    group: group
                ),
                maximumBytes: settings.afterCall.recordingBytes,
                base: ringover.baseURL,
                key: ringover.apiKey
            )
        ]
        if let account = TwilioAccount(settings.twilio, tokens: settings.twilioAuthTokens) {
            let rest = TwilioREST(account: account, transport: connections.client("twilio"))
            sources["twilio"] = TwilioRecordingSource(rest)
        }
        return sources
    }

    private func shutDown(_ server: ServiceGroup, _ after: ServiceGroup, _ afterWork: Task<Void, any Error>) async {
        let grace = Duration.seconds(settings.drainSeconds)
        logger.info("draining", metadata: ["calls.active": "\(reception.exchange.activeCalls)"])
        // Sockets that never began a call hold places too; the server closes them when the time is up.
        let deadline = Task {
            try await Task.sleep(for: grace)
            await server.triggerGracefulShutdown()
        }
        await reception.exchange.drain(grace: grace)
        deadline.cancel()
        // Its events still have listeners.
        await after.triggerGracefulShutdown()
        _ = await afterWork.result
        hub.close()
        await server.triggerGracefulShutdown()
    }
}

extension Exchange: LiveCallDesk {}
