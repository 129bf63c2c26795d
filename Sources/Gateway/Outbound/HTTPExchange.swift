import AsyncHTTPClient
import Foundation
import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOPosix

/// One request and its answer, whole: bounded in time and size, and ended on the socket when nobody waits for it any more.
enum HTTPExchange {
    enum Outcome: Sendable {
        case answered(VendorResponse)
        /// No connection: the request was not seen.
        case notReached(String)
        /// The connection broke after the request may have been seen.
        case lost(String)
        case timedOut
        case tooLarge
        case cancelled
    }

    static func perform(_ request: VendorRequest, over client: HTTPClient, within limit: Duration) async -> Outcome {
        await withTaskGroup(of: Outcome.self) { group in
            group.addTask { await exchange(request, over: client, within: limit) }
            group.addTask {
                try? await Task.sleep(for: limit)
                return Task.isCancelled ? .cancelled : .timedOut
            }
            let first = await group.next() ?? .cancelled
            // Ends the exchange that is under way: its connection is closed, not left to finish unread.
            group.cancelAll()
            return first
        }
    }

    private static func exchange(
        _ request: VendorRequest,
        over client: HTTPClient,
        within limit: Duration
    ) async -> Outcome {
        var outgoing = HTTPClientRequest(url: request.url)
        outgoing.method = HTTPMethod(rawValue: request.method.rawValue)
        for field in request.headers { outgoing.headers.add(name: field.name.rawName, value: field.value) }
        if !request.body.isEmpty { outgoing.body = .bytes(ByteBuffer(bytes: request.body)) }
        do {
            let response = try await client.execute(outgoing, deadline: .now() + TimeAmount(limit))
            let declared = response.headers.first(name: "Content-Length").flatMap { Int($0) } ?? 0
            guard request.method == .head || declared <= request.bodyLimit else { return .tooLarge }
            var body: [UInt8] = []
            for try await part in response.body {
                guard body.count + part.readableBytes <= request.bodyLimit else { return .tooLarge }
                body.append(contentsOf: part.readableBytesView)
            }
            // A body that ends because the task was cancelled is not the whole body.
            guard !Task.isCancelled else { return .cancelled }
            return .answered(
                VendorResponse(
                    status: .init(code: Int(response.status.code)),
                    headers: fields(response.headers),
                    body: body
                )
            )
        } catch {
            return Task.isCancelled ? .cancelled : outcome(of: error)
        }
    }

    private static func fields(_ headers: HTTPHeaders) -> HTTPFields {
        var fields = HTTPFields()
        for (name, value) in headers {
            if let name = HTTPField.Name(name) { fields.append(HTTPField(name: name, value: value)) }
        }
        return fields
    }

    /// What an error means, in words that hold nothing of the request. What is not known to have happened before the request
    /// was sent counts as after.
    private static func outcome(of error: any Error) -> Outcome {
        switch error {
        case let error as HTTPClientError: outcome(of: error)
        case let error as NIOConnectionError:
            .notReached(
                error.connectionErrors.isEmpty ? "its name could not be resolved" : "no connection was accepted"
            )
        case let error as IOError where isBeforeConnection(error): .notReached("no connection was accepted")
        case is IOError: .lost("the connection broke")
        case is HTTPParserError: .lost("the answer is not HTTP")
        default: .lost("the connection could not be used")
        }
    }

    private static func outcome(of error: HTTPClientError) -> Outcome {
        switch error {
        case .connectTimeout: .notReached("the connection took too long")
        case .tlsHandshakeTimeout: .notReached("the TLS handshake took too long")
        case .getConnectionFromPoolTimeout: .notReached("no connection became free in time")
        case .deadlineExceeded, .readTimeout: .timedOut
        case .cancelled: .cancelled
        case .remoteConnectionClosed: .lost("the connection was closed before the answer was whole")
        default: .lost("the exchange failed")
        }
    }

    private static func isBeforeConnection(_ error: IOError) -> Bool {
        [ECONNREFUSED, EHOSTUNREACH, ENETUNREACH, EADDRNOTAVAIL].contains(error.errnoCode)
    }
}
