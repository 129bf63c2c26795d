import Logging
import Synchronization

/// Makes the webhook subscription and keeps it, until cancelled.
package final class RingCentralSubscription: Sendable {
    /// 10 years: the longest the vendor gives to webhooks.
    static let lifetimeSeconds = 315_360_000
    /// When a list or a renewal does not say how long it lasts, it is renewed soon.
    static let assumedLifetimeSeconds: Int64 = 900
    static let filters = [
        "/restapi/v1.0/account/~/telephony/sessions",
        // A reminder a day before the end, every six hours.
        "/restapi/v1.0/subscription/~?threshold=86400&interval=21600",
    ]

    private let client: RingCentralClient
    private let address: String
    private let token: String?
    private let time: VendorTime
    private let logger: Logger
    private let machine = Mutex(SubscriptionMachine())

    /// - Parameters:
    ///   - address: `https://…`: what the vendor calls.
    ///   - token: comes back with every notification.
    package init(
        client: RingCentralClient,
        address: String,
        token: String?,
        time: VendorTime = .real,
        logger: Logger
    ) {
        self.client = client
        self.address = address
        self.token = token
        self.time = time
        self.logger = logger
    }

    package var summary: String { machine.withLock { $0.summary } }

    /// The vendor's reminder came.
    package func remind() {
        let now = time.now()
        machine.withLock { $0.remind(now: now) }
    }

    package func run() async throws {
        while !Task.isCancelled {
            let now = time.now()
            let (request, deadline) = machine.withLock { ($0.request(now: now), $0.deadline) }
            guard let request else {
                // Not longer than a minute: a reminder may have come.
                let limit = now.advanced(by: .seconds(60))
                try await time.sleep(min(deadline ?? limit, limit))
                continue
            }
            let answer = await ask(request)
            if Task.isCancelled { return }
            let after = time.now()
            machine.withLock { $0.handle(answer, to: request, now: after) }
            tell(answer, request)
        }
    }

    private func tell(_ answer: SubscriptionMachine.Answer, _ request: SubscriptionMachine.Request) {
        switch (answer, request) {
        case (.subscribed(let info), .poll) where info.isActive: break
        case (.subscribed(let info), _):
            if info.isActive {
                logger.info("RingCentral subscription active")
            } else {
                logger.warning("RingCentral subscription blacklisted: it is made again")
            }
        case (.failed(let error), _):
            logger.warning(
                "RingCentral subscription request failed",
                metadata: ["error.code": "\(error.label)", "error.vendor_code": "\(error.vendorCode ?? "-")"]
            )
        case (.found, _), (.deleted, _): break
        }
    }

    private func ask(_ request: SubscriptionMachine.Request) async -> SubscriptionMachine.Answer {
        let root = "/restapi/v1.0/subscription"
        do {
            switch request {
            case .find:
                let json = try Self.json(try await client.send(.init(.get, root)))
                return .found((json["records"]?.items ?? []).filter(isOurs).compactMap(Self.info))
            case .create:
                return .subscribed(
                    try Self.info(of: try await client.send(.init(.post, root, body: body, group: .medium)))
                )
            case .update(let id):
                let path = "\(root)/\(PathText.escaped(id))"
                let call = RingCentralClient.Call(.put, path, body: body, group: .medium, isIdempotent: true)
                return .subscribed(try Self.info(of: try await client.send(call)))
            case .renew(let id):
                let path = "\(root)/\(PathText.escaped(id))/renew"
                return .subscribed(try Self.info(of: try await client.send(.init(.post, path, isIdempotent: true))))
            case .poll(let id):
                let path = "\(root)/\(PathText.escaped(id))"
                return .subscribed(try Self.info(of: try await client.send(.init(.get, path))))
            case .delete(let id):
                let path = "\(root)/\(PathText.escaped(id))"
                _ = try await client.send(.init(.delete, path, group: .medium, isIdempotent: true))
                return .deleted
            }
        } catch {
            return .failed(error)
        }
    }

    private var body: EventValue {
        var delivery: [String: EventValue] = ["transportType": .text("WebHook"), "address": .text(address)]
        if let token { delivery["verificationToken"] = .text(token) }
        return .object([
            "eventFilters": .list(Self.filters.map { .text($0) }), "deliveryMode": .object(delivery),
            "expiresIn": .number(Double(Self.lifetimeSeconds)),
        ])
    }

    private func isOurs(_ json: RingCentralJSON) -> Bool { json["deliveryMode"]?["address"]?.string == address }

    private static func json(_ response: VendorResponse) throws(RingCentralError) -> RingCentralJSON {
        do { return try RingCentralJSON(parsing: response.body) } catch { throw .badAnswer }
    }

    private static func info(of response: VendorResponse) throws(RingCentralError) -> SubscriptionMachine.Info {
        guard let info = info(try json(response)) else { throw .badAnswer }
        return info
    }

    private static func info(_ json: RingCentralJSON) -> SubscriptionMachine.Info? {
        guard let id = json["id"]?.string else { return nil }
        let seconds = json["expiresIn"]?.integer ?? assumedLifetimeSeconds
        return SubscriptionMachine.Info(
            id: id,
            isActive: json["status"]?.string.map { $0.lowercased() == "active" } ?? true,
            lifetime: .seconds(min(max(seconds, 1), Int64(lifetimeSeconds)))
        )
    }
}
