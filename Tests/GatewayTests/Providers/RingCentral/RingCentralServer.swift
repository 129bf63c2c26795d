import AsyncHTTPClient
import Foundation
import Gateway
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle
import Synchronization

/// RingCentral's API on loopback, as its pages describe it: OAuth, subscriptions, call control, recordings, rate limits;
/// and the faults a test asks for.
final class RingCentralServer: Sendable {
    struct Seen: Sendable, Equatable {
        var method: String
        var path: String
        var authorization: String
        var body: String
    }

    /// An answer given once, to the next request whose path contains `path`.
    struct Fault: Sendable {
        var path: String
        var status: Int
        var headers: [String: String] = [:]
        var body = ""
        /// The answer does not come before this is called off.
        var isSilent = false
    }

    struct Subscription: Sendable {
        var address: String
        var status = "Active"
        var expiresIn = 315_360_000
    }

    struct State: Sendable {
        var seen: [Seen] = []
        var faults: [Fault] = []
        var tokens = 0
        /// Tokens that are not taken any more.
        var ended: Set<String> = []
        var tokenLifetime = 7199
        var subscriptions: [String: Subscription] = [:]
        var nextSubscription = 1
        /// By id: requests answered 404 before it is there.
        var recordings: [String: (misses: Int, type: String, bytes: [UInt8])] = [:]
        /// Requests left in the window, told in the headers; nil tells nothing.
        var remaining: Int?
    }

    let state = Mutex(State())
    /// Finished when the test is over: what waits in it is then let go.
    private let silence = AsyncStream.makeStream(of: Void.self)

    var seen: [Seen] { state.withLock { $0.seen } }
    func count(_ method: String, _ path: String) -> Int {
        seen.filter { $0.method == method && $0.path.contains(path) }.count
    }
    func fail(_ fault: Fault) { state.withLock { $0.faults.append(fault) } }

    /// Serves on a free port while `body` runs.
    static func run(_ body: (RingCentralServer, String) async throws -> Void) async throws {
        let server = RingCentralServer()
        let responder = CallbackResponder { (request: Request, _: BasicRequestContext) in
            try await server.respond(to: request)
        }
        try await LoopbackServer.run(responder) { port in
            defer { server.silence.continuation.finish() }
            try await body(server, "http://127.0.0.1:\(port)")
        }
    }

    private func respond(to request: Request) async throws -> Response {
        let bytes = try await request.body.collect(upTo: 1 << 20)
        let seen = Seen(
            method: request.method.rawValue,
            path: request.uri.path,
            authorization: request.headers[.authorization] ?? "",
            body: String(buffer: bytes)
        )
        let fault = state.withLock { state -> Fault? in
            state.seen.append(seen)
            guard let index = state.faults.firstIndex(where: { seen.path.contains($0.path) }) else { return nil }
            return state.faults.remove(at: index)
        }
        if let fault {
            if fault.isSilent { for await _ in silence.stream {} }
            return Self.answer(fault.status, fault.body, fault.headers)
        }
        return state.withLock { Self.answer(seen, &$0) }
    }

