import COpenSSL

/// Keyed hashes and comparison from OpenSSL's libcrypto.
package enum MessageAuthentication {
    package enum Digest { case sha1, sha256, sha512 }

    /// HMAC (RFC 2104) of `message`.
    package static func code(_ digest: Digest, key: [UInt8], message: [UInt8]) -> [UInt8] {
        var output = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        var length: UInt32 = 0
        let kind =
            switch digest {
            case .sha1: EVP_sha1()
            case .sha256: EVP_sha256()
            case .sha512: EVP_sha512()
            }
        // OpenSSL takes an empty key only through a pointer that is not nil.
        let secret = key.isEmpty ? [0] : key
        guard HMAC(kind, secret, Int32(key.count), message, message.count, &output, &length) != nil else { return [] }
        return Array(output.prefix(Int(length)))
    }

    /// SHA-256 of `message`.
    package static func sha256(_ message: [UInt8]) -> [UInt8] {
        var output = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        var length: UInt32 = 0
        guard EVP_Digest(message, message.count, &output, &length, EVP_sha256(), nil) == 1 else { return [] }
        return Array(output.prefix(Int(length)))
    }

    /// Compares in a time that does not depend on where the two differ. An empty code equals nothing.
    package static func areEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        guard left.count == right.count, !left.isEmpty else { return false }
        return CRYPTO_memcmp(left, right, left.count) == 0
    }

    /// Random bytes from the system, for secrets.
    package static func randomBytes(_ count: Int) -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        return (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    }
}
