import HTTPTypes
import Hummingbird
import NIOCore

/// An error as callers of the API see it: `{"error":{"code":"…","message":"…"}}`, without internals.
struct APIError: Error, HTTPResponseError {
    let status: HTTPResponse.Status
    let code: String
    let message: String
    /// For answers that tell when to ask again (RFC 9110 section 10.2.3).
    let retryAfterSeconds: Int?

    init(_ status: HTTPResponse.Status, _ code: String, _ message: String, retryAfterSeconds: Int? = nil) {
        self.status = status
        self.code = code
        self.message = message
        self.retryAfterSeconds = retryAfterSeconds
    }

    var json: String {
        #"{"error":{"code":\#(TwilioEncoder.quoted(code)),"message":\#(TwilioEncoder.quoted(message))}}"#
    }

    var response: Response {
        var headers: HTTPFields = [.contentType: "application/json"]
        headers[.retryAfter] = retryAfterSeconds.map(String.init)
        return Response(status: status, headers: headers, body: .init(byteBuffer: ByteBuffer(string: json)))
    }

    func response(from request: Request, context: some RequestContext) throws -> Response { response }
}

/// Turns every error of a route, also those of the library and unforeseen ones, into the same JSON.
struct ErrorMiddleware: RouterMiddleware {
    typealias Context = GatewayContext

    func handle(
        _ request: Request,
        context: GatewayContext,
        next: (Request, GatewayContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let error as APIError {
            return error.response
        } catch let error as HTTPError {
            return APIError(error.status, Self.code(error.status), error.body ?? error.status.reasonPhrase).response
        } catch {
            context.logger.error("request failed", metadata: ["error.type": "\(type(of: error))"])
            return APIError(.internalServerError, "internal", "Something went wrong on our side.").response
        }
    }

    private static func code(_ status: HTTPResponse.Status) -> String {
        switch status.code {
        case 404: "not_found"
        case 405: "method_not_allowed"
        case 413: "too_large"
        case 401: "unauthorized"
        default: "http_\(status.code)"
        }
    }
}
