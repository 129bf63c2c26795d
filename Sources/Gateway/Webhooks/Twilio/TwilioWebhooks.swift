import HTTPTypes
import Hummingbird
import NIOCore

/// Twilio's requests over HTTP. Every one's signature is checked over its exact bytes before anything else happens.
struct TwilioWebhooks: Sendable {
    let guardian: TwilioGuard
    let desk: TwilioDesk
    let intake: WebhookIntake

    func add(to router: Router<GatewayContext>) {
        for endpoint in TwilioEndpoint.allCases {
            for method in [HTTPRequest.Method.post, .get] {
                router.on(RouterPath(endpoint.path), method: method) { request, _ in
                    try await answer(endpoint, request)
                }
            }
        }
        router.get("/twilio/ws") { request, _ -> Response in
            guard let refusal = request.headers[.upgradeRefused].flatMap(UpgradeRefusal.init) else {
                return APIError(.upgradeRequired, "upgrade_required", "This is a WebSocket: connect with an upgrade.")
                    .response
            }
            return APIError(.init(code: refusal.status), refusal.rawValue, refusal.message).response
        }
    }

    private func answer(_ endpoint: TwilioEndpoint, _ request: Request) async throws -> Response {
        try await intake.take("twilio", endpoint.rawValue, request) { body in
            let isForm =
                request.method == .post
                && request.headers[.contentType]?.lowercased().hasPrefix("application/x-www-form-urlencoded") ?? false
            let form = isForm ? try Self.parameters(body) : FormParameters()
            try guardian.check(request, parameters: form, body: body, isForm: isForm)
            guard isForm || request.method == .get else {
                throw APIError(.unsupportedMediaType, "not_a_form", "Send application/x-www-form-urlencoded.")
            }
            let query = try Self.parameters(
                Array((request.head.path ?? "").utf8.drop { $0 != UInt8(ascii: "?") }.dropFirst())
            )
            let told = TwilioRequest(parameters: isForm ? form : query, query: query)
            switch await desk.at(RequestURL.external(request, configured: guardian.publicURL)).answer(endpoint, told) {
            case .twiml(let document): return document.response
            case .nothing: return Response(status: .noContent)
            case .missing(let name):
                throw APIError(.badRequest, "missing_parameter", "The parameter \(name) is missing or malformed.")
            }
        }
    }

    private static func parameters(_ bytes: [UInt8]) throws(APIError) -> FormParameters {
        do {
            return try FormParameters(parsing: bytes)
        } catch {
            throw APIError(.badRequest, "bad_form", error.message)
        }
    }
}

extension FormParameters.Fault {
    fileprivate var message: String {
        switch self {
        case .tooMany(let limit): "The form has more than \(limit) parameters."
        case .notUTF8: "A parameter is not UTF-8."
        case .badEscape(let offset): "At byte \(offset) a % is not followed by two hexadecimal digits."
        }
    }
}

extension TwiML {
    var response: Response {
        Response(
            status: .ok,
            headers: [.contentType: "text/xml; charset=utf-8"],
            body: .init(byteBuffer: ByteBuffer(string: xml))
        )
    }
}

extension HTTPField.Name {
    static let upgradeRefused = HTTPField.Name(UpgradeGate.refusalHeader)!
    static let twilioSignature = HTTPField.Name("X-Twilio-Signature")!
    static let twilioSettings = HTTPField.Name("X-Twilio-Webhooks-Signature-Settings")!
}
