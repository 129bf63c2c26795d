import Foundation
import HTTPTypes

/// Keeps one access token of the account by the JWT flow: asked for once, however many wait for it.
///
/// - Source: RingCentral, "JWT auth flow" (2026-04-28). The Auth group allows 5 requests a minute and about five sessions
///   exist at once, so a token is kept until shortly before its end.
package actor RingCentralAuth {
    private struct Held {
        var token: String
        var until: ContinuousClock.Instant
    }

    /// A token is not used in its last minute: requests on their way would meet its end.
    static let margin = Duration.seconds(60)
    /// Refused credentials do not become right by asking again soon.
    static let refusedPause = Duration.seconds(300)

    private let account: Account
    private let transport: any VendorTransport
    private let gate: RingCentralGate
    private let time: VendorTime
    private var held: Held?
    private var flight: Task<Held, any Error>?
    private var refusal: (error: RingCentralError, until: ContinuousClock.Instant)?

    /// What the flow needs.
    package struct Account: Sendable {
        let baseURL: String
        let clientID: String
        let clientSecret: String
        let jwt: String

        /// nil without all three of `RC_CLIENT_ID`, `RC_CLIENT_SECRET`, `RC_JWT_TOKEN`.
        package init?(_ settings: RingCentralSettings) {
            guard let id = settings.clientID, let secret = settings.clientSecret, let jwt = settings.jwtToken else {
                return nil
            }
            var base = settings.baseURL
            while base.hasSuffix("/") { base.removeLast() }
            baseURL = base
            clientID = id
            clientSecret = secret
            self.jwt = jwt
        }
    }

    package init(
        account: Account,
        transport: any VendorTransport,
        gate: RingCentralGate,
        time: VendorTime = .real
    ) {
        self.account = account
        self.transport = transport
        self.gate = gate
        self.time = time
    }

    /// A token that is valid now.
    package func token(_ patience: RingCentralGate.Patience = .asLongAsItTakes) async throws(RingCentralError) -> String
    {
        let now = time.now()
        if let held, now < held.until { return held.token }
        if let refusal, now < refusal.until { throw refusal.error }
        let flight = self.flight ?? Task { try await fetch(patience) }
        self.flight = flight
        do {
            let token = try await flight.value
            settle(flight, token)
            return token.token
        } catch {
            settle(flight, nil)
            let error = error as? RingCentralError ?? .cancelled
            if case .credentials = error {
                refusal = (error, time.now().advanced(by: Self.refusedPause))
            }
            throw error
        }
    }

    /// A request with this token met 401: it is not used again.
    package func refuse(_ token: String) {
        if held?.token == token { held = nil }
    }

    /// All who waited for one flight come here; the first of them keeps what it brought.
    private func settle(_ flight: Task<Held, any Error>, _ token: Held?) {
        guard self.flight == flight else { return }
        self.flight = nil
        held = token
        if token != nil { refusal = nil }
    }

    private func fetch(_ patience: RingCentralGate.Patience) async throws -> Held {
        try await gate.enter(.auth, patience)
        let pair = Data("\(account.clientID):\(account.clientSecret)".utf8).base64EncodedString()
        let form =
            "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion="
            + PathText.escaped(account.jwt)
        let asked = time.now()
        let response: VendorResponse
        do {
            response = try await transport.send(
                VendorRequest(
                    .post,
                    account.baseURL + "/restapi/oauth/token",
                    headers: [
                        .authorization: "Basic \(pair)", .contentType: "application/x-www-form-urlencoded",
                        .accept: "application/json",
                    ],
                    body: Array(form.utf8),
                    bodyLimit: 65_536
                )
            )
        } catch {
            throw RingCentralError.unreachable(error.code)
        }
        gate.note(response, .auth)
        switch response.status.code {
        case 200...299: break
        case 400, 401, 403: throw RingCentralError.credentials(RingCentralClient.code(of: response))
        default: throw RingCentralClient.error(response)
        }
        guard let json = try? RingCentralJSON(parsing: response.body), let token = json["access_token"]?.string,
            token.utf8.allSatisfy({ (0x21...0x7E).contains($0) }),
            let seconds = json["expires_in"]?.integer, (1...10_000_000).contains(seconds)
        else { throw RingCentralError.badAnswer }
        // A lifetime shorter than twice the margin is used for its half.
        let life = Duration.seconds(seconds)
        return Held(token: token, until: asked.advanced(by: max(life - Self.margin, life / 2)))
    }
}
