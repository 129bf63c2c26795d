import AsyncHTTPClient
import NIOCore

/// Listens to the engine's event stream for one call.
public struct EngineEvents: Sendable {
    /// Why there is nothing to listen to. Never fatal: the call goes on without words.
    public enum Unavailable: Error, Sendable, CustomStringConvertible {
        case refused(status: Int)
        case unreachable(String)

        public var description: String {
            switch self {
            case .refused(401), .refused(403): "the engine did not accept the token"
            case .refused(let status): "the event stream answered \(status)"
            case .unreachable(let reason): "the event stream could not be opened: \(reason)"
            }
        }
    }

    private let response: HTTPClientResponse
    private let callSid: String

    /// Connects; returns once the engine has accepted, so that no event of a call placed afterwards is missed.
    ///
    /// - Throws: `Unavailable`.
    public static func connect(
        engineURL: String,
        token: String,
        callSid: String,
        exchange: CallerExchange = .shared
    ) async throws -> EngineEvents {
        var request = HTTPClientRequest(url: engineURL + "/api/v1/events/stream?token=" + token)
        request.headers.add(name: "Accept", value: "text/event-stream")
        let response: HTTPClientResponse
        do {
            // The deadline is that of the whole stream: longer than any call.
            response = try await exchange.client.execute(request, deadline: .now() + .hours(24))
        } catch {
            throw Unavailable.unreachable("\(error)")
        }
        guard response.status == .ok else { throw Unavailable.refused(status: Int(response.status.code)) }
        return EngineEvents(response: response, callSid: callSid)
    }

    /// Hands over the call's events until the engine ends the stream, the call has ended, or the task is cancelled.
    public func follow(_ handle: (EngineEvent) async -> Void) async {
        var parser = ServerSentEvents()
        do {
            for try await piece in response.body {
                for event in parser.read(piece.readableBytesView) {
                    guard let event = EngineEvent(event), event.callSid == callSid else { continue }
                    await handle(event)
                    if event.name == .ended { return }
                }
            }
        } catch {
            // The stream broke: the words end here, the call does not.
        }
    }
}
