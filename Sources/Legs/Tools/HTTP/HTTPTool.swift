import Actors
import AsyncHTTPClient
import Foundation
import NIOCore

/// A declared tool: one request for each call, to the declared host only.
public struct HTTPTool: Tool {
    public let declaration: ToolDeclaration
    private let http: HTTPToolDeclaration
    private let template: URLTemplate
    private let proof: ToolProof
    private let pointer: JSONPointer?
    private let reach: HostGuard.Reach
    private let connections: ToolConnections
    private let now: @Sendable () -> Date

    /// - Parameter loopbackAllowed: the engine's setting; tools may reach this machine.
    /// - Throws: `DeclarationFault`, the first one.
    public init(
        _ declared: HTTPToolDeclaration,
        keys: ToolKeys,
        connections: ToolConnections,
        loopbackAllowed: Bool = false,
        now: @escaping @Sendable () -> Date = { Date() }
    ) throws(DeclarationFault) {
        if let fault = declared.faults(loopbackAllowed: loopbackAllowed).first { throw fault }
        do throws(URLTemplate.Fault) {
            template = try URLTemplate(declared.url)
        } catch {
            throw DeclarationFault("url", "it cannot be read")
        }
        proof = try ToolProof(declared.auth, keys)
        pointer = declared.pointer.isEmpty ? nil : JSONPointer(declared.pointer)
        http = declared
        reach = .internet(loopback: loopbackAllowed)
        self.connections = connections
        self.now = now
        declaration = ToolDeclaration(
            name: declared.name,
            description: declared.description,
            parameters: declared.parameters,
            timeout: declared.timeout,
            hasEffect: declared.hasEffect
        )
    }

    public func call(_ arguments: JSON, _ context: ToolContext) async throws -> ToolResult {
        let request = try request(arguments, context)
        do {
            return try await connections.exchange(request, reach, within: http.timeout) { response in
                try await result(response)
            }
        } catch {
            throw ToolFault.toldError(error)
        }
    }

    private func request(_ arguments: JSON, _ context: ToolContext) throws(ToolError) -> ToolRequest {
        let url: FetchURL
        do throws(URLTemplate.Misfit) { url = try template.expanded(arguments) } catch { throw error.told }
        var request = ToolRequest(method: http.method.rawValue, url: url)
        request.headers = http.headers.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        if http.headers.keys.allSatisfy({ $0.lowercased() != "accept" }) {
            request.headers.append(("Accept", "application/json, text/plain;q=0.5"))
        }
        if http.method.hasBody {
            request.headers.append(("Content-Type", "application/json"))
            request.body = ByteBuffer(string: arguments.serialized)
        }
        if http.hasEffect, HeaderText.isValue(context.idempotencyKey) {
            request.headers.append(("Idempotency-Key", context.idempotencyKey))
        }
        if let header = proof.header(for: request, now: Int64(now().timeIntervalSince1970)) {
            request.headers.append(header)
        }
        return request
    }

    private func result(_ response: HTTPClientResponse) async throws -> ToolResult {
        let status = Int(response.status.code)
        guard (200...299).contains(status) else { throw Self.refusal(status) }
        let body = try await response.whole(upTo: http.responseBytes)
        guard body.readableBytes > 0 else { return ToolResult(["done": true]) }
        if response.mediaType == "application/json" || response.mediaType.hasSuffix("+json") {
            guard let value = try? JSON(parsing: body.readableBytesView) else {
                throw ToolFault.malformed("the answer is not JSON")
            }
            guard let found = pointer.map({ $0.value(in: value) }) ?? value else {
                throw ToolError(.notFound, "The service's answer does not hold what was asked for.")
            }
            return ToolResult(ToolText.bounded(found, upTo: http.resultBytes))
        }
        guard response.mediaType.hasPrefix("text/"), pointer == nil, let text = ToolText.text(body.readableBytesView)
        else {
            throw ToolFault.malformed("the answer is neither JSON nor text")
        }
        return ToolResult(ToolText.bounded(.text(text), upTo: http.resultBytes))
    }

    private static func refusal(_ status: Int) -> any Error {
        switch status {
        case 300...399: ToolFault.malformed("the answer points elsewhere, which is not followed")
        case 400, 422: ToolError(.arguments, "The service did not take these arguments.")
        case 404, 410: ToolError(.notFound, "The service knows nothing of it.")
        case 408, 425, 429, 500...599: ToolError(.unavailable, "The service does not work at the moment.")
        default: ToolError(.refused, "The service did not allow it.")
        }
    }
}

extension URLTemplate.Misfit {
    var told: ToolError {
        switch self {
        case .missing(let name), .empty(let name): ToolError(.arguments, "\(name) is missing.")
        case .tooLong(let name): ToolError(.arguments, "\(name) is too long.")
        case .notPlain(let name): ToolError(.arguments, "\(name) must be a text, a number or true or false.")
        case .dots(let name): ToolError(.arguments, "\(name) is not a name that can be asked for.")
        }
    }
}
