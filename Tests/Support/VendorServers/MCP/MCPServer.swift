import Engine
import Foundation
import NIOCore

/// A Model Context Protocol server over streamable HTTP on loopback, written from the specification (2025-06-18) and not
/// from our client: strict about sessions, versions, headers and the order of things.
public final class MCPServer: Sendable {
    public struct ToolEntry: Sendable {
        public var name: String
        public var description: String
        /// JSON text of the schema.
        public var schema: String

        public init(_ name: String, _ description: String = "A tool.", schema: String = #"{"type":"object"}"#) {
            (self.name, self.description, self.schema) = (name, description, schema)
        }
    }

    public struct Behaviour: Sendable {
        public var tools = [ToolEntry("echo"), ToolEntry("slow"), ToolEntry("fails"), ToolEntry("big")]
        public var pageSize = 2
        /// Answers come as a stream of events, with other messages before them.
        public var streams = false
        /// Servers may keep no session.
        public var keepsSessions = true
        public var version = "2025-06-18"
        public var hasTools = true
        /// Sent before the answer on a stream, as they are.
        public var before: [String] = []
        /// The cursor that leads to itself.
        public var endlessPages = false

        public init() {}
    }

    public struct Seen: Sendable {
        public var initializations = 0
        public var methods: [String] = []
        public var calls: [String] = []
        public var cancelled: [Int64] = []
        /// Answers of the client to the server's own requests.
        public var answers: [String] = []
        public var deletions = 0
        public var refusals: [String] = []
        public var headers: [[String: String]] = []

        init() {}
    }

    struct Session: Sendable {
        var version: String
        var isReady = false
    }

    struct State: Sendable {
        var behaviour = Behaviour()
        var seen = Seen()
        var sessions: [String: Session] = [:]
        var faults: [(method: String, fault: VendorFault)] = []
        var waiting: [(test: @Sendable (Seen) -> Bool, continuation: CheckedContinuation<Void, Never>)] = []
    }

    let state = Locked(State())
    private let server = Locked<PlainServer?>(nil)

    public init(_ behaviour: Behaviour = Behaviour()) async throws {
        state.withLock { $0.behaviour = behaviour }
        let server = try await PlainServer { [self] request, connection in
            serve(request, connection)
            wake()
        }
        self.server.withLock { $0 = server }
    }

    public var url: String { (server.withLock { $0?.http } ?? "") + "/mcp" }
    public var seen: Seen { state.withLock { $0.seen } }
    public func change(_ change: (inout Behaviour) -> Void) { state.withLock { change(&$0.behaviour) } }

    /// The next message with this method (`DELETE`: a session's end) is answered with the fault.
    public func fail(_ method: String, _ fault: VendorFault, times: Int = 1) {
        state.withLock { $0.faults += Array(repeating: (method, fault), count: times) }
    }

    /// Every session is ended: their ids are answered with 404.
    public func endSessions() { state.withLock { $0.sessions = [:] } }

