import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// `GET /api/v1/events/stream?token=JWT`: Server-Sent Events (WHATWG HTML, section 9.2).
struct EventRoutes: Sendable {
    let hub: EventHub
    let tokens: OperatorTokens
    let keepalive: Duration

    func add(to router: Router<GatewayContext>) {
        router.get("/api/v1/events/stream") { request, _ in
            let claims = try await Access.claims(of: request, tokens: tokens)
            let last = request.headers[.lastEventID].flatMap { Int($0) }
            return stream(tenant: claims.tenant, after: last)
        }
    }

    private func stream(tenant: String, after last: Int?) -> Response {
        let (_, events) = hub.listen(tenant: tenant, after: last)
        let (hub, keepalive) = (hub, keepalive)
        return Response(
            status: .ok,
            headers: [.contentType: "text/event-stream", .cacheControl: "no-store", .accelBuffering: "no"],
            body: ResponseBody { writer in
                try await writer.write(ByteBuffer(string: "event: connected\ndata: {}\n\n"))
                // Both sources in one stream, because one writer must not be used from two tasks.
                let (lines, line) = AsyncStream.makeStream(of: String.self, bufferingPolicy: .bufferingNewest(1024))
                let forward = Task {
                    for await event in events {
                        let text = "id: \(event.id)\nevent: \(event.name)\ndata: \(event.json)\n\n"
                        if case .dropped = line.yield(text) { hub.dropped.increment() }
                    }
                    line.finish()
                }
                let beat = Task {
                    while !Task.isCancelled {
                        try await Task.sleep(for: keepalive)
                        line.yield(": keepalive\n\n")
                    }
                }
                defer {
                    forward.cancel()
                    beat.cancel()
                }
                for await text in lines { try await writer.write(ByteBuffer(string: text)) }
                try await writer.finish(nil)
            }
        )
    }
}

/// Reads a request's token, from the header or, for browsers' event streams, from the query.
enum Access {
    /// - Parameter takesQuery: tokens in addresses end up in logs: only where a browser can send no header.
    static func claims(
        of request: Request,
        tokens: OperatorTokens,
        takesQuery: Bool = true
    ) async throws(APIError) -> OperatorTokens.Claims {
        let header = request.headers[.authorization].flatMap { value in
            value.lowercased().hasPrefix("bearer ") ? String(value.dropFirst(7)) : nil
        }
        let query = takesQuery ? request.uri.queryParameters["token"].map(String.init) : nil
        guard let token = header ?? query else {
            throw APIError(.unauthorized, "unauthorized", "Give a token: `parley token` prints one.")
        }
        do {
            return try await tokens.verify(token)
        } catch {
            throw APIError(.unauthorized, "unauthorized", "The token is not valid, or has expired.")
        }
    }
}

extension HTTPField.Name {
    static let lastEventID = HTTPField.Name("Last-Event-ID")!
    static let accelBuffering = HTTPField.Name("X-Accel-Buffering")!
}
