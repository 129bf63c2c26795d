import Actors
import AsyncHTTPClient
import Engine
import Legs
import NIOPosix
import VendorServers

/// What tools are made of in tests: the engine's own pieces, with a resolver that is told what to say.
enum ToolRig {
    static func connections(
        _ addresses: [String: String] = [:],
        isPublic: @escaping @Sendable (String) -> Bool = PublicAddress.holds,
        _ body: (ToolConnections) async throws -> Void
    ) async throws {
        let group = MultiThreadedEventLoopGroup.singleton
        let client = VendorHTTP.client(group: group)
        do {
            try await body(
                ToolConnections(
                    client: client,
                    group: group,
                    resolver: Names(addresses: addresses),
                    isPublic: isPublic
                )
            )
            try await client.shutdown()
        } catch {
            try? await client.shutdown()
            throw error
        }
    }

    static let keys = ToolKeys(
        secret: { ["PARLEY_TOOL_ORDERS": "s3cret", "PARLEY_TOOL_BAD": "a\r\nb", "OPENAI_API_KEY": "no"][$0] },
        hmacSHA256: { HMACSHA256.authenticate($0, $1) }
    )

    static let context = ToolContext(callID: "c", tenant: "t", callerNumber: "+12025550142", idempotencyKey: "key-1")

    /// - Returns: the error that left the tool.
    static func fault(_ work: () async throws -> Void) async -> (any Error)? {
        do {
            try await work()
            return nil
        } catch {
            return error
        }
    }

    private struct Names: ToolHostResolver {
        struct Unknown: Error {}
        let addresses: [String: String]

        func address(of host: String, port: Int) async throws -> String {
            guard let address = addresses[host] else { throw Unknown() }
            return address
        }
    }
}
