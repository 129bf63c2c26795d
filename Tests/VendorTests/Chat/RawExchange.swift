import AsyncHTTPClient
import Foundation
import NIOCore
import VendorServers

/// A request to a vendor's server written by hand: what the server does is judged without our client.
enum RawExchange {
    /// - Returns: status and body.
    static func post(
        _ path: String,
        _ body: String,
        headers: [(String, String)],
        to server: ChatServer
    ) async throws -> (status: Int, body: String) {
        var request = HTTPClientRequest(url: "http://127.0.0.1:\(server.port)\(path)")
        request.method = .POST
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        request.body = .bytes(ByteBuffer(string: body))
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(60))
        return (Int(response.status.code), String(buffer: try await response.body.collect(upTo: 1 << 20)))
    }

    /// The message of a refusal, where both vendors have it.
    static func refusal(_ body: String) throws -> String? {
        let wire = try JSONSerialization.jsonObject(with: Data(body.utf8)) as? [String: Any]
        return (wire?["error"] as? [String: Any])?["message"] as? String
    }
}
