import Actors
import Foundation

/// Secrets and signatures, given to the tools by whoever reads the environment.
public struct ToolKeys: Sendable {
    let secret: @Sendable (String) -> String?
    let hmacSHA256: @Sendable (_ key: [UInt8], _ message: [UInt8]) -> [UInt8]

    /// - Parameters:
    ///   - secret: an environment variable's value by its name; asked for names that begin with `PARLEY_TOOL_` only.
    ///   - hmacSHA256: RFC 2104 with SHA-256: 32 bytes.
    public init(
        secret: @escaping @Sendable (String) -> String?,
        hmacSHA256: @escaping @Sendable (_ key: [UInt8], _ message: [UInt8]) -> [UInt8]
    ) {
        self.secret = secret
        self.hmacSHA256 = hmacSHA256
    }

    /// - Returns: nil when it is missing, empty, or would not stay in one header.
    func value(_ name: String) -> String? {
        guard ToolSecretName.isAllowed(name), let value = secret(name), !value.isEmpty, HeaderText.isValue(value) else {
            return nil
        }
        return value
    }
}

/// What proves who asks, with its secret.
enum ToolProof: Sendable {
    case none
    case header(name: String, value: String)
    case hmac(header: String, key: [UInt8], sign: @Sendable ([UInt8], [UInt8]) -> [UInt8])

    /// - Throws: `DeclarationFault` for a secret that is not there.
    init(_ auth: HTTPToolDeclaration.Auth, _ keys: ToolKeys) throws(DeclarationFault) {
        func value(_ name: String) throws(DeclarationFault) -> String {
            guard let value = keys.value(name) else {
                throw DeclarationFault("auth.secret", "set the environment variable \(name) to the secret")
            }
            return value
        }
        switch auth {
        case .none: self = .none
        case .bearer(let secret): self = .header(name: "Authorization", value: "Bearer " + (try value(secret)))
        case .basic(let user, let secret):
            let both = Data("\(user):\(try value(secret))".utf8).base64EncodedString()
            self = .header(name: "Authorization", value: "Basic " + both)
        case .header(let name, let secret): self = .header(name: name, value: try value(secret))
        case .hmac(let header, let secret):
            self = .hmac(header: header, key: Array(try value(secret).utf8), sign: keys.hmacSHA256)
        }
    }

    /// The header that goes with a request.
    ///
    /// - Parameter now: seconds since 1970, so that a request that was overheard cannot be sent again much later.
    func header(for request: ToolRequest, now: Int64) -> (String, String)? {
        switch self {
        case .none: return nil
        case .header(let name, let value): return (name, value)
        case .hmac(let header, let key, let sign):
            var message = Array("\(now).\(request.method).\(request.url.target).".utf8)
            if let body = request.body { message += body.readableBytesView }
            let hex = sign(key, message).map { byte in
                let digits = String(byte, radix: 16)
                return byte < 16 ? "0" + digits : digits
            }
            return (header, "t=\(now),v1=\(hex.joined())")
        }
    }
}
