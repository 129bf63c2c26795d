import AsyncHTTPClient
import NIOCore

/// A listener of the event stream: reads Server-Sent Events as a browser does (WHATWG HTML, section 9.2).
final class EventStream {
    struct Event: Equatable {
        var id: Int?
        var name: String
        var data: String
    }

    let status: Int
    let contentType: String?
    private var iterator: HTTPClientResponse.Body.AsyncIterator
    private var buffered = ""
    /// Comment lines so far.
    private(set) var comments: [String] = []

    private init(_ response: HTTPClientResponse) {
        status = Int(response.status.code)
        contentType = response.headers.first(name: "Content-Type")
        iterator = response.body.makeAsyncIterator()
    }

    static func open(_ rig: EngineRig, token: String?, inHeader: Bool = false, after lastID: Int? = nil) async throws
        -> EventStream
    {
        let query = token.map { inHeader ? "" : "?token=\($0)" } ?? ""
        var request = HTTPClientRequest(url: "\(rig.url)/api/v1/events/stream\(query)")
        if inHeader, let token { request.headers.add(name: "Authorization", value: "Bearer \(token)") }
        if let lastID { request.headers.add(name: "Last-Event-ID", value: "\(lastID)") }
        return EventStream(try await HTTPClient.shared.execute(request, timeout: .seconds(90)))
    }

    /// - Returns: nil when the stream has ended.
    func next() async throws -> Event? {
        while true {
            if let end = buffered.range(of: "\n\n") {
                let block = buffered[..<end.lowerBound]
                buffered.removeSubrange(..<end.upperBound)
                var event = Event(id: nil, name: "", data: "")
                for line in block.split(separator: "\n") {
                    if line.hasPrefix(":") { comments.append(String(line)) }
                    if line.hasPrefix("id: ") { event.id = Int(line.dropFirst(4)) }
                    if line.hasPrefix("event: ") { event.name = String(line.dropFirst(7)) }
                    if line.hasPrefix("data: ") { event.data += line.dropFirst(6) }
                }
                if !event.name.isEmpty { return event }
                continue
            }
            guard let more = try await iterator.next() else { return nil }
            buffered += String(buffer: more)
        }
    }

    /// Reads on to the first event of this name.
    func first(_ name: String) async throws -> Event? {
        while let event = try await next() { if event.name == name { return event } }
        return nil
    }

    /// Reads on until a comment line has come.
    func comment() async throws -> String? {
        while comments.isEmpty {
            guard let more = try await iterator.next() else { return nil }
            buffered += String(buffer: more)
            if let line = buffered.split(separator: "\n").first(where: { $0.hasPrefix(":") }) {
                comments.append(String(line))
            }
        }
        return comments.first
    }
}
