import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// What every request that acts has in common: an operator's token, a bounded JSON body, `Idempotency-Key`.
struct OperatorDesk: Sendable {
    let tokens: OperatorTokens
    let keys: IdempotencyKeys
    /// The longest request holds a text to be said.
    static let bodyBytes = 16_384
    static let keyBytes = 128

    typealias Act = @Sendable (OperatorTokens.Claims, [UInt8]) async throws -> IdempotencyKeys.Answer

    func take(_ request: Request, _ act: Act) async throws -> Response {
        let claims = try await Access.claims(of: request, tokens: tokens, takesQuery: false)
        guard claims.role == .operator else {
            throw APIError(.forbidden, "forbidden", "This needs the role operator.")
        }
        let body = try await body(of: request)
        guard let key = request.headers[.idempotencyKey] else {
            return Self.response(try await Self.answer(claims, body, act))
        }
        guard (1...Self.keyBytes).contains(key.utf8.count), key.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw APIError(
                .badRequest,
                "bad_key",
                "Idempotency-Key is 1 to \(Self.keyBytes) visible ASCII characters."
            )
        }
        return try await once("\(claims.tenant)\n\(claims.sub.value)\n\(key)", request, body) {
            try await Self.answer(claims, body, act)
        }
    }

    private func once(
        _ key: String,
        _ request: Request,
        _ body: [UInt8],
        _ answer: () async throws -> IdempotencyKeys.Answer
    ) async throws -> Response {
        let fingerprint = MessageAuthentication.sha256(Array("\(request.uri.path)\n".utf8) + body)
        switch keys.begin(key, fingerprint: fingerprint, now: Date()) {
        case .answered(let answer): return Self.response(answer)
        case .busy: throw APIError(.conflict, "in_progress", "A request with this Idempotency-Key is being done.")
        case .reused:
            throw APIError(
                .unprocessableContent,
                "key_reused",
                "This Idempotency-Key was used for another request; choose a new one."
            )
        case .full: return Self.response(Self.refusal(429, "rate_limited", "Too many requests at once.", after: 1))
        case .new:
            do {
                let answer = try await answer()
                keys.finish(key, answer.isFinal ? answer : nil)
                return Self.response(answer)
            } catch {
                keys.finish(key, nil)
                throw error
            }
        }
    }

    private func body(of request: Request) async throws -> [UInt8] {
        let buffer: ByteBuffer
        do {
            buffer = try await request.body.collect(upTo: Self.bodyBytes)
        } catch is NIOTooManyBytesError {
            throw APIError(.contentTooLarge, "too_large", "The body is larger than \(Self.bodyBytes) bytes.")
        }
        let type = request.headers[.contentType]?.prefix { $0 != ";" && $0 != " " }.lowercased()
        guard buffer.readableBytes == 0 || type == nil || type == "application/json" else {
            throw APIError(.unsupportedMediaType, "not_json", "Send the body as application/json.")
        }
        return Array(buffer.readableBytesView)
    }

    /// A request that was understood and could not be done is an answer too: sent again, it is the same.
    private static func answer(
        _ claims: OperatorTokens.Claims,
        _ body: [UInt8],
        _ act: Act
    ) async throws -> IdempotencyKeys.Answer {
        do {
            return try await act(claims, body)
        } catch let error as APIError {
            return IdempotencyKeys.Answer(status: error.status.code, json: error.json)
        } catch let error as ControlError {
            return refusal(error.code.status, error.code.rawValue, error.message, after: error.retryAfter?.wholeSeconds)
        }
    }

    private static func refusal(_ status: Int, _ code: String, _ message: String, after: Int?) -> IdempotencyKeys.Answer
    {
        let error = APIError(.init(code: status), code, message)
        return IdempotencyKeys.Answer(status: status, json: error.json, retryAfter: after)
    }

    private static func response(_ answer: IdempotencyKeys.Answer) -> Response {
        var headers: HTTPFields = [.contentType: "application/json"]
        if let seconds = answer.retryAfter { headers[.retryAfter] = "\(seconds)" }
        if let location = answer.location { headers[.location] = location }
        return Response(
            status: .init(code: answer.status),
            headers: headers,
            body: .init(byteBuffer: ByteBuffer(string: answer.json))
        )
    }
}

extension IdempotencyKeys.Answer {
    /// Trying again would change nothing: it was done, or is wrong in itself.
    var isFinal: Bool { status < 500 && status != 429 }
}

extension ControlError.Code {
    var status: Int {
        switch self {
        case .notSupported: 501
        case .notConfigured: 503
        case .gone: 409
        case .rateLimited: 429
        case .failed: 502
        }
    }
}

extension Duration {
    /// Rounded up, and at least one: for `Retry-After`.
    fileprivate var wholeSeconds: Int {
        max(1, Int(components.seconds) + (components.attoseconds > 0 ? 1 : 0))
    }
}

extension HTTPField.Name {
    static let idempotencyKey = HTTPField.Name("Idempotency-Key")!
}
