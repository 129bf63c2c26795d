import AsyncHTTPClient
import Caller
import Engine
import Foundation
import NIOCore

/// Every event of every call of an engine, as its operators see them.
final class EventLog: Sendable {
    /// A leg's provider failed, or was replaced by another one.
    struct Failure: Sendable {
        var callSid: String
        /// `llm reset`: the leg, and the code or the provider that was left.
        var what: String
        var at: ContinuousClock.Instant
    }

    private let events = Locked<[EngineEvent]>([])
    private let failures = Locked<[Failure]>([])
    private let task = Locked<Task<Void, Never>?>(nil)

    /// Returns once the engine listens.
    init(_ engine: EngineUnderTest) async throws {
        let request = HTTPClientRequest(url: engine.url + "/api/v1/events/stream?token=" + engine.token)
        let response = try await HTTPClient.shared.execute(request, deadline: .now() + .hours(2))
        let reading = Task { [self] in
            var parser = ServerSentEvents()
            do {
                for try await piece in response.body {
                    let new = parser.read(piece.readableBytesView)
                    events.withLock { $0 += new.compactMap(EngineEvent.init) }
                    failures.withLock { $0 += new.compactMap(Failure.init) }
                }
            } catch {
                // The engine is gone: there is nothing more to read.
            }
        }
        task.withLock { $0 = reading }
    }

    func stop() { task.withLock { $0 }?.cancel() }

    /// Failures of a call; they are forgotten with this.
    func failures(of callSid: String) -> [Failure] {
        failures.withLock { failures in
            let own = failures.filter { $0.callSid == callSid }
            failures.removeAll { $0.callSid == callSid }
            return own
        }
    }

    /// What came since the last time.
    func take() -> [EngineEvent] {
        events.withLock { events in
            defer { events = [] }
            return events
        }
    }
}

extension EventLog.Failure {
    private struct Fields: Decodable {
        var callSid: String
        var leg: String
        var code: String?
        var from: String?
    }

    /// - Returns: nil for any other event.
    fileprivate init?(_ event: ServerSentEvents.Event) {
        guard event.name == "call_leg_failed" || event.name == "call_leg_replaced",
            let fields = try? JSONDecoder().decode(Fields.self, from: Data(event.data.utf8))
        else { return nil }
        let word = fields.code.map { "failed (\($0))" } ?? "replaced"
        self.init(callSid: fields.callSid, what: "\(fields.leg) \(word)", at: .now)
    }
}
