import Actors
import AsyncHTTPClient
import Foundation
import NIOCore

/// Asks a practice's ezyVet site. Shared by all calls of the practice.
public actor EzyVetClient {
    let configuration: EzyVetConfiguration
    private let base: FetchURL
    private let booking: FetchURL
    private let connections: ToolConnections
    private let tokens: EzyVetTokens
    private let now: @Sendable () -> Date
    /// The site asked to be left alone until then.
    private var busyUntil = ContinuousClock.now
    /// `uid`s of records that were found, by kind and id: a booking names them, and nothing else does.
    private var uids: [String: String] = [:]

    /// - Throws: `DeclarationFault` naming the setting.
    public init(
        _ configuration: EzyVetConfiguration,
        connections: ToolConnections,
        now: @escaping @Sendable () -> Date = { Date() }
    ) throws(DeclarationFault) {
        func origin(_ text: String, _ name: String) throws(DeclarationFault) -> FetchURL {
            guard let url = try? FetchURL(text), url.target == "/" else {
                throw DeclarationFault(name, "it must be https, host and port: https://api.ezyvet.com")
            }
            guard url.scheme == .https || ["localhost", "127.0.0.1", "::1"].contains(url.host) else {
                throw DeclarationFault(name, "it must be https")
            }
            return url
        }
        for (name, value) in [
            ("EZYVET_CLIENT_ID", configuration.clientID), ("EZYVET_CLIENT_SECRET", configuration.clientSecret),
            ("EZYVET_PARTNER_ID", configuration.partnerID), ("EZYVET_SITE_UID", configuration.siteUID),
        ] where value.isEmpty {
            throw DeclarationFault(name, "it is not set")
        }
        base = try origin(configuration.baseURL, "EZYVET_BASE_URL")
        booking = try origin(configuration.bookingBaseURL, "EZYVET_BOOKING_BASE_URL")
        guard let tokenURL = try? base.resolving("/v1/oauth/access_token") else {
            throw DeclarationFault("EZYVET_BASE_URL", "it is too long")
        }
        self.configuration = configuration
        self.connections = connections
        self.now = now
        tokens = EzyVetTokens(configuration, url: tokenURL, connections: connections, now: now)
    }

    /// Fetches a token, so that the first caller does not wait for it. Never fails.
    public func warm() async { _ = try? await tokens.current() }

    // MARK: - Reading

    /// All records of a question, page by page.
    ///
    /// - Throws: `ToolFault`, `ToolError`; more than `pages` pages is an error, because what is missing would not be noticed.
    func list<Item: Decodable & Sendable>(
        _ path: String,
        _ filters: [(String, String)],
        as type: Item.Type
    ) async throws -> [Item] {
        var all: [Item] = []
        for page in 1...max(1, configuration.pages) {
            let query = filters + [("limit", String(configuration.pageSize)), ("page", String(page))]
            let found: EzyVetPage<Item> = try await get(path, query)
            guard found.items.count <= configuration.pageSize else { throw ToolFault.malformed("a page is too long") }
            all += found.items
            guard page < found.pages, !found.items.isEmpty else { return all }
        }
        throw ToolError(.unavailable, "There are too many records of that. Transfer the caller instead.")
    }

    func get<Answer: Decodable & Sendable>(_ path: String, _ query: [(String, String)]) async throws -> Answer {
        let target = path + "?" + query.map { "\(Self.escaped($0.0))=\(Self.escaped($0.1))" }.joined(separator: "&")
        // A question that is too long for an address is a fault of ours, not the caller's.
        guard let url = try? base.resolving(target) else { throw ToolFault.malformed("the question is too long") }
        return try await send(ToolRequest(method: "GET", url: url), mayRepeat: true)
    }

    // MARK: - Writing

    /// - Throws: as `get`; `ToolFault.lost` and `timeout` when it is not known whether it was done.
    func post<Answer: Decodable & Sendable>(_ path: String, _ body: JSON) async throws -> Answer {
        guard let url = try? booking.resolving(path) else { throw ToolFault.malformed("the address is too long") }
        let request = ToolRequest(
            method: "POST",
            url: url,
            headers: [("Content-Type", "application/json")],
            body: ByteBuffer(string: body.serialized)
        )
        return try await send(request, mayRepeat: false)
    }

    // MARK: - One request

    private enum Reply: Sendable {
        case whole(ByteBuffer)
        case unauthorized
        case busy(Duration?)
    }

    /// What was refused unread (401, 429) is sent once more; nothing else is, when it changes something.
    private func send<Answer: Decodable & Sendable>(_ plain: ToolRequest, mayRepeat: Bool) async throws -> Answer {
        var hasNewToken = false
        var hasWaited = false
        var hasRepeated = false
        while true {
            try await waitForQuiet()
            let token = try await tokens.current()
            var request = plain
            request.headers += [("Authorization", "Bearer " + token), ("Accept", "application/json")]
            do {
                switch try await exchange(request) {
                case .whole(let body):
                    guard let answer = try? JSONDecoder().decode(Answer.self, from: Data(body.readableBytesView)) else {
                        throw ToolFault.malformed("the answer is not what ezyVet documents")
                    }
                    return answer
                case .unauthorized:
                    await tokens.discard(token)
                    guard !hasNewToken else {
                        throw ToolError(.refused, "The practice's records do not let the agent in.")
                    }
                    hasNewToken = true
                case .busy(let after):
                    busyUntil = max(busyUntil, .now + (after ?? .seconds(1)))
                    guard !hasWaited else { throw Self.busy }
                    hasWaited = true
                }
            } catch ToolFault.unreachable(let why) {
                // Never seen, so it can always be sent again.
                guard !hasRepeated else { throw ToolFault.unreachable(why) }
                hasRepeated = true
            } catch ToolFault.lost(let why) {
                guard mayRepeat, !hasRepeated else { throw ToolFault.lost(why) }
                hasRepeated = true
            }
        }
    }

    private func exchange(_ request: ToolRequest) async throws -> Reply {
        let limit = configuration.responseBytes
        return try await connections.exchange(request, .operators, within: configuration.timeout) { response in
            switch Int(response.status.code) {
            case 200...299: return .whole(try await response.whole(upTo: limit))
            case 401: return .unauthorized
            case 429: return .busy(Self.wait(response))
            case 404: throw ToolError(.notFound, "The practice's records hold nothing of it.")
            case 400, 409, 422: throw ToolError(.refused, "The practice's calendar or records did not take it.")
            case 403: throw ToolError(.refused, "The practice's records do not let the agent in.")
            case let status: throw ToolFault.lost("the answer was status \(status)")
            }
        }
    }

    /// A wait that a caller would not sit through is an error at once, and spares the site a request.
    private func waitForQuiet() async throws {
        let wait = ContinuousClock.now.duration(to: busyUntil)
        guard wait > .zero else { return }
        guard wait <= configuration.longestWait else { throw Self.busy }
        try await Task.sleep(for: wait)
    }

    private static let busy = ToolError(.unavailable, "The practice's records are busy. Take a message instead.")

    /// `Retry-After`, or the seconds of `x-ratelimit-reset`.
    private static func wait(_ response: HTTPClientResponse) -> Duration? {
        if let wait = RetryAfter.duration(response.headers, now: Date()) { return wait }
        guard let text = response.headers.first(name: "x-ratelimit-reset"), let seconds = Int(text),
            (0...3600).contains(seconds)
        else { return nil }
        return .seconds(min(seconds, 60))
    }

    // MARK: - Names of records

    func remember(_ uid: String?, _ kind: String, _ id: Int64) {
        guard let uid, uid.utf8.count <= 255 else { return }
        if uids.count >= 8192 { uids.removeAll(keepingCapacity: true) }
        uids["\(kind)/\(id)"] = uid
    }

    func uid(_ kind: String, _ id: String) -> String? { uids["\(kind)/\(id)"] }

    /// A record's `uid`, asked for when it was not found before.
    func lookUpUID(_ kind: String, _ id: String) async throws -> String {
        if let known = uid(kind, id) { return known }
        struct Named: Decodable, Sendable {
            let id: EzyVetNumber
            let uid: String?
        }
        let found: [Named] = try await list("/v1/\(kind)", [("id", id)], as: Named.self)
        guard let uid = found.first(where: { String($0.id.value) == id })?.uid else {
            throw ToolFault.malformed("a record without its uid")
        }
        remember(uid, kind, Int64(id) ?? 0)
        return uid
    }

    /// All but the unreserved characters (RFC 3986, section 2.3).
    private static func escaped(_ text: String) -> String {
        var allowed = CharacterSet.alphanumerics.intersection(CharacterSet(charactersIn: "\u{0}"..."\u{7F}"))
        allowed.insert(charactersIn: "-._~")
        return text.addingPercentEncoding(withAllowedCharacters: allowed) ?? ""
    }
}
