import Actors
import Hummingbird
import NIOHTTP1

/// Lets Twilio's requests through and no others: webhooks and socket upgrades alike. Fails closed.
package struct TwilioGuard: Sendable {
    package let signature: TwilioSignature
    package let publicURL: PublicURL
    /// `ENVIRONMENT=development`: a request without a signature is accepted. One with a signature must still be right.
    package let acceptsUnsigned: Bool

    package init(signature: TwilioSignature, publicURL: PublicURL, acceptsUnsigned: Bool) {
        self.signature = signature
        self.publicURL = publicURL
        self.acceptsUnsigned = acceptsUnsigned
    }

    private var isConfigured: Bool { !signature.tokens.isEmpty || !signature.sharedKeys.isEmpty }

    /// For health and `parley check`.
    package var state: String {
        isConfigured ? "checked" : acceptsUnsigned ? "unsigned requests are accepted" : "no secret: refused"
    }

    package enum Verdict: Equatable { case accepted, notConfigured, refused }

    package func verdict(_ request: TwilioSignature.Request) -> Verdict {
        if acceptsUnsigned, request.signature == nil { return .accepted }
        guard isConfigured else { return .notConfigured }
        return signature.isValid(request) ? .accepted : .refused
    }

    func check(_ request: Request, parameters: FormParameters, body: [UInt8], isForm: Bool) throws(APIError) {
        let verdict = verdict(
            TwilioSignature.Request(
                url: RequestURL.external(request, configured: publicURL).http(request.head.path ?? "/"),
                parameters: parameters,
                body: body,
                isForm: isForm,
                signature: request.headers[.twilioSignature],
                settings: request.headers[.twilioSettings]
            )
        )
        switch verdict {
        case .accepted: return
        case .notConfigured:
            throw APIError(
                .serviceUnavailable,
                "not_configured",
                "Twilio is not configured: set TWILIO_AUTH_TOKEN."
            )
        case .refused: throw APIError(.forbidden, "signature", UpgradeRefusal.signature.message)
        }
    }

    /// The same for a socket's upgrade: a GET without parameters, signed with the socket's scheme.
    package func verdict(upgrade head: HTTPRequestHead) -> Verdict {
        verdict(
            TwilioSignature.Request(
                url: RequestURL.external(head, configured: publicURL).socket(head.uri),
                parameters: FormParameters(),
                body: [],
                isForm: false,
                signature: head.headers["X-Twilio-Signature"].first,
                settings: head.headers["X-Twilio-Webhooks-Signature-Settings"].first
            )
        )
    }
}
