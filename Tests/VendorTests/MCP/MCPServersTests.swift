import Actors
import Engine
import Legs
import Testing
import VendorServers

extension VendorLoopback {
    @Suite("MCP servers")
    struct MCPServersTests {
        private func run(
            _ change: (inout MCPLimits) -> Void = { _ in },
            _ body: (MCPServers, MCPServer, MCPServerDeclaration) async throws -> Void
        ) async throws {
            let server = try await MCPServer()
            var declared = MCPServerDeclaration(
                name: "crm",
                url: server.url,
                reach: .operators,
                allow: ["echo", "slow"]
            )
            declared.timeout = .seconds(30)
            var limits = MCPLimits()
            // What is judged here does not depend on it, and a busy machine may need longer than a caller would wait.
            limits.farewell = .seconds(30)
            limits.handshake = .seconds(30)
            change(&limits)
            try await ToolRig.connections { connections in
                let servers = MCPServers(keys: ToolRig.keys, connections: connections, limits: limits)
                try await body(servers, server, declared)
                await servers.close()
            }
            await server.idle()
            await server.stop()
        }

        private func tool(_ name: String, _ client: MCPClient) async throws -> any Tool {
            try #require(try await client.tools().first { $0.declaration.name == "crm_" + name })
        }

        @Test func allCallsShareADeclarationsClient() async throws {
            try await run { (servers, server, declared) async throws in
                _ = try await servers.client(for: declared).tools()
                await servers.keep([declared])
                _ = try await servers.client(for: declared).tools()
                #expect(server.seen.initializations == 1 && server.seen.deletions == 0)
            }
        }

        @Test func aDeclarationThatIsNotInForceAnyMoreLosesItsClientAndItsSession() async throws {
            try await run { (servers, server, declared) async throws in
                _ = try await servers.client(for: declared).tools()
                await servers.keep([])
                await server.wait { $0.deletions == 1 }
                #expect(await servers.declared.isEmpty)
                _ = try await servers.client(for: declared).tools()
                #expect(server.seen.initializations == 2, "read again, it begins anew")
            }
        }

        @Test func aRetiredClientIsFreedWhenNoCallHoldsItsTools() async throws {
            try await run { (servers, server, declared) async throws in
                weak var client: MCPClient?
                var echo: (any Tool)?
                do {
                    let made = try await servers.client(for: declared)
                    echo = try await tool("echo", made)
                    client = made
                }
                await servers.keep([])
                await server.wait { $0.deletions == 1 }
                #expect(client != nil, "a call holds its tool")
                echo = nil
                await servers.keep([])
                // The goodbye was seen, but its task may still be ending.
                for _ in 0..<1_000_000 where client != nil { await Task.yield() }
                #expect(client == nil)
                _ = echo
            }
        }

        @Test func aCallThatHasTheToolsOfARetiredClientUsesThemAndLeavesNoSession() async throws {
            try await run { (servers, server, declared) async throws in
                let echo = try await tool("echo", try await servers.client(for: declared))
                await servers.keep([])
                await server.wait { $0.deletions == 1 }
                _ = try await echo.call(["a": 1], ToolRig.context)
                await server.wait { $0.deletions == 2 }
                #expect(server.seen.initializations == 2 && server.seen.refusals.isEmpty)
            }
        }

        @Test func aRequestThatIsUnderWayKeepsItsSession() async throws {
            try await run { (servers, server, declared) async throws in
                let slow = try await tool("slow", try await servers.client(for: declared))
                let call = Task { try await slow.call([:], ToolRig.context) }
                await server.wait { $0.calls.count == 1 }
                await servers.keep([])
                #expect(server.seen.deletions == 0)
                call.cancel()
                _ = await call.result
                await server.wait { $0.deletions == 1 && $0.cancelled.count == 1 }
            }
        }

        @Test func closingEndsEverySessionAndRefusesWhatComesLater() async throws {
            try await run { (servers, server, declared) async throws in
                var other = declared
                other.name = "orders"
                let client = try await servers.client(for: declared)
                let echo = try await tool("echo", client)
                _ = try await servers.client(for: other).tools()
                await servers.close()
                #expect(server.seen.deletions == 2)
                let late = await ToolRig.fault { _ = try await echo.call([:], ToolRig.context) }
                #expect((late as? ToolError)?.code == .unavailable)
                await #expect(throws: ToolError.self) { try await servers.client(for: declared) }
                #expect(server.seen.initializations == 2)
            }
        }

        @Test func closingWhileASessionIsBeingOpenedLeavesNone() async throws {
            try await run { (servers, server, declared) async throws in
                server.fail("notifications/initialized", .halfOpen)
                let client = try await servers.client(for: declared)
                let opening = Task { try await client.tools() }
                await server.wait { $0.initializations == 1 && $0.methods.contains("notifications/initialized") }
                await servers.close()
                #expect(server.seen.deletions == 1)
                await #expect(throws: (any Error).self) { try await opening.value }
            }
        }

        @Test(.timeLimit(.minutes(5)))
        func aServerThatDoesNotAnswerTheGoodbyeDoesNotHoldTheShutdownUp() async throws {
            try await run({ $0.farewell = .milliseconds(200) }) { (servers, server, declared) async throws in
                _ = try await servers.client(for: declared).tools()
                server.fail("DELETE", .halfOpen)
                await servers.close()
                #expect(server.seen.deletions == 1)
            }
        }
    }
}
