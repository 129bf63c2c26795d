import AsyncHTTPClient
import Caller
import Engine
import NIOCore

/// Every event of every call of an engine, as its operators see them.
final class EventLog: Sendable {
    private let events = Locked<[EngineEvent]>([])
    private let task = Locked<Task<Void, Never>?>(nil)

    /// Returns once the engine listens.
    init(_ engine: EngineUnderTest) async throws {
        let request = HTTPClientRequest(url: engine.url + "/api/v1/events/stream?token=" + engine.token)
        let response = try await HTTPClient.shared.execute(request, deadline: .now() + .hours(2))
        let events = events
        let reading = Task {
            var parser = ServerSentEvents()
            do {
                for try await piece in response.body {
                    let new = parser.read(piece.readableBytesView).compactMap(EngineEvent.init)
                    events.withLock { $0 += new }
                }
            } catch {
                // The engine is gone: there is nothing more to read.
            }
        }
        task.withLock { $0 = reading }
    }

    func stop() { task.withLock { $0 }?.cancel() }

    /// What came since the last time.
    func take() -> [EngineEvent] {
        events.withLock { events in
            defer { events = [] }
            return events
        }
    }
}
