import Foundation

/// One call over the Ringover framing: where to, what is said, how the caller behaves.
public struct RingoverCallConfiguration: Sendable {
    /// The engine, without a path (`http://127.0.0.1:8080`: its `/ringover/ws` is called), or its socket's whole address
    /// (`ws://127.0.0.1:8765/ws`).
    public var engineURL: String
    public var to = "+15550100"
    public var from = "+15550123"
    /// A number of 64 bits, as Ringover's; random by default.
    public var callID = "\(UInt64.random(in: 1 << 53...UInt64(Int64.max)))"
    /// What the engine wants a socket to show (RINGOVER_STREAMING_TOKEN); nil shows nothing.
    public var token: String?
    /// Of the caller's audio, 8000 or 16000 Hz.
    public var sampleRate = 8000
    /// What the caller says, one utterance per turn. At least one.
    public var utterances: [Utterance]
    public var manner = CallerScript.Manner()
    /// Level above which a frame of the agent is audible, in dBFS.
    public var agentThreshold = -50.0

    public init(engineURL: String, utterances: [Utterance]) {
        self.engineURL =
            engineURL.hasSuffix("/") && !engineURL.hasSuffix("//") ? String(engineURL.dropLast()) : engineURL
        self.utterances = utterances
    }

    /// - Throws: `CallError` naming the first thing that cannot work.
    public func validate() throws {
        guard !utterances.isEmpty else { throw CallError.noUtterance }
        guard sampleRate == 8000 || sampleRate == 16_000 else { throw CallError.badSampleRate(sampleRate) }
        for bargeIn in manner.bargeIns where bargeIn.agentTurn >= utterances.count {
            throw CallError.bargeInWithoutUtterance(agentTurn: bargeIn.agentTurn, utterances: utterances.count)
        }
        _ = try address
    }

    var address: StreamSocket.Address {
        get throws {
            if engineURL.hasPrefix("ws://") || engineURL.hasPrefix("wss://") {
                return try StreamSocket.Address(stream: engineURL, engineURL: engineURL)
            }
            guard let url = URL(string: engineURL), url.scheme == "http" || url.scheme == "https", url.host != nil
            else {
                throw CallError.badURL(engineURL)
            }
            return try StreamSocket.Address(stream: "/ringover/ws", engineURL: engineURL)
        }
    }
}

/// One call, as Ringover would stream it: the socket, the metadata, the audio, the end.
///
/// Prints nothing and writes no file.
public struct RingoverCall: Sendable {
    private let configuration: RingoverCallConfiguration
    private let exchange: CallerExchange

    public init(configuration: RingoverCallConfiguration, exchange: CallerExchange = .shared) {
        self.configuration = configuration
        self.exchange = exchange
    }

    /// Places the call and holds it to its end. Cancelling the task hangs up; the report then says so.
    ///
    /// - Parameter events: called as things happen, on the call's event loop: return at once.
    /// - Throws: `CallError` when the call could not be placed. A call that was cut short is a report, not an error.
    public func run(events: @escaping @Sendable (CallEvent) -> Void = { _ in }) async throws -> CallReport {
        try configuration.validate()
        let address = try configuration.address
        let clock = exchange.next()
        let session = StreamSession(
            line: StreamSession.Line(configuration),
            framing: try RingoverStream(configuration: configuration),
            clock: clock,
            report: events
        )
        let startedAt = Date()
        let headers = configuration.token.map { [("X-Parley-Token", $0)] } ?? []
        let outcome: StreamSession.Outcome
        do {
            outcome = try await session.hold(
                address,
                headers: headers,
                agent: "parley-call",
                isSigned: !headers.isEmpty
            )
        } catch CallError.upgradeRefused(let url, let status, let signed) {
            throw CallError.tokenRefused(url: url, status: status, shown: signed)
        }
        return CallReport(
            provider: "ringover",
            callSid: configuration.callID,
            streamSid: configuration.callID,
            streamURL: address.url,
            startedAt: startedAt,
            verbs: [],
            outcome: outcome
        )
    }
}
