import Engine
import Foundation

/// Deepgram's `/v1/listen`, live and for files, as its interface describes it, with everything that may go wrong.
public final class DeepgramServer: Sendable {
    struct State {
        var script: DeepgramScript
        var faults: [Int: DeepgramFault] = [:]
        var everywhere: DeepgramFault?
        var chosen: @Sendable (Int) -> DeepgramFault? = { _ in nil }
        var records: [DeepgramRecord] = []
        var connections: [Int: PlainConnection] = [:]
        var waiting: [(isMet: @Sendable ([DeepgramRecord]) -> Bool, waiter: CheckedContinuation<Void, Never>)] = []
        var files: [DeepgramFile] = []
    }

    public static let key = "test-key"
    let state: Locked<State>
    private let server = Locked<PlainServer?>(nil)

    /// Listens on a free port of 127.0.0.1.
    public init(_ script: DeepgramScript) async throws {
        state = Locked(State(script: script))
        let plain = try await PlainServer { [weak self] request, connection in
            guard let self else { return connection.close() }
            self.answer(request, connection)
        }
        server.withLock { $0 = plain }
    }

    public var plain: PlainServer { server.withLock { $0! } }
    /// For `DEEPGRAM_BASE_URL`.
    public var baseURL: String { plain.http }
    public func stop() async { await plain.stop() }

    public func set(_ change: @Sendable (inout DeepgramScript) -> Void) { state.withLock { change(&$0.script) } }
    /// Connections are counted from 0; nil: all of them.
    public func fault(_ fault: DeepgramFault?, connection: Int? = nil) {
        state.withLock { state in
            if let connection { state.faults[connection] = fault } else { state.everywhere = fault }
        }
    }
    /// - Parameter choice: told the connection's number, where `fault` names none.
    public func faults(_ choice: @escaping @Sendable (Int) -> DeepgramFault?) { state.withLock { $0.chosen = choice } }
    /// Live connections so far, refused ones included.
    public var records: [DeepgramRecord] { state.withLock { $0.records } }
    public var files: [DeepgramFile] { state.withLock { $0.files } }

    /// Returns once what was received is as `isMet` says.
    public func until(_ isMet: @escaping @Sendable ([DeepgramRecord]) -> Bool) async {
        await withCheckedContinuation { waiter in
            let isThere = state.withLock { state in
                if isMet(state.records) { return true }
                state.waiting.append((isMet, waiter))
                return false
            }
            if isThere { waiter.resume() }
        }
    }

    /// Says something on a connection, out of turn.
    public func say(_ text: String, connection: Int) {
        state.withLock { $0.connections[connection] }?.send(text: text)
    }

    public func reset(connection: Int) { state.withLock { $0.connections[connection] }?.reset() }

    func record(_ connection: Int, _ change: (inout DeepgramRecord) -> Void) {
        let met = state.withLock { state in
            change(&state.records[connection])
            let records = state.records
            let met = state.waiting.filter { $0.isMet(records) }
            state.waiting.removeAll { $0.isMet(records) }
            return met
        }
        for one in met { one.waiter.resume() }
    }

    private func answer(_ request: PlainRequest, _ connection: PlainConnection) {
        guard request.path == "/v1/listen" else { return connection.answer(404) }
        var query: [String: [String]] = [:]
        for (name, value) in request.query { query[name, default: []].append(value) }
        guard request.method == "GET" else { return answerFile(request, query: query, connection) }
        let (number, fault, script) = state.withLock { state in
            state.records.append(DeepgramRecord(query: query))
            let number = state.records.count - 1
            state.connections[number] = connection
            return (number, state.faults[number] ?? state.everywhere ?? state.chosen(number), state.script)
        }
        connection.channel.closeFuture.whenComplete { [weak self] _ in
            self?.record(number) { $0.isGone = true }
            self?.state.withLock { $0.connections[number] = nil }
        }
        if refuse(request, query: query, fault: fault, connection) { return }
        let isStuck = fault == .vendor(.halfOpen) || fault == .vendor(.slowDrip)
        let live = DeepgramLive(self, number: number, query: query, script: script, fault: fault, connection)
        connection.upgrade(
            request,
            headers: [("dg-request-id", "4f0c0b9e-0000-4000-8000-000000000000")],
            answersPings: !isStuck,
            answersClose: !isStuck
        ) { message, _ in live.receive(message) }
        live.start()
    }

    /// - Returns: true when there will be no more than this answer.
    func refuse(
        _ request: PlainRequest,
        query: [String: [String]],
        fault: DeepgramFault?,
        _ connection: PlainConnection
    ) -> Bool {
        func refuse(_ status: Int, _ word: String, _ headers: [(String, String)] = []) -> Bool {
            let body = #"{"err_code":"\#(word)","err_msg":"No.","request_id":"x"}"#
            connection.answer(status, headers: headers + [("dg-error", word)], body: Array(body.utf8))
            return true
        }
        switch fault {
        case .vendor(.unauthorized): return refuse(401, "INVALID_AUTH")
        case .vendor(.tooManyRequests): return refuse(429, "TOO_MANY_REQUESTS", [("Retry-After", "1")])
        case .vendor(.serverError):
            connection.answer(500, body: Array("<html>oops</html>".utf8))
            return true
        default: break
        }
        guard request.headers["Authorization"] == ["Token \(Self.key)"] else { return refuse(401, "INVALID_AUTH") }
        let encodings = ["linear16", "linear32", "mulaw", "alaw", "flac", "opus"]
        let isRight =
            query["model"]?.count == 1
            && (query["encoding"].map { encodings.contains($0[0]) && Int(query["sample_rate"]?[0] ?? "") != nil }
                ?? true)
            && ["interim_results", "punctuate", "smart_format", "utterances", "multichannel", "detect_language"]
                .allSatisfy { ["true", "false", nil].contains(query[$0]?[0]) }
            && (query["utterance_end_ms"].map {
                (1000...5000).contains(Int($0[0]) ?? 0) && query["interim_results"] == ["true"]
            } ?? true)
            && (query["keyterm"] == nil || query["model"]?[0].hasPrefix("nova-3") == true)
        return isRight ? false : refuse(400, "INVALID_QUERY_PARAMETER")
    }
}
