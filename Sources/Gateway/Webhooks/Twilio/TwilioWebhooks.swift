import Actors
import HTTPTypes
import Hummingbird
import NIOCore

/// `POST /twilio/voice` and what follows the stream. Every request's signature is checked before anything else happens.
struct TwilioWebhooks: Sendable {
    let guardian: TwilioGuard
    let answers: TwilioAnswers
    let reception: Reception
    let outcomes: RecentOutcomes
    let intake: WebhookIntake
    let isVoiceEnabled: Bool

    func add(to router: Router<GatewayContext>) {
        router.post("/twilio/voice") { request, context in
            try await handle("voice", request, context) { form in
                guard let profile = reception.tenants.profile(calledNumber: form["To"] ?? "") else {
                    return TwilioAnswers.unknownNumber
                }
                // Switched off (ENABLE_VOICE_AI=false): callers reach a person, as after a failure.
                guard isVoiceEnabled else { return answers.next(outcome: nil, profile: profile) }
                guard reception.exchange.hasRoom else { return TwilioAnswers.busy }
                return answers.voice(profile: profile)
            }
        }
        router.post("/twilio/continue") { request, context in
            try await handle("continue", request, context) { form in
                let past = await outcomes.settled(form["CallSid"] ?? "")
                let profile =
                    past.flatMap { reception.tenants.profile(id: $0.tenant) }
                    ?? reception.tenants.profile(calledNumber: form["To"] ?? "")
                return answers.next(outcome: past?.outcome, profile: profile)
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

    private func handle(
        _ event: String,
        _ request: Request,
        _ context: GatewayContext,
        _ answer: (FormParameters) async -> TwiML
    ) async throws -> Response {
        try await intake.take("twilio", event, request) { body in
            let isForm =
                request.headers[.contentType]?.lowercased().hasPrefix("application/x-www-form-urlencoded") ?? false
            let form: FormParameters
            do {
                form = isForm ? try FormParameters(parsing: body) : FormParameters()
            } catch let fault as FormParameters.Fault {
                throw APIError(.badRequest, "bad_form", fault.message)
            }
            try guardian.check(request, parameters: form, body: body, isForm: isForm)
            guard isForm else {
                throw APIError(.unsupportedMediaType, "not_a_form", "Send application/x-www-form-urlencoded.")
            }
            return await answer(form).response
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
