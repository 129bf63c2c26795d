import Actors
import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import NIOSSL

/// A vendor's HTTP interface as one leg uses it: where it is, what proves who asks, and how long it may take. One for each
/// vendor and leg, shared by all calls; the connections below are shared by all of them.
public struct VendorHTTP: Sendable {
    public let baseURL: String
    public let limits: VendorLimits
    let failure: VendorFailure
    private let headers: [(String, String)]
    private let client: HTTPClient

    /// - Parameters:
    ///   - baseURL: `https://api.example.com/v1`, with or without a slash at its end.
    ///   - headers: sent with every request, the key among them.
    ///   - client: `VendorHTTP.client`, or one that is as careful.
    public init(
        leg: LegKind,
        provider: String,
        baseURL: String,
        headers: [(String, String)],
        client: HTTPClient,
        limits: VendorLimits = VendorLimits()
    ) {
        self.baseURL = baseURL.hasSuffix("/") ? String(baseURL.dropLast()) : baseURL
        self.limits = limits
        failure = VendorFailure(leg: leg, provider: provider)
        self.headers = headers
        self.client = client
    }

    /// The client that all vendors' legs share.
    ///
    /// - Parameters:
    ///   - connect: from the wish for a connection to its end, TLS included.
    ///   - idle: how long an unused connection is kept. Servers commonly keep theirs for 60 s: a request should not meet
    ///     one that is being closed.
    ///   - decompressedBytes: what one compressed answer may unfold to.
    ///   - tls: nil: the system's certificates are trusted.
    public static func client(
        group: any EventLoopGroup,
        connect: Duration = .seconds(3),
        idle: Duration = .seconds(55),
        decompressedBytes: Int = 64 << 20,
        tls: TLSConfiguration? = nil
    ) -> HTTPClient {
        // A vendor's address is a setting; where it would send us instead is not.
        var configuration = HTTPClient.Configuration(tlsConfiguration: tls, redirectConfiguration: .disallow)
        configuration.timeout.connect = TimeAmount(connect)
        configuration.connectionPool.idleTimeout = TimeAmount(idle)
        // The ninth call must not wait for the eighth (the library's own limit is 8).
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 1024
        // Supervision decides what is tried again.
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.decompression = .enabled(limit: .size(decompressedBytes))
        return HTTPClient(eventLoopGroupProvider: .shared(group), configuration: configuration)
    }

    /// Opens a connection with a request that costs nothing, so that the next one finds it open. Never fails.
    public func warm() async {
        var request = HTTPClientRequest(url: baseURL)
        request.method = .HEAD
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        guard let response = try? await client.execute(request, deadline: .now() + TimeAmount(limits.response)) else {
            return
        }
        // The connection is free for others once the answer is read.
        let body = BodyPump.body(
            response.body,
            limits: limits,
            failure: failure,
            eventLoop: client.eventLoopGroup.any()
        )
        do { for try await _ in body {} } catch {}
    }

    /// Posts JSON.
    ///
    /// - Parameters:
    ///   - path: from the base URL on, with its query: `/chat/completions`.
    ///   - accepts: the media type wanted, `text/event-stream`.
    /// - Throws: as `send`.
    public func post(
        _ path: String,
        json: some Encodable,
        headers: [(String, String)] = [],
        accepts: String
    ) async throws -> VendorResponse {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        let body: ByteBuffer
        do {
            body = ByteBuffer(bytes: try encoder.encode(json))
        } catch {
            throw failure.protocol("the request cannot be written as JSON")
        }
        return try await send(
            "POST",
            path,
            body: body,
            contentType: "application/json",
            headers: [("Accept", accepts)] + headers
        )
    }

    /// Sends one request and waits for the head of its answer.
    ///
    /// - Throws: `LegError`: 401, 403 and other 4xx "refused"; 408, 409, 425, 5xx "unavailable"; 429 and 529 "busy", with
    ///   the time the vendor asks for; no answer in `VendorLimits.response` "timeout"; trouble with the connection
    ///   "unavailable"; a status that is none of these "protocol". `CancellationError`.
    public func send(
        _ method: String,
        _ path: String,
        body: ByteBuffer?,
        contentType: String?,
        headers own: [(String, String)] = []
    ) async throws -> VendorResponse {
        var request = HTTPClientRequest(url: baseURL + path)
        request.method = HTTPMethod(rawValue: method)
        for (name, value) in headers + own { request.headers.add(name: name, value: value) }
        if let contentType { request.headers.replaceOrAdd(name: "Content-Type", value: contentType) }
        if let body { request.body = .bytes(body) }
        let response: HTTPClientResponse
        do {
            response = try await client.execute(request, deadline: .now() + TimeAmount(limits.response))
        } catch {
            throw failure.connection(error)
        }
        let status = Int(response.status.code)
        let isRefusal = !(200...299).contains(status)
        var limits = limits
        if isRefusal { limits.whole = limits.refusal }
        let answer = VendorResponse(
            status: status,
            headers: response.headers,
            body: BodyPump.body(
                response.body,
                limits: limits,
                failure: failure,
                eventLoop: client.eventLoopGroup.any()
            )
        )
        if isRefusal { throw try await refusal(answer) }
        return answer
    }

    /// The status decides; the body may add a word, if it comes whole.
    private func refusal(_ answer: VendorResponse) async throws -> LegError {
        let body = (try? await answer.collect(upTo: VendorErrorWord.bodyLimit)) ?? ByteBuffer()
        try Task.checkCancellation()
        return failure.refusal(status: answer.status, headers: answer.headers, body: body)
    }
}
