/// Acts on RingCentral's live calls through its call control API (permission CallControl).
package struct RingCentralControl: ProviderControl {
    private let client: RingCentralClient?
    private let sessions: TelephonySessions

    /// - Parameter client: nil without an account: then every request is refused with what to set.
    package init(client: RingCentralClient?, sessions: TelephonySessions) {
        self.client = client
        self.sessions = sessions
    }

    var isConfigured: Bool { client != nil }

    package func perform(_ request: ControlRequest, on call: ProviderCallKey) async throws(ControlError) {
        switch request {
        case .transfer(let number, .blind):
            let (party, isConnected) = try actor(of: call.id)
            try await ask { client async throws(RingCentralError) in
                try await send(
                    client,
                    call.id,
                    party,
                    isConnected ? "transfer" : "forward",
                    ["phoneNumber": .text(number)],
                    .none
                )
            }
        case .transfer(_, .warm):
            throw ControlError(
                .notSupported,
                "RingCentral's API plays no audio, so nobody can be briefed first; ask for a blind transfer."
            )
        case .hangUp:
            _ = try actor(of: call.id)
            try await ask { client async throws(RingCentralError) in
                _ = try await client.send(.init(.delete, Self.path(call.id), isIdempotent: true), .none)
            }
        case .digits:
            throw ControlError(.notSupported, "RingCentral's API sends no digits into a call.")
        }
    }

    package func call(_ number: String, from: String, tenant: String) async throws(ControlError) -> String {
        throw ControlError(
            .notSupported,
            "RingCentral gives a call's audio to SIP devices only; call through Twilio or Ringover."
        )
    }

    /// The talking party is put on hold, or taken back.
    package func hold(_ isHeld: Bool, on call: ProviderCallKey) async throws(ControlError) {
        let (party, _) = try actor(of: call.id)
        try await ask { client async throws(RingCentralError) in
            try await send(client, call.id, party, isHeld ? "hold" : "unhold", nil, .none)
        }
    }

    /// Does what the policy decided about a telephone that rings.
    func carryOut(_ action: RingCentralPolicy.Action, session: String, party: String) async throws(RingCentralError) {
        guard let client else { throw .notConfigured }
        switch action {
        case .answer(let device):
            try await send(client, session, party, "answer", ["deviceId": .text(device)], .asLongAsItTakes)
        case .forward(let number):
            try await send(client, session, party, "forward", ["phoneNumber": .text(number)], .asLongAsItTakes)
        case .voicemail(let id):
            try await send(client, session, party, "forward", ["voicemail": .text(id)], .asLongAsItTakes)
        }
    }

    /// Whether the vendor still knows a call.
    func isKnown(_ session: String) async throws(RingCentralError) -> Bool {
        guard let client else { throw .notConfigured }
        do {
            _ = try await client.send(.init(.get, Self.path(session)))
            return true
        } catch .gone {
            return false
        }
    }

    // MARK: Steps

    private static func path(_ session: String) -> String {
        "/restapi/v1.0/account/~/telephony/sessions/\(PathText.escaped(session))"
    }

    private func send(
        _ client: RingCentralClient,
        _ session: String,
        _ party: String,
        _ verb: String,
        _ body: [String: EventValue]?,
        _ patience: RingCentralGate.Patience
    ) async throws(RingCentralError) {
        let path = "\(Self.path(session))/parties/\(PathText.escaped(party))/\(verb)"
        _ = try await client.send(.init(.post, path, body: body.map { .object($0) }), patience)
    }

    /// - Returns: the party that acting on the call means, and whether it talks or only rings.
    private func actor(of call: String) throws(ControlError) -> (String, isConnected: Bool) {
        guard client != nil else { throw Self.notConfigured }
        guard let session = sessions.session(call), !session.isEnded, let actor = session.actor else {
            throw ControlError(.gone, "This call is over, or RingCentral never told of it.")
        }
        return (actor.party, actor.status != .setup && actor.status != .proceeding)
    }

    private static let notConfigured = ControlError(
        .notConfigured,
        "Set RC_CLIENT_ID, RC_CLIENT_SECRET and RC_JWT_TOKEN to act on RingCentral calls."
    )

    private func ask(_ body: (RingCentralClient) async throws(RingCentralError) -> Void) async throws(ControlError) {
        guard let client else { throw Self.notConfigured }
        do {
            try await body(client)
        } catch {
            throw Self.error(error)
        }
    }

    static func error(_ error: RingCentralError) -> ControlError {
        switch error {
        case .notConfigured: notConfigured
        case .credentials:
            ControlError(
                .failed,
                "RingCentral refused the credentials: check RC_CLIENT_ID, RC_CLIENT_SECRET and RC_JWT_TOKEN."
            )
        case .rateLimited(let after): ControlError(.rateLimited, "RingCentral's limit is reached.", retryAfter: after)
        case .gone: ControlError(.gone, "RingCentral knows this call no more.")
        case .refused(let status, let code):
            ControlError(.failed, "RingCentral refused with \(status)\(code.map { " (\($0))" } ?? "").")
        case .unreachable: ControlError(.failed, "RingCentral could not be reached in time.")
        case .badAnswer: ControlError(.failed, "RingCentral's answer was not understood.")
        case .cancelled: ControlError(.failed, "The engine is shutting down.")
        }
    }
}
