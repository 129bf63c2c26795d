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
        output.removeLast(output.count - Int(length))
        return output
    }

    /// SHA-256 of `message`.
    package static func sha256(_ message: [UInt8]) -> [UInt8] {
        var output = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        var length: UInt32 = 0
        guard EVP_Digest(message, message.count, &output, &length, EVP_sha256(), nil) == 1 else { return [] }
        return Array(output.prefix(Int(length)))
    }

    /// RFC 4648 section 4, with padding, as bytes.
    package static func base64(_ code: [UInt8]) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: (code.count + 2) / 3 * 4 + 1) { text, count in
            // It also writes a zero behind the text.
            count = Int(EVP_EncodeBlock(text.baseAddress, code, Int32(code.count)))
        }
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
