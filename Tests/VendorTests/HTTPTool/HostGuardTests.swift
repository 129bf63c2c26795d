import Actors
import Legs
import NIOCore
import Testing
import VendorServers

extension VendorLoopback {
    @Suite("Where tools may reach")
    struct HostGuardTests {
        private static let schema: JSON = [
            "type": "object", "properties": ["id": ["type": "string"]], "required": ["id"],
        ]

        @Test(arguments: [
            "127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "fd00::1", "::ffff:10.0.0.1", "0.0.0.0",
            "not an address",
        ])
        func aNameThatLeadsInsideIsNotConnected(_ address: String) async throws {
            try await ToolRig.connections(["rebind.example": address]) { connections in
                let declared = HTTPToolDeclaration(
                    name: "x",
                    description: "x",
                    parameters: Self.schema,
                    url: "https://rebind.example/{id}"
                )
                let tool = try HTTPTool(declared, keys: ToolRig.keys, connections: connections)
                let error = await ToolRig.fault { _ = try await tool.call(["id": 1], ToolRig.context) }
                #expect((error as? ToolError)?.code == .refused)
            }
        }

        @Test func theSystemsResolverSaysWhatItFoundAndNothingOfWhatItDidNot() async throws {
            #expect(PublicAddress.isLoopback(try await SystemToolResolver().address(of: "localhost", port: 1)))
            await #expect(throws: (any Error).self) {
                try await SystemToolResolver().address(of: "name.invalid", port: 1)
            }
        }

        @Test func theConnectionGoesToTheAddressThatWasJudged() async throws {
            // A TLS handshake arrives at the judged address, though the name resolves nowhere else.
            let arrived = AsyncStream<Void>.makeStream()
            let server = try await PlainServer { _, _ in arrived.continuation.yield() }
            try await ToolRig.connections(["shop.example": "127.0.0.1"], isPublic: { $0 == "127.0.0.1" }) {
                connections in
                let declared = HTTPToolDeclaration(
                    name: "x",
                    description: "x",
                    parameters: Self.schema,
                    url: "https://shop.example:\(server.port)/{id}"
                )
                let tool = try HTTPTool(declared, keys: ToolRig.keys, connections: connections)
                let error = await ToolRig.fault { _ = try await tool.call(["id": 1], ToolRig.context) }
                #expect((error as? ToolError)?.code == .unavailable, "no TLS is spoken there")
            }
            #expect(server.acceptedConnections > 0)
            await server.stop()
        }
    }
}
