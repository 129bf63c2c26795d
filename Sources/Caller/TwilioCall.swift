import Foundation

/// One call, as the provider would place it: the voice webhook, the TwiML, the media stream, the hang-up.
///
/// Prints nothing and writes no file. Runs on the exchange's event loops; hundreds can run at once.
public struct TwilioCall: Sendable {
    private let configuration: TwilioCallConfiguration
    private let exchange: CallerExchange

    public init(configuration: TwilioCallConfiguration, exchange: CallerExchange = .shared) {
        self.configuration = configuration
        self.exchange = exchange
    }

    /// Places the call and holds it to its end. Cancelling the task hangs up; the report then says so.
    ///
    /// - Parameter events: called as things happen, on the call's event loop: return at once.
    /// - Throws: `CallError` when the call could not be placed. A call that was cut short is a report, not an error.
    public func run(events: @escaping @Sendable (CallEvent) -> Void = { _ in }) async throws -> CallReport {
        try configuration.validate()
        let webhook = VoiceWebhook(configuration: configuration)
        let twiml = try await webhook.post(client: exchange.client, authToken: configuration.authToken)
        events(.answered(before: twiml.before))
        guard let stream = twiml.stream else { throw CallError.noStream(verbs: twiml.before) }
        let address = try StreamSocket.Address(stream: stream.url, engineURL: configuration.engineURL)

        let clock = exchange.next()
        let streamSid = TwilioCallConfiguration.randomSid("MZ")
        let session = StreamSession(
            line: StreamSession.Line(configuration, streamSid: streamSid),
            framing: TwilioStream(
                configuration: configuration,
                streamSid: streamSid,
                parameters: stream.parameters
            ),
            clock: clock,
            report: events
        )
        let startedAt = Date()
        let headers = configuration.authToken.map {
            [(TwilioSignature.header, TwilioSignature.sign(url: address.url, parameters: [], token: $0))]
        }
        let outcome = try await session.hold(
            address,
            headers: headers ?? [],
            agent: "Twilio.TmeWs/1.0",
            isSigned: configuration.authToken != nil
        )
        return CallReport(
            provider: "twilio",
            callSid: configuration.callSid,
            streamSid: streamSid,
            streamURL: address.url,
            startedAt: startedAt,
            verbs: twiml.before + ["Connect"] + twiml.after,
            outcome: outcome
        )
    }
}

extension StreamSocket.Address {
    /// - Parameter stream: the TwiML's address: ws, wss, or relative to the webhook; without a query.
    init(stream: String, engineURL: String) throws {
        var text = stream
        if text.hasPrefix("/") {
            guard let engine = URLComponents(string: engineURL), let host = engine.host else {
                throw CallError.badURL(engineURL)
            }
            text = (engine.scheme == "https" ? "wss://" : "ws://") + host + (engine.port.map { ":\($0)" } ?? "") + text
        }
        guard let parts = URLComponents(string: text), let scheme = parts.scheme, let host = parts.host, !host.isEmpty
        else { throw CallError.upgradeFailed(url: stream, reason: "it is not an address") }
        guard parts.query == nil else { throw CallError.streamURLHasQuery(text) }
        guard scheme != "wss" else { throw CallError.secureStream(text) }
        guard scheme == "ws" else { throw CallError.upgradeFailed(url: text, reason: "its scheme is not ws or wss") }
        let path = parts.percentEncodedPath
        self.init(
            url: text,
            host: host.trimmingCharacters(in: CharacterSet(charactersIn: "[]")),
            port: parts.port ?? 80,
            path: path.isEmpty ? "/" : path
        )
    }
}

extension CallReport {
    init(
        provider: String,
        callSid: String,
        streamSid: String,
        streamURL: String,
        startedAt: Date,
        verbs: [String],
        outcome: StreamSession.Outcome
    ) {
        self.init(
            provider: provider,
            callSid: callSid,
            streamSid: streamSid,
            streamURL: streamURL,
            startedAt: startedAt,
            end: outcome.end,
            closeCode: outcome.closeCode,
            closeReason: outcome.closeReason,
            durationMs: outcome.durationMs,
            greetingMs: outcome.greetingMs,
            turns: outcome.turns,
            response: Distribution(outcome.turns.compactMap(\.responseMs)),
            interruptionClear: Distribution(outcome.turns.compactMap { $0.interruption?.clearMs }),
            interruptionSilent: Distribution(outcome.turns.compactMap { $0.interruption?.silentMs }),
            playout: outcome.playout,
            warnings: ProtocolFault.allCases.compactMap { fault in
                outcome.faults[fault].map { Warning(fault: fault, vendorCode: fault.vendorCode, count: $0) }
            },
            framesSent: outcome.framesSent,
            lateTicks: outcome.lateTicks,
            verbs: verbs,
            said: outcome.said,
            heard: outcome.heard
        )
    }
}