    private static func answer(_ seen: Seen, _ state: inout State) -> Response {
        if seen.path == "/restapi/oauth/token" { return token(seen, &state) }
        let bearer = seen.authorization.hasPrefix("Bearer ") ? String(seen.authorization.dropFirst(7)) : ""
        guard bearer.hasPrefix("token-"), !state.ended.contains(bearer) else {
            return answer(401, #"{"errorCode":"OAU-213","message":"Token not found"}"#)
        }
        let parts = seen.path.split(separator: "/").map(String.init)
        var headers: [String: String] = [:]
        if let remaining = state.remaining {
            headers = [
                "X-Rate-Limit-Group": "light", "X-Rate-Limit-Limit": "50", "X-Rate-Limit-Remaining": "\(remaining)",
                "X-Rate-Limit-Window": "60",
            ]
            state.remaining = max(0, remaining - 1)
        }
        if parts.count >= 3, parts[2] == "subscription" { return subscription(seen, parts, &state, headers) }
        if parts.count > 5, parts[4] == "recording" { return recording(parts[5], &state) }
        if parts.contains("telephony") {
            return seen.method == "DELETE" ? answer(204, "", headers) : answer(200, "{}", headers)
        }
        return answer(404, #"{"errorCode":"CMN-102"}"#)
    }

    private static func token(_ seen: Seen, _ state: inout State) -> Response {
        let basic = "Basic " + Data("client:secret".utf8).base64EncodedString()
        guard seen.authorization == basic,
            seen.body == "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=the.jwt%2B1"
        else { return answer(400, #"{"error":"invalid_grant","errorCode":"OAU-251"}"#) }
        state.tokens += 1
        return answer(
            200,
            #"{"access_token":"token-\#(state.tokens)","token_type":"bearer","expires_in":\#(state.tokenLifetime),"scope":"x"}"#
        )
    }

    private static func subscription(
        _ seen: Seen,
        _ parts: [String],
        _ state: inout State,
        _ headers: [String: String]
    ) -> Response {
        func json(_ id: String, _ subscription: Subscription) -> String {
            #"{"id":"\#(id)","status":"\#(subscription.status)","expiresIn":\#(subscription.expiresIn),"deliveryMode":"#
                + #"{"transportType":"WebHook","address":"\#(subscription.address)","encryption":false}}"#
        }
        let id = parts.count > 3 ? parts[3] : ""
        let body = try? RingCentralJSON(parsing: Array(seen.body.utf8))
        switch (seen.method, state.subscriptions[id]) {
        case ("GET", nil) where id.isEmpty:
            let all = state.subscriptions.sorted { $0.key < $1.key }.map { json($0.key, $0.value) }
            return answer(200, #"{"records":[\#(all.joined(separator: ","))]}"#, headers)
        case ("POST", nil) where id.isEmpty:
            guard let address = body?["deliveryMode"]?["address"]?.string, body?["eventFilters"]?.items.isEmpty == false
            else { return answer(400, #"{"errorCode":"SUB-501"}"#) }
            let id = "sub-\(state.nextSubscription)"
            state.nextSubscription += 1
            let new = Subscription(address: address, expiresIn: Int(body?["expiresIn"]?.integer ?? 900))
            state.subscriptions[id] = new
            return answer(200, json(id, new), headers)
        case (_, nil): return answer(404, #"{"errorCode":"CMN-102"}"#)
        case ("DELETE", .some):
            state.subscriptions[id] = nil
            return answer(204, "")
        case (_, .some(let subscription)): return answer(200, json(id, subscription), headers)
        }
    }

    private static func recording(_ id: String, _ state: inout State) -> Response {
        guard let recording = state.recordings[id], recording.misses == 0 else {
            if let recording = state.recordings[id] {
                state.recordings[id] = (recording.misses - 1, recording.type, recording.bytes)
            }
            return answer(404, #"{"errorCode":"CMN-102"}"#)
        }
        return Response(
            status: .ok,
            headers: [.contentType: recording.type],
            body: .init(byteBuffer: ByteBuffer(bytes: recording.bytes))
        )
    }

    private static func answer(_ status: Int, _ body: String, _ headers: [String: String] = [:]) -> Response {
        var fields: HTTPFields = [.contentType: "application/json"]
        for (name, value) in headers { fields[HTTPField.Name(name)!] = value }
        return Response(status: .init(code: status), headers: fields, body: .init(byteBuffer: ByteBuffer(string: body)))
    }
}

/// An HTTP server on a free port for the time of one closure.
enum LoopbackServer {
    static func run<Responder: HTTPResponder>(
        _ responder: Responder,
        body: (Int) async throws -> Void
    ) async throws where Responder.Context: InitializableFromSource<ApplicationRequestContextSource> {
        let (ports, port) = AsyncStream.makeStream(of: Int.self)
        let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        let application = Application(
            responder: responder,
            configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { port.yield($0.localAddress?.port ?? 0) },
            logger: logger
        )
        let group = ServiceGroup(services: [application], logger: logger)
        let running = Task {
            defer { port.finish() }
            try await group.run()
        }
        var failure: (any Error)?
        for await number in ports {
            do { try await body(number) } catch { failure = error }
            break
        }
        await group.triggerGracefulShutdown()
        try await running.value
        if let failure { throw failure }
    }
}

/// Sends each request once.
struct PlainTransport: VendorTransport {
    func send(_ request: VendorRequest) async throws(VendorError) -> VendorResponse {
        var outgoing = HTTPClientRequest(url: request.url)
        outgoing.method = .RAW(value: request.method.rawValue)
        for field in request.headers { outgoing.headers.add(name: field.name.rawName, value: field.value) }
        if !request.body.isEmpty { outgoing.body = .bytes(ByteBuffer(bytes: request.body)) }
        do {
            let (seconds, attoseconds) = request.deadline.components
            let response = try await HTTPClient.shared.execute(
                outgoing,
                timeout: .nanoseconds(seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
            )
            let body = try await response.body.collect(upTo: request.bodyLimit)
            var headers = HTTPFields()
            for (name, value) in response.headers {
                HTTPField.Name(name).map { headers.append(.init(name: $0, value: value)) }
            }
            return VendorResponse(
                status: .init(code: Int(response.status.code)),
                headers: headers,
                body: Array(buffer: body)
            )
        } catch is NIOTooManyBytesError {
            throw VendorError(.tooLarge, "The answer is too large.")
        } catch let error as HTTPClientError where error == .deadlineExceeded {
            throw VendorError(.timeout, "The answer did not come in time.")
        } catch {
            throw VendorError(.unreachable, "There is no connection.")
        }
    }
}

/// Time that passes only when it is slept away: a sleep returns at once, and it is later then. Ends every sleep beyond
/// `limit` as a cancellation does.
final class SleptTime: Sendable {
    private struct State {
        var now: ContinuousClock.Instant
        var sleeps: [Duration] = []
    }
    let start: ContinuousClock.Instant
    private let state: Mutex<State>
    private let limit: Duration

    init(limit: Duration = .seconds(1_000_000_000)) {
        let now = ContinuousClock.now
        start = now
        state = Mutex(State(now: now))
        self.limit = limit
    }

    /// How long each sleep was.
    var sleeps: [Duration] { state.withLock { $0.sleeps } }
    var elapsed: Duration { start.duration(to: state.withLock { $0.now }) }
    func advance(by duration: Duration) { state.withLock { $0.now = $0.now.advanced(by: duration) } }

    var time: VendorTime {
        VendorTime(
            now: { self.state.withLock { $0.now } },
            sleep: { target in
                guard self.start.duration(to: target) <= self.limit else { throw CancellationError() }
                try Task.checkCancellation()
                self.state.withLock { state in
                    state.sleeps.append(state.now.duration(to: target))
                    state.now = max(state.now, target)
                }
            }
        )
    }
}

extension RingCentralSettings {
    static func account(_ url: String) -> RingCentralSettings {
        var settings = RingCentralSettings()
        settings.baseURL = url
        settings.clientID = "client"
        settings.clientSecret = "secret"
        settings.jwtToken = "the.jwt+1"
        return settings
    }
}

/// Time that passes when a test says so: a sleep lasts until it is that late.
final class SteppedTime: Sendable {
    private struct State {
        var now: ContinuousClock.Instant
        var next = 0
        var sleepers: [Int: (until: ContinuousClock.Instant, wake: CheckedContinuation<Void, any Error>)] = [:]
    }
    private let state = Mutex(State(now: .now))

    func advance(by duration: Duration) {
        let woken = state.withLock { state in
            state.now = state.now.advanced(by: duration)
            let now = state.now
            let due = state.sleepers.filter { $0.value.until <= now }
            for id in due.keys { state.sleepers[id] = nil }
            return due.values.map(\.wake)
        }
        for wake in woken { wake.resume() }
    }

    /// To the moment that the next sleeper waits for. Nothing happens while nobody sleeps.
    func jump() {
        let pause = state.withLock { state in
            state.sleepers.values.map(\.until).min().map { state.now.duration(to: $0) }
        }
        if let pause { advance(by: pause) }
    }

    var time: VendorTime {
        VendorTime(now: { self.state.withLock { $0.now } }, sleep: { try await self.sleep(until: $0) })
    }

    private func sleep(until target: ContinuousClock.Instant) async throws {
        let id = state.withLock { state in
            state.next += 1
            return state.next
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let isOver = state.withLock { state in
                    if Task.isCancelled { return true }
                    if target <= state.now {
                        continuation.resume()
                    } else {
                        state.sleepers[id] = (target, continuation)
                    }
                    return false
                }
                if isOver { continuation.resume(throwing: CancellationError()) }
            }
        } onCancel: {
            let sleeper = state.withLock { $0.sleepers.removeValue(forKey: id) }
            sleeper?.wake.resume(throwing: CancellationError())
        }
    }
}
