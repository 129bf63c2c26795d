// SAFETY: the only file here that calls libcrypto. `HMAC` reads key and message for the duration of the call and
// writes at most EVP_MAX_MD_SIZE (64) bytes, which is what `digest` holds; nothing is kept.
import COpenSSL

/// Keyed hashes (RFC 2104) by libcrypto: what a provider signs with.
enum KeyedHash {
    enum Algorithm { case sha1, sha256 }

    /// - Returns: 20 bytes for SHA-1, 32 for SHA-256.
    static func authenticate(_ message: [UInt8], key: [UInt8], _ algorithm: Algorithm) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: 64)
        var length: UInt32 = 0
        let hash = algorithm == .sha1 ? EVP_sha1() : EVP_sha256()
        let result = HMAC(hash, key, Int32(key.count), message, message.count, &digest, &length)
        precondition(result != nil, "libcrypto computes an HMAC of any key and message")
        return Array(digest.prefix(Int(length)))
    }
}
