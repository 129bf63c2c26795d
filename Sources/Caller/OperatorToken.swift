import Foundation

/// The bearer token with which the caller's side listens to the engine's events.
public enum OperatorToken {
    /// Where a token was found, or nil when there is none.
    ///
    /// In this order: `given`, `PARLEY_TOKEN`, one minted with `PARLEY_JWT_SECRET`, one minted with the secret the
    /// engine keeps in `operator.secret` in its data directory (`PARLEY_DATA_DIR`, `var` by default).
    public static func find(given: String?, environment: [String: String], now: Date = Date()) -> String? {
        if let given, !given.isEmpty { return given }
        if let token = environment["PARLEY_TOKEN"], !token.isEmpty { return token }
        if let secret = environment["PARLEY_JWT_SECRET"], !secret.isEmpty { return mint(secret: secret, now: now) }
        let directory = environment["PARLEY_DATA_DIR"].flatMap { $0.isEmpty ? nil : $0 } ?? "var"
        let file = URL(fileURLWithPath: directory).appendingPathComponent("operator.secret")
        guard let text = try? String(contentsOf: file, encoding: .utf8) else { return nil }
        let secret = text.trimmingCharacters(in: .whitespacesAndNewlines)
        return secret.isEmpty ? nil : mint(secret: secret, now: now)
    }

    /// A JWT (RFC 7519) signed HS256 (RFC 7515), for one hour, as operator of every tenant.
    public static func mint(secret: String, now: Date) -> String {
        let issued = Int(now.timeIntervalSince1970)
        let header = #"{"alg":"HS256","typ":"JWT"}"#
        let claims =
            #"{"sub":"parley-call","role":"operator","tenant":"*","iat":\#(issued),"exp":\#(issued + 3600)}"#
        let signed = base64URL(Array(header.utf8)) + "." + base64URL(Array(claims.utf8))
        let signature = KeyedHash.authenticate(Array(signed.utf8), key: Array(secret.utf8), .sha256)
        return signed + "." + base64URL(signature)
    }

    private static func base64URL(_ bytes: [UInt8]) -> String {
        Data(bytes).base64EncodedString()
            .replacingOccurrences(of: "+", with: "-")
            .replacingOccurrences(of: "/", with: "_")
            .replacingOccurrences(of: "=", with: "")
    }
}
