import Actors
import Hummingbird
import Logging

/// RingCentral: notifications of calls, routing of what rings, call control, recordings. RingEX hands a call's audio to SIP
/// devices only, so there is no media socket here.
package struct RingCentralProvider: TelephonyProvider {
    package let name = "ringcentral"
    private let webhooks: RingCentralWebhooks
    private let guardian: RingCentralGuard
    private let policy: RingCentralPolicy
    private let sessions: TelephonySessions
    private let worker: RingCentralWorker
    private let means: RingCentralWorker.Means
    private let subscription: RingCentralSubscription?
    private let subscriptionFault: String
    private let callControl: RingCentralControl?
    private let logger: Logger

    /// - Parameters:
    ///   - transport: nil sends no requests: calls are then only filed.
    ///   - keep: what becomes of fetched recordings; nil keeps them as files where the settings say so.
    ///   - lost: told of a recording that was given up.
    init(
        _ parts: ProviderParts,
        transport: (any VendorTransport)?,
        keep: (@Sendable (RingCentralRecording) async throws -> Void)? = nil,
        lost: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        let reception = parts.reception
        self.init(
            settings: parts.settings,
            publicURL: parts.publicURL,
            book: parts.book,
            tenants: { reception.tenants.profile(calledNumber: $0) },
            transport: transport,
            intake: parts.intake,
            keep: keep,
            lost: lost,
            logger: parts.logger
        )
    }

    /// - Parameters:
    ///   - tenants: the tenant that a number (E.164) belongs to.
    ///   - meters: where webhooks are timed and refusals counted.
    ///   - keep: what becomes of fetched recordings; nil keeps them as files.
    package init(
        settings: EngineSettings,
        publicURL: PublicURL,
        book: CallBook,
        tenants: @escaping @Sendable (String) -> TenantProfile?,
        transport: (any VendorTransport)?,
        meters: WebhookMeters,
        time: VendorTime = .real,
        keep: (@Sendable (RingCentralRecording) async throws -> Void)? = nil,
        logger: Logger
    ) {
        self.init(
            settings: settings,
            publicURL: publicURL,
            book: book,
            tenants: tenants,
            transport: transport,
            intake: WebhookIntake(meters: meters, bodyLimit: settings.bodyBytes),
            time: time,
            keep: keep,
            logger: logger
        )
    }

    private init(
        settings: EngineSettings,
        publicURL: PublicURL,
        book: CallBook,
        tenants: @escaping @Sendable (String) -> TenantProfile?,
        transport: (any VendorTransport)?,
        intake: WebhookIntake,
        time: VendorTime = .real,
        keep: (@Sendable (RingCentralRecording) async throws -> Void)? = nil,
        lost: @escaping @Sendable (String) -> Void = { _ in },
        logger: Logger
    ) {
        let own = settings.ringCentral
        self.logger = logger
        guardian = RingCentralGuard(
            secrets: own.webhookSecrets,
            tokens: own.verificationTokens,
            acceptsUnsigned: settings.environment == .development
        )
        policy = RingCentralPolicy(own, isVoiceEnabled: settings.isVoiceEnabled)
        let worker = RingCentralWorker(time: time, logger: logger)
        let sessions = TelephonySessions(
            served: own.extensionIDs,
            policy: policy,
            book: book,
            tenants: tenants,
            work: { worker.add($0) }
        )
        let client = transport.flatMap { RingCentralClient(own, transport: $0, time: time) }
        let control = RingCentralControl(client: client, sessions: sessions)
        let address = own.webhookURL ?? publicURL.http(RingCentralWebhooks.path)
        let hasSecret = !own.webhookSecrets.isEmpty || !own.verificationTokens.isEmpty
        subscriptionFault =
            client == nil
            ? "none: set RC_CLIENT_ID, RC_CLIENT_SECRET and RC_JWT_TOKEN"
            : !hasSecret
                ? "none: set RC_VERIFICATION_TOKEN"
                : "none: RC_WEBHOOK_URL or PARLEY_PUBLIC_URL must be an https address"
        let subscription: RingCentralSubscription? =
            if let client, hasSecret, address.hasPrefix("https://") {
                RingCentralSubscription(
                    client: client,
                    address: address,
                    token: own.verificationTokens.first,
                    time: time,
                    logger: logger
                )
            } else { nil }
        let folder = ProviderRecordingFolder(dataFolder: settings.dataFolder, isKept: true)
        let isKept = keep != nil || settings.isRecording
        means = RingCentralWorker.Means(
            sessions: sessions,
            control: control,
            subscription: subscription,
            recordings: isKept ? client.map { RingCentralRecordings(client: $0, baseURL: own.baseURL) } : nil,
            keep: keep ?? { recording in
                let call = ProviderCallKey(provider: "ringcentral", id: recording.session)
                let type: RecordedAudio = recording.format == .wav ? .wav : .mp3
                _ = try folder.keep(recording.bytes, type, id: recording.id, of: call)
            },
            lost: lost
        )
        self.worker = worker
        self.sessions = sessions
        self.subscription = subscription
        callControl = client == nil ? nil : control
        webhooks = RingCentralWebhooks(guardian: guardian, sessions: sessions, intake: intake, time: time)
    }

    package func add(to router: Router<GatewayContext>) { webhooks.add(to: router) }

    package var control: (any ProviderControl)? { callControl }

    /// Returns at once when no notification can pass and there is no account.
    package func run() async throws {
        guard guardian.isOpen || callControl != nil else { return }
        if policy.cannotAnswer {
            logger.warning("RC_AUTO_ANSWER without RC_DEVICE_ID or RC_AI_NUMBER: calls are only filed")
        }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await worker.run(means) }
            if let subscription { group.addTask { try? await subscription.run() } }
        }
    }

    package var status: EventValue {
        let stages = sessions.stages
        return .object([
            "signatures": .text(guardian.state),
            "account": .text(
                callControl == nil ? "none: set RC_CLIENT_ID, RC_CLIENT_SECRET and RC_JWT_TOKEN" : "configured"
            ),
            "mode": .text(policy.mode.rawValue),
            "answering": .text(policy.summary),
            "subscription": .text(subscription?.summary ?? subscriptionFault),
            "media": .text(Self.media),
            "calls": .object(
                Dictionary(
                    uniqueKeysWithValues: RingCentralStage.allCases.map {
                        ($0.rawValue, EventValue.number(Double(stages[$0] ?? 0)))
                    }
                )
            ),
        ])
    }

    /// What `parley check` says about audio.
    package static let media =
        "none: RingEX gives a call's audio to SIP devices only; callers reach the agent when RC_AI_NUMBER names a number of "
        + "another provider, everything else is done from events and recordings"
}
