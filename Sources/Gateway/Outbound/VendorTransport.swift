import HTTPTypes

/// A request to a vendor's HTTP API.
public struct VendorRequest: Sendable {
    public var method: HTTPRequest.Method
    /// Absolute, `https://…`.
    public var url: String
    public var headers: HTTPFields
    public var body: [UInt8]
    /// All attempts together, and the pauses between them.
    public var deadline: Duration
    /// One attempt; nil: half of `deadline` where a second one is allowed, all of it otherwise.
    public var attemptDeadline: Duration?
    /// A second attempt after a lost answer does no harm. Others are repeated only when the vendor said it did nothing
    /// (429, 503 with Retry-After) or was never reached.
    public var isIdempotent: Bool
    /// Bytes of the answer's body that are read; a longer one is an error.
    public var bodyLimit: Int

    public init(
        _ method: HTTPRequest.Method,
        _ url: String,
        headers: HTTPFields = [:],
        body: [UInt8] = [],
        deadline: Duration = .seconds(10),
        attemptDeadline: Duration? = nil,
        isIdempotent: Bool = false,
        bodyLimit: Int = 1 << 20
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.deadline = deadline
        self.attemptDeadline = attemptDeadline
        self.isIdempotent = isIdempotent
        self.bodyLimit = bodyLimit
    }
}

public struct VendorResponse: Sendable {
    public var status: HTTPResponse.Status
    public var headers: HTTPFields
    public var body: [UInt8]

    public init(status: HTTPResponse.Status, headers: HTTPFields = [:], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}

/// Why there is no response. Never holds a URL's query, a header, a body or a key.
public struct VendorError: Error, Sendable, Equatable {
    public enum Code: String, Sendable {
        case unreachable, timeout
        case tooLarge = "too_large"
        /// The address is not one the engine may call.
        case forbiddenAddress = "forbidden_address"
        /// The answer is not of a kind that was asked for.
        case unexpectedContent = "unexpected_content"
        /// The one who asked no longer wants the answer.
        case cancelled
    }
    public var code: Code
    public var message: String

    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }
}

/// Sends requests to vendors: retries with full jitter, `Retry-After` honoured, bounded in time and size.
public protocol VendorTransport: Sendable {
    /// - Returns: any response, also 4xx and 5xx once retries are used up.
    func send(_ request: VendorRequest) async throws(VendorError) -> VendorResponse
}
