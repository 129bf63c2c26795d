import Actors
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// `POST /api/v1/webhooks/ringover/event`: checks, decides, answers at once. The vendor repeats what is not answered.
struct RingoverWebhooks: Sendable {
    let guardian: RingoverGuard
    let publicURL: PublicURL
    let reception: Reception
    let book: CallBook
    let intake: WebhookIntake

    static let paths: [RouterPath] = ["/api/v1/webhooks/ringover/event", "/api/v1/webhooks/ringover"]

    func add(to router: Router<GatewayContext>) {
        for path in Self.paths {
            router.post(path) { request, _ in
                try await intake.take("ringover", "event", request) { try answer(request, $0) }
            }
        }
    }

    private func answer(_ request: Request, _ body: [UInt8]) throws(APIError) -> Response {
        let document = try? JSONValue(parsing: body)
        let event = document.flatMap(RingoverEvent.init)
        let claimed = event.flatMap(tenant)
        let proven = try check(request, body, document, event, claimed)
        let type = request.headers[.contentType]?.lowercased() ?? "application/json"
        guard type.hasPrefix("application/json") else {
            throw APIError(.unsupportedMediaType, "not_json", "Send application/json.")
        }
        guard document != nil else { throw APIError(.badRequest, "bad_json", "The body is not JSON.") }
        guard let event else { throw APIError(.badRequest, "bad_event", "The body names no event.") }
        return take(event, tenant: claimed ?? proven)
    }

    /// - Returns: the tenant whose own key signed the request, if one did.
    private func check(
        _ request: Request,
        _ body: [UInt8],
        _ document: JSONValue?,
        _ event: RingoverEvent?,
        _ tenant: String?
    ) throws(APIError) -> String? {
        var signed = RingoverSignature.Request(
            method: request.method.rawValue,
            url: publicURL.http(request.head.path ?? "/"),
            body: body
        )
        signed.plain = request.headers[.ringoverSignature]
        signed.webhook = request.headers[.ringoverWebhookSignature]
        signed.third = request.headers[.ringoverThirdSignature]
        signed.thirdTimestamp = request.headers[.ringoverThirdTimestamp]
        signed.authorization = request.headers[.authorization]
        let verdict = guardian.verdict(
            signed,
            document: document,
            family: event?.family ?? .call,
            tenant: tenant,
            now: Int64(Date().timeIntervalSince1970)
        )
        switch verdict {
        case .accepted(let tenant): return tenant
        case .refused: throw APIError(.unauthorized, "signature", UpgradeRefusal.signature.message)
        case .notConfigured:
            throw APIError(
                .serviceUnavailable,
                "not_configured",
                "Ringover is not configured: set RINGOVER_WEBHOOK_SECRET."
            )
        }
    }

    /// Whose event it is: by our number in it, else by what is known of its call.
    private func tenant(_ event: RingoverEvent) -> String? {
        for number in event.ownNumbers {
            if let profile = reception.tenants.profile(calledNumber: number), profile.numbers.contains(number) {
                return profile.id
            }
        }
        if let callID = event.callID, let known = book.entry(ProviderCallKey(provider: "ringover", id: callID)) {
            return known.tenant
        }
        return event.ownNumbers.first.flatMap { reception.tenants.profile(calledNumber: $0)?.id }
    }

    private func take(_ event: RingoverEvent, tenant: String?) -> Response {
        switch (event.family, event.event) {
        // Ringover asks, and this engine keeps no contacts and routes nothing: the vendor goes on as if unasked.
        case (.contact, _): return Self.json("{}")
        case (.search, _): return Self.json("[]")
        case (.routing, "routing"): return Self.json("{}")
        default: break
        }
        let answer = event.callID.map(TwilioEncoder.quoted) ?? "null"
        let accepted = #"{"status":"accepted","call_id":\#(answer)}"#
        guard let tenant = tenant ?? reception.tenants.profile(calledNumber: "*")?.id else {
            intake.meters.reject("ringover", "unknown_tenant")
            return Self.json(accepted)
        }
        let outcomes = event.providerEvents(tenant: tenant).map { book.take($0) }
        return Self.json(outcomes.first == .duplicate ? #"{"status":"duplicate"}"# : accepted)
    }

    private static func json(_ text: String) -> Response {
        Response(
            status: .ok,
            headers: [.contentType: "application/json"],
            body: .init(byteBuffer: ByteBuffer(string: text))
        )
    }
}

extension HTTPField.Name {
    static let ringoverSignature = HTTPField.Name("X-Ringover-Signature")!
    static let ringoverWebhookSignature = HTTPField.Name("X-Ringover-Webhook-Signature")!
    static let ringoverThirdSignature = HTTPField.Name("X-Ringover-Webhook-Signature-V3")!
    static let ringoverThirdTimestamp = HTTPField.Name("X-Ringover-Request-Signature-V3-Timestamp")!
}
