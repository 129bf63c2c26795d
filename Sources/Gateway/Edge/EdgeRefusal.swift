import HTTPTypes

/// Why the edge turned a request or a connection away. The raw value is the metric's reason and the error's code.
package enum EdgeRefusal: String, Error, CaseIterable, Sendable {
    /// The address asked too often.
    case rateLimited = "rate_limited"
    /// The address is not among the allowed ones.
    case address
    case tooLarge = "too_large"
    case tooSlow = "too_slow"
    /// The body is compressed.
    case encoding
    case headerTooLarge = "header_too_large"
    case uriTooLong = "uri_too_long"
    case badHost = "bad_host"
    case badTarget = "bad_target"
    /// The body's length is told in more than one way, or in one that is not understood.
    case badFraming = "bad_framing"
    /// Not HTTP/1.1 as it must be.
    case badRequest = "bad_request"
    /// Too many connections, of the engine or of the address. Closed without an answer.
    case connections

    package var status: Int {
        switch self {
        case .rateLimited: 429
        case .address: 403
        case .tooLarge: 413
        case .tooSlow: 408
        case .encoding: 415
        case .headerTooLarge: 431
        case .uriTooLong: 414
        case .badHost, .badTarget, .badFraming, .badRequest: 400
        case .connections: 503
        }
    }

    package func message(_ limits: RequestLimits) -> String {
        switch self {
        case .rateLimited: "Too many requests from this address; ask again after Retry-After seconds."
        case .address: "This address may not call here (PARLEY_ALLOWED_ADDRESSES)."
        case .tooLarge: "The body is larger than \(limits.bodyBytes) bytes (PARLEY_BODY_BYTES)."
        case .tooSlow: "The request did not arrive in time; send it again without pauses."
        case .encoding: "Compressed bodies are not accepted: send the body without Content-Encoding."
        case .headerTooLarge: "The header is larger than \(limits.headerBytes) bytes (PARLEY_HEADER_BYTES)."
        case .uriTooLong:
            "The request's target is longer than \(limits.requestLineBytes) bytes (PARLEY_REQUEST_LINE_BYTES)."
        case .badHost: "A request carries exactly one Host header, a name or address."
        case .badTarget: "The request's target is a path that begins with a slash."
        case .badFraming:
            "The body's length is given once: either one Content-Length or Transfer-Encoding: chunked."
        case .badRequest: "This is not an HTTP/1.1 request."
        case .connections: "Too many connections."
        }
    }
}

/// The bounds of one request; all are configuration.
package struct RequestLimits: Sendable, Equatable {
    package var requestLineBytes: Int
    package var headerBytes: Int
    package var bodyBytes: Int
    /// From the connection's first byte, or the end of the request before, to the head's last byte. A new connection has
    /// this time too, its TLS handshake included.
    package var headTime: Duration
    /// From the head's end to the body's.
    package var bodyTime: Duration

    package init(
        requestLineBytes: Int,
        headerBytes: Int,
        bodyBytes: Int,
        headTime: Duration,
        bodyTime: Duration
    ) {
        self.requestLineBytes = requestLineBytes
        self.headerBytes = headerBytes
        self.bodyBytes = bodyBytes
        self.headTime = headTime
        self.bodyTime = bodyTime
    }

    /// Header fields of one request; a vendor's webhook has about 15.
    package static let headerFields = 100
}
