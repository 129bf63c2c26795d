import HTTPTypes
import Hummingbird
import NIOCore

/// `POST /api/v1/ringcentral/webhooks/events`: the handshake of a subscription, and its notifications. Nothing in one is
/// believed before its secret was proven; the answer waits for nothing.
package struct RingCentralWebhooks: Sendable {
    package static let path = "/api/v1/ringcentral/webhooks/events"

    private let guardian: RingCentralGuard
    private let sessions: TelephonySessions
    private let intake: WebhookIntake
    private let time: VendorTime

    init(guardian: RingCentralGuard, sessions: TelephonySessions, intake: WebhookIntake, time: VendorTime = .real) {
        self.time = time
        self.guardian = guardian
        self.sessions = sessions
        self.intake = intake
    }

    package func add(to router: Router<GatewayContext>) {
        router.post(RouterPath(Self.path)) { request, _ in
            try await intake.take("ringcentral", "event", request) { body in try answer(request.headers, body) }
        }
    }

    private func answer(_ headers: HTTPFields, _ body: [UInt8]) throws(APIError) -> Response {
        guard guardian.isOpen else {
            throw APIError(
                .serviceUnavailable,
                "not_configured",
                "RingCentral is not configured: set RC_VERIFICATION_TOKEN."
            )
        }
        let tokens = headers[values: .validationToken]
        switch RingCentralHandshake(tokens: tokens, body: body) {
        case .echo(let token): return Self.response(nil, echo: token)
        case .unsafeToken:
            throw APIError(.badRequest, "bad_token", "This Validation-Token cannot be sent back in a header.")
        case .nothing:
            throw APIError(.badRequest, "empty", "Neither a Validation-Token nor a notification.")
        case .notification(let echo):
            try prove(headers, tokens, body)
            try checkType(headers)
            do {
                let notification = try RingCentralNotification(parsing: body)
                return Self.response(sessions.take(notification, now: time.now()), echo: echo)
            } catch {
                throw APIError(.badRequest, "bad_json", "The body is not a JSON object.")
            }
        }
    }

    private func prove(_ headers: HTTPFields, _ tokens: [String], _ body: [UInt8]) throws(APIError) {
        let proof = RingCentralGuard.Proof(
            signature: headers[.ringCentralSignature],
            tokens: headers[values: .verificationToken] + tokens
        )
        switch guardian.verdict(proof, body: body) {
        case .accepted: return
        case .notConfigured:
            throw APIError(
                .serviceUnavailable,
                "not_configured",
                "RingCentral is not configured: set RC_VERIFICATION_TOKEN."
            )
        case .refused:
            throw APIError(.unauthorized, "signature", "The request's token or signature is missing or wrong.")
        }
    }

    private func checkType(_ headers: HTTPFields) throws(APIError) {
        if let encoding = headers[.contentEncoding], encoding.lowercased() != "identity" {
            throw APIError(.unsupportedMediaType, "encoded", "Send the body without a Content-Encoding.")
        }
        // Left out by some relays; another type is no notification.
        guard let type = headers[.contentType] else { return }
        let name = type.lowercased().split(separator: ";").first.map { $0.filter { $0 != " " } }
        guard name == "application/json" else {
            throw APIError(.unsupportedMediaType, "not_json", "Send application/json.")
        }
    }

    /// The platform wants the type even on an empty body (SUB-525).
    private static func response(_ disposition: TelephonySessions.Disposition?, echo: String?) -> Response {
        var headers: HTTPFields = [.contentType: "application/json"]
        if let echo { headers[.validationToken] = echo }
        let body = disposition.map { #"{"status":"\#($0.rawValue)"}"# } ?? ""
        return Response(status: .ok, headers: headers, body: .init(byteBuffer: ByteBuffer(string: body)))
    }
}

extension HTTPField.Name {
    static let validationToken = HTTPField.Name("Validation-Token")!
    static let verificationToken = HTTPField.Name("Verification-Token")!
    static let ringCentralSignature = HTTPField.Name("X-RingCentral-Signature")!
}
