import Actors
import Foundation
import NIOCore

/// The site's access token: one for all calls, fetched once however many wait for it, renewed before it ends.
///
/// - Source: developers.ezyvet.com, "Authentication": OAuth 2.0 client credentials; a token holds for 12 hours.
actor EzyVetTokens {
    private struct Answer: Decodable {
        let access_token: String
        let token_type: String?
        let expires_in: EzyVetNumber
    }

    private struct Token {
        let value: String
        let until: Date
    }

    private let configuration: EzyVetConfiguration
    private let url: FetchURL
    private let connections: ToolConnections
    private let now: @Sendable () -> Date
    private var token: Token?
    private var fetching: Task<Token, any Error>?

    init(
        _ configuration: EzyVetConfiguration,
        url: FetchURL,
        connections: ToolConnections,
        now: @escaping @Sendable () -> Date
    ) {
        self.configuration = configuration
        self.url = url
        self.connections = connections
        self.now = now
    }

    /// - Throws: `ToolFault`, `ToolError`.
    func current() async throws -> String {
        if let token, now() < token.until { return token.value }
        let task: Task<Token, any Error>
        if let fetching {
            task = fetching
        } else {
            task = Task { try await fetch() }
            fetching = task
        }
        let result = await task.result
        if fetching == task { fetching = nil }
        try Task.checkCancellation()
        let token = try result.get()
        self.token = token
        return token.value
    }

    /// A token that was refused is not used again; one that was fetched meanwhile is.
    func discard(_ value: String) {
        if token?.value == value { token = nil }
    }

    private func fetch() async throws -> Token {
        let body: JSON = [
            "partner_id": .text(configuration.partnerID), "client_id": .text(configuration.clientID),
            "client_secret": .text(configuration.clientSecret), "grant_type": "client_credentials",
            "scope": .text(configuration.scopes.joined(separator: ",")), "site_uid": .text(configuration.siteUID),
        ]
        let request = ToolRequest(
            method: "POST",
            url: url,
            headers: [("Content-Type", "application/json"), ("Accept", "application/json")],
            body: ByteBuffer(string: body.serialized)
        )
        let asked = now()
        let answer = try await connections.exchange(request, .operators, within: configuration.timeout) { response in
            switch Int(response.status.code) {
            case 200: try await response.whole(upTo: 64 << 10)
            case 400, 401, 403: throw ToolError(.refused, "The practice's records do not let the agent in.")
            case let status: throw ToolFault.lost("the token's answer was status \(status)")
            }
        }
        guard let read = try? JSONDecoder().decode(Answer.self, from: Data(answer.readableBytesView)),
            !read.access_token.isEmpty, HeaderText.isToken(read.access_token), read.expires_in.value > 0,
            read.token_type?.lowercased() ?? "bearer" == "bearer"
        else { throw ToolFault.malformed("the token's answer holds no token") }
        // Renewed five minutes early, or at half its time when it is a short one.
        let seconds = Double(min(read.expires_in.value, 86_400 * 30))
        return Token(
            value: read.access_token,
            until: asked.addingTimeInterval(seconds - min(300, seconds / 2))
        )
    }
}

extension HeaderText {
    /// A bearer token (RFC 6750, section 2.1).
    static func isToken(_ text: String) -> Bool {
        text.utf8.count <= 16_384 && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }
}