    /// Returns once what was seen is so.
    public func wait(until test: @escaping @Sendable (Seen) -> Bool) async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isSo = state.withLock { state in
                    if test(state.seen) || Task.isCancelled { return true }
                    state.waiting.append((test, continuation))
                    return false
                }
                if isSo { continuation.resume() }
            }
        } onCancel: {
            wake(all: true)
        }
    }

    public func idle() async { await server.withLock { $0 }?.idle() }
    public func stop() async { await server.withLock { $0 }?.stop() }

    private func wake(all: Bool = false) {
        let ready = state.withLock { state -> [CheckedContinuation<Void, Never>] in
            let seen = state.seen
            let ready = state.waiting.filter { all || $0.test(seen) }.map(\.continuation)
            state.waiting.removeAll { all || $0.test(seen) }
            return ready
        }
        for continuation in ready { continuation.resume() }
    }

    // MARK: - One message

    private struct Message: Decodable {
        struct Parameters: Decodable {
            let protocolVersion: String?
            let name: String?
            let cursor: String?
            let requestId: Int64?
        }
        let jsonrpc: String
        let id: ID?
        let method: String?
        let params: Parameters?
    }

    /// A client's ids are numbers; a server's own, that come back in answers, may be texts.
    private enum ID: Decodable {
        case number(Int64)
        case text(String)

        init(from decoder: any Decoder) throws {
            let single = try decoder.singleValueContainer()
            self =
                if let number = try? single.decode(Int64.self) { .number(number) } else {
                    .text(try single.decode(String.self))
                }
        }

        var json: String {
            switch self {
            case .number(let number): String(number)
            case .text(let text): "\"\(text)\""
            }
        }
    }

    private func serve(_ request: PlainRequest, _ connection: PlainConnection) {
        let headers = Dictionary(
            request.headers.map { ($0.name.lowercased(), $0.value) },
            uniquingKeysWith: { first, _ in first }
        )
        state.withLock { $0.seen.headers.append(headers) }
        guard request.path == "/mcp" else { return connection.answer(404) }
        if request.method == "DELETE" { return end(headers, connection) }
        // This server offers no stream of its own.
        guard request.method == "POST" else { return connection.answer(405) }
        let accepts = headers["accept"] ?? ""
        guard accepts.contains("application/json"), accepts.contains("text/event-stream"),
            headers["content-type"] == "application/json",
            let message = try? JSONDecoder().decode(Message.self, from: Data(request.body.readableBytesView)),
            message.jsonrpc == "2.0"
        else { return refuse(400, "no message", connection) }
        let text = String(buffer: request.body)
        guard let method = message.method else {
            state.withLock { $0.seen.answers.append(text) }
            return connection.answer(202)
        }
        let fault = state.withLock { state -> VendorFault? in
            state.seen.methods.append(method)
            guard let index = state.faults.firstIndex(where: { $0.method == method }) else { return nil }
            return state.faults.remove(at: index).fault
        }
        if let fault {
            let streams = state.withLock { $0.behaviour.streams }
            let type = streams ? "text/event-stream" : "application/json"
            return connection.play(fault, contentType: type)
        }
        if method == "initialize" { return initialize(message, headers, connection) }
        guard isInSession(headers, method, connection) else { return }
        switch method {
        case "notifications/initialized":
            state.withLock { $0.sessions[headers["mcp-session-id"] ?? "none"]?.isReady = true }
            connection.answer(202)
        case "notifications/cancelled":
            state.withLock { $0.seen.cancelled.append(message.params?.requestId ?? -1) }
            connection.answer(202)
        case "ping": result("{}", message, connection)
        case "tools/list": list(message, connection)
        case "tools/call":
            state.withLock { $0.seen.calls.append(text) }
            call(message, text, connection)
        default: error(-32601, message, connection)
        }
    }

    private func initialize(_ message: Message, _ headers: [String: String], _ connection: PlainConnection) {
        guard message.params?.protocolVersion != nil, headers["mcp-session-id"] == nil else {
            return refuse(400, "initialize", connection)
        }
        let (id, behaviour) = state.withLock { state -> (String, Behaviour) in
            state.seen.initializations += 1
            let id = state.behaviour.keepsSessions ? "session-\(state.seen.initializations)" : "none"
            state.sessions[id] = Session(version: state.behaviour.version)
            return (id, state.behaviour)
        }
        let capabilities = behaviour.hasTools ? #"{"tools":{"listChanged":true}}"# : "{}"
        result(
            #"{"protocolVersion":"\#(behaviour.version)","capabilities":\#(capabilities),"#
                + #""serverInfo":{"name":"test","version":"1"}}"#,
            message,
            connection,
            session: behaviour.keepsSessions ? id : nil
        )
    }

    private func isInSession(
        _ headers: [String: String],
        _ method: String,
        _ connection: PlainConnection
    ) -> Bool {
        let (session, keeps) = state.withLock {
            ($0.sessions[headers["mcp-session-id"] ?? "none"], $0.behaviour.keepsSessions)
        }
        guard let session else {
            if keeps, headers["mcp-session-id"] != nil {
                connection.answer(404)
            } else {
                refuse(400, "no session", connection)
            }
            return false
        }
        guard headers["mcp-protocol-version"] == session.version else {
            refuse(400, "version", connection)
            return false
        }
        guard session.isReady || method == "notifications/initialized" || method == "ping" else {
            refuse(400, "\(method) before initialized", connection)
            return false
        }
        return true
    }

    private func list(_ message: Message, _ connection: PlainConnection) {
        let behaviour = state.withLock { $0.behaviour }
        let start = message.params?.cursor.flatMap { Int($0) } ?? 0
        let page = behaviour.tools.dropFirst(start).prefix(behaviour.pageSize).map { tool in
            #"{"name":"\#(tool.name)","description":"\#(tool.description)","inputSchema":\#(tool.schema)}"#
        }
        let next = start + behaviour.pageSize
        let cursor =
            behaviour.endlessPages
            ? #","nextCursor":"0""# : next < behaviour.tools.count ? #","nextCursor":"\#(next)""# : ""
        result(#"{"tools":[\#(page.joined(separator: ","))]\#(cursor)}"#, message, connection)
    }

    private func call(_ message: Message, _ text: String, _ connection: PlainConnection) {
        switch message.params?.name {
        case "echo":
            let escaped = text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
            result(
                #"{"content":[{"type":"text","text":"\#(escaped)"}],"structuredContent":{"echo":\#(text)}}"#,
                message,
                connection
            )
        case "plain":
            result(
                #"{"content":[{"type":"text","text":"One"},{"type":"image","data":"AA==","mimeType":"image/png"},"#
                    + #"{"type":"resource","resource":{"uri":"x:y","text":"Two"}}]}"#,
                message,
                connection
            )
        case "fails":
            result(
                #"{"content":[{"type":"text","text":"No such order."}],"isError":true}"#,
                message,
                connection
            )
        case "big":
            let words = String(repeating: "word ", count: 20_000)
            result(#"{"content":[{"type":"text","text":"\#(words)"}]}"#, message, connection)
        case "slow": break
        default: error(-32602, message, connection)
        }
    }

    // MARK: - Answers

    private func result(
        _ result: String,
        _ message: Message,
        _ connection: PlainConnection,
        session: String? = nil
    ) {
        send(#"{"jsonrpc":"2.0","id":\#(message.id?.json ?? "null"),"result":\#(result)}"#, connection, session)
    }

    private func error(_ code: Int, _ message: Message, _ connection: PlainConnection) {
        let error = #"{"code":\#(code),"message":"secret of the server"}"#
        send(#"{"jsonrpc":"2.0","id":\#(message.id?.json ?? "null"),"error":\#(error)}"#, connection, nil)
    }

    private func send(_ text: String, _ connection: PlainConnection, _ session: String?) {
        let behaviour = state.withLock { $0.behaviour }
        let headers = session.map { [("Mcp-Session-Id", $0)] } ?? []
        guard behaviour.streams else {
            return connection.answer(200, headers: headers + [("Content-Type", "application/json")], body: text.utf8)
        }
        connection.begin(
            200,
            headers: headers + [("Content-Type", "text/event-stream"), ("Transfer-Encoding", "chunked")]
        )
        // An event that only says where to go on from, a comment, and what is to come before the answer.
        connection.chunk(Array("id: 1\ndata:\n\n: still here\n\n".utf8))
        for message in behaviour.before { connection.chunk(Array("event: message\ndata: \(message)\n\n".utf8)) }
        let half = text.utf8.count / 2
        let event = Array("event: message\nid: 2\ndata: \(text)\n\n".utf8)
        connection.chunk(event.prefix(half))
        connection.chunk(event.dropFirst(half))
        connection.endChunks()
    }

    private func refuse(_ status: Int, _ why: String, _ connection: PlainConnection) {
        state.withLock { $0.seen.refusals.append(why) }
        connection.answer(status)
    }

    private func end(_ headers: [String: String], _ connection: PlainConnection) {
        let (wasThere, fault) = state.withLock { state in
            state.seen.deletions += 1
            let fault = state.faults.firstIndex { $0.method == "DELETE" }.map { state.faults.remove(at: $0).fault }
            return (state.sessions.removeValue(forKey: headers["mcp-session-id"] ?? "") != nil, fault)
        }
        if let fault { return connection.play(fault, contentType: "application/json") }
        connection.answer(wasThere ? 204 : 404)
    }
}
