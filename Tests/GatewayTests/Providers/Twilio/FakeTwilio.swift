import Foundation
import Gateway
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// Twilio's REST API on loopback, as far as its public pages describe it: accounts, calls, recordings, error bodies.
final class FakeTwilio: Sendable {
    static let accountSID = "AC0123456789abcdef0123456789abcdef"
    static let token = "b5a7f0c2d4e6981f3a5c7e9b1d2f4a6c"

    struct Asked: Sendable {
        var method: String
        /// Under the account.
        var path: String
        var query: String
        var form: FormParameters
        var authorization: String
    }

    struct Reply: Sendable {
        var status: Int
        var headers: [(String, String)] = []
        var body: [UInt8] = []

        static func json(_ status: Int, _ text: String, _ headers: [(String, String)] = []) -> Reply {
            Reply(status: status, headers: [("Content-Type", "application/json")] + headers, body: Array(text.utf8))
        }

        /// Errors as the vendor writes them.
        static func error(_ status: Int, code: Int, _ headers: [(String, String)] = []) -> Reply {
            json(status, #"{"code":\#(code),"message":"no","more_info":"https://x","status":\#(status)}"#, headers)
        }
    }

    enum Fault: Sendable {
        case reply(Reply)
        /// The request is carried out, and the connection is cut before the answer.
        case cut
        /// The request is carried out and never answered.
        case silence
    }

    struct State {
        var asked: [Asked] = []
        var faults: [Fault] = []
        var calls: [String: String] = [:]
        /// By id: channels there are.
        var recordings: [String: Int] = [:]
        var passwords = [FakeTwilio.token]
        var user = FakeTwilio.accountSID
        var created = 0
    }

    let state = Mutex(State())
    private let channel = Mutex<(any Channel)?>(nil)

    var asked: [Asked] { state.withLock { $0.asked } }
    var baseURL: String { "http://127.0.0.1:\(channel.withLock { $0?.localAddress?.port ?? 0 })" }

    var account: TwilioAccount {
        get throws {
            var settings = TwilioSettings()
            settings.accountSID = Self.accountSID
            settings.baseURL = baseURL + "/"
            guard let account = TwilioAccount(settings, tokens: [Self.token]) else {
                throw CocoaError(.coderInvalidValue)
            }
            return account
        }
    }

    /// Serves for the time of one test.
    static func run(_ body: (FakeTwilio, TwilioREST) async throws -> Void) async throws {
        let twilio = FakeTwilio()
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(Handler(twilio))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        twilio.channel.withLock { $0 = server }
        do {
            try await body(twilio, TwilioREST(account: twilio.account, transport: LoopbackTransport()))
        } catch {
            try? await server.close()
            throw error
        }
        try await server.close()
    }

    fileprivate func answer(_ asked: Asked) -> Fault {
        state.withLock { state in
            state.asked.append(asked)
            let fault = state.faults.isEmpty ? nil : state.faults.removeFirst()
            if case .reply? = fault { return fault ?? .silence }
            let reply = Self.carryOut(asked, &state)
            return fault ?? .reply(reply)
        }
    }

    private static func carryOut(_ asked: Asked, _ state: inout State) -> Reply {
        let allowed = state.passwords.map { "Basic " + Data("\(state.user):\($0)".utf8).base64EncodedString() }
        guard allowed.contains(asked.authorization) else { return .error(401, code: 20003) }
        let path = asked.path.split(separator: "/").map(String.init)
        switch (asked.method, path.first, path.count) {
        case ("POST", "Calls.json", 1):
            let ways = ["Url", "Twiml", "ApplicationSid"].filter { asked.form[$0] != nil }
            guard asked.form["To"] != nil, asked.form["From"] != nil, ways.count == 1 else {
                return .error(400, code: 21201)
            }
            state.created += 1
            let sid = "CA" + String(repeating: "0", count: 31) + "\(state.created)"
            state.calls[sid] = "queued"
            return .json(201, #"{"sid":"\#(sid)","status":"queued"}"#)
        case (_, "Calls", 2): return call(String(path[1].dropLast(5)), asked, &state)
        case ("POST", "Calls", 3), ("POST", "Calls", 4):
            guard state.calls[path[1]] != nil else { return .error(404, code: 20404) }
            guard path.count == 4 else { return .json(201, #"{"sid":"RE1","status":"in-progress"}"#) }
            return .json(200, #"{"sid":"RE1","status":"\#(asked.form["Status"] ?? "")"}"#)
        case (_, "Recordings", 2): return recording(path[1], asked, &state)
        default: return .error(404, code: 20404)
        }
    }

    private static func call(_ sid: String, _ asked: Asked, _ state: inout State) -> Reply {
        guard let status = state.calls[sid] else { return .error(404, code: 20404) }
        if asked.method == "POST" {
            let changes = ["Url", "Twiml", "Status"].filter { asked.form[$0] != nil }
            guard changes.count == 1 else { return .error(400, code: 21218) }
            state.calls[sid] = asked.form["Status"] ?? status
        }
        return .json(200, #"{"sid":"\#(sid)","status":"\#(state.calls[sid] ?? "")"}"#)
    }

    private static func recording(_ name: String, _ asked: Asked, _ state: inout State) -> Reply {
        let sid = String(name.prefix { $0 != "." })
        guard let channels = state.recordings[sid] else { return .error(404, code: 20404) }
        switch (asked.method, name.hasSuffix(".wav")) {
        case ("DELETE", _):
            state.recordings[sid] = nil
            return Reply(status: 204)
        case ("GET", true):
            let wanted = FormParametersText.number("RequestedChannels", asked.query) ?? 1
            guard wanted <= channels else { return .error(400, code: 21220) }
            return Reply(status: 200, headers: [("Content-Type", "audio/x-wav")], body: Array("RIFF\(wanted)".utf8))
        default: return .json(200, #"{"sid":"\#(sid)","status":"completed","duration":"7"}"#)
        }
    }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundOut = HTTPServerResponsePart
        private let twilio: FakeTwilio
        private var head: HTTPRequestHead?
        private var body: [UInt8] = []

        init(_ twilio: FakeTwilio) { self.twilio = twilio }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch unwrapInboundIn(data) {
            case .head(let head):
                self.head = head
                body = []
            case .body(let part): body += part.readableBytesView
            case .end: answer(context)
            }
        }

        private func answer(_ context: ChannelHandlerContext) {
            guard let head else { return }
            let parts = head.uri.split(separator: "?", maxSplits: 1).map(String.init)
            let prefix = "/2010-04-01/Accounts/\(FakeTwilio.accountSID)"
            let asked = Asked(
                method: head.method.rawValue,
                path: parts[0].hasPrefix(prefix) ? String(parts[0].dropFirst(prefix.count)) : "?",
                query: parts.count > 1 ? parts[1] : "",
                form: (try? FormParameters(parsing: body)) ?? FormParameters(),
                authorization: head.headers.first(name: "Authorization") ?? ""
            )
            switch twilio.answer(asked) {
            case .cut: context.close(promise: nil)
            case .silence: break
            case .reply(let reply):
                var headers = HTTPHeaders(reply.headers)
                headers.add(name: "Content-Length", value: "\(reply.body.count)")
                let status = HTTPResponseStatus(statusCode: reply.status)
                context.write(
                    wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: status, headers: headers))),
                    promise: nil
                )
                context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: reply.body)))), promise: nil)
                context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
            }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }
}

enum FormParametersText {
    /// A number in a query.
    static func number(_ name: String, _ query: String) -> Int? {
        (try? FormParameters(parsing: Array(query.utf8)))?[name].flatMap { Int($0) }
    }
}
