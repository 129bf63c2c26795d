import Foundation
import JWTKit

/// The JSON Web Tokens (RFC 7519, HS256) that open the API, the event stream and the console.
public struct OperatorTokens: Sendable {
    public enum Role: String, Codable, Sendable, CaseIterable {
        case viewer, `operator`
    }

    public struct Claims: JWTPayload, Equatable {
        public var sub: SubjectClaim
        public var role: Role
        /// Whose calls; `*` for every tenant's.
        public var tenant: String
        public var iat: IssuedAtClaim
        public var exp: ExpirationClaim

        public func verify(using key: some JWTAlgorithm) throws { try exp.verifyNotExpired() }
    }

    private let keys: JWTKeyCollection

    /// - Parameter secret: at least 32 bytes; shorter ones are refused when the configuration is read.
    public init(secret: String) async {
        keys = JWTKeyCollection()
        await keys.add(hmac: HMACKey(from: Data(secret.utf8)), digestAlgorithm: .sha256)
    }

    public func mint(
        subject: String,
        tenant: String,
        role: Role,
        lifetime: Duration,
        now: Date = Date()
    ) async throws -> String {
        let claims = Claims(
            sub: .init(value: subject),
            role: role,
            tenant: tenant,
            iat: .init(value: now),
            exp: .init(value: now.addingTimeInterval(Double(lifetime.components.seconds)))
        )
        return try await keys.sign(claims)
    }

    /// - Throws: when the token is not ours, was changed, or has expired.
    public func verify(_ token: String) async throws -> Claims {
        try await keys.verify(token, as: Claims.self)
    }
}
