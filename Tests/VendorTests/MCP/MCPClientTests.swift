import Actors
import Engine
import Legs
import Testing
import VendorServers

extension VendorLoopback {
    @Suite("MCP client")
    struct MCPClientTests {
        private func run(
            _ behaviour: MCPServer.Behaviour = .init(),
            _ change: (inout MCPServerDeclaration, inout MCPLimits) -> Void = { _, _ in },
            _ body: (MCPClient, MCPServer) async throws -> Void
        ) async throws {
            let server = try await MCPServer(behaviour)
            var declared = MCPServerDeclaration(
                name: "crm",
                url: server.url,
                reach: .operators,
                allow: ["echo", "slow", "fails", "big", "plain"]
            )
            declared.auth = .bearer(secret: "PARLEY_TOOL_ORDERS")
            declared.readOnly = ["echo"]
            declared.timeout = .seconds(10)
            var limits = MCPLimits()
            change(&declared, &limits)
            try await ToolRig.connections { connections in
                let client = try MCPClient(declared, keys: ToolRig.keys, connections: connections, limits: limits)
                try await body(client, server)
                await client.close()
            }
            await server.idle()
            await server.stop()
        }

        private func tool(_ name: String, _ client: MCPClient) async throws -> any Tool {
            try #require(try await client.tools().first { $0.declaration.name == "crm_" + name })
        }

        @Test(arguments: [false, true])
        func aToolIsListedAndCalled(_ streams: Bool) async throws {
            var behaviour = MCPServer.Behaviour()
            behaviour.streams = streams
            try await run(behaviour) { (client, server) async throws in
                let echo = try await tool("echo", client)
                let result = try await echo.call(["a": "ä\n\"b\""], ToolRig.context)
                #expect(result.content["echo"]?["params"]?["arguments"] == ["a": "ä\n\"b\""])
                let seen = server.seen
                #expect(
                    seen.methods == [
                        "initialize", "notifications/initialized", "tools/list", "tools/list", "tools/call",
                    ]
                )
                #expect(seen.refusals.isEmpty)
                #expect(seen.headers.allSatisfy { $0["authorization"] == "Bearer s3cret" })
                #expect(seen.headers.dropFirst().allSatisfy { $0["mcp-session-id"] == "session-1" })
            }
        }

        @Test func onlyAllowedToolsAreOffered() async throws {
            var behaviour = MCPServer.Behaviour()
            behaviour.tools = [
                .init("echo", #"Says it.\n again\u0007"#), .init("forbidden"), .init("plain", schema: #""text""#),
                .init("fails", schema: #"{"type":"object","x":"\#(String(repeating: "x", count: 20_000))"}"#),
                .init("echo", "A second one."),
            ]
            try await run(behaviour) { (client, _) async throws in
                let tools = try await client.tools()
                #expect(tools.map(\.declaration.name) == ["crm_echo"])
                #expect(tools.first?.declaration.description == "Says it. again")
                #expect(tools.first?.declaration.hasEffect == false)
            }
        }

        @Test func whatAServerSaysOfEffectsIsNotBelieved() async throws {
            try await run { (client, _) async throws in
                #expect(try await tool("big", client).declaration.hasEffect)
            }
        }

        @Test func aServerWithoutSessionsIsFine() async throws {
            var behaviour = MCPServer.Behaviour()
            behaviour.keepsSessions = false
            try await run(behaviour) { (client, server) async throws in
                _ = try await tool("echo", client).call([:], ToolRig.context)
                #expect(server.seen.headers.allSatisfy { $0["mcp-session-id"] == nil })
            }
            behaviour.version = "2025-03-26"
            try await run(behaviour) { client, _ in _ = try await client.tools() }
        }

        @Test func anEndedSessionIsOpenedAnewOnce() async throws {
            try await run { (client, server) async throws in
                let echo = try await tool("echo", client)
                server.endSessions()
                _ = try await echo.call([:], ToolRig.context)
                #expect(server.seen.initializations == 2 && server.seen.calls.count == 1)
            }
        }

        @Test func manyAtOnceShareOneOpening() async throws {
            try await run { (client, server) async throws in
                try await withThrowingTaskGroup(of: Int.self) { group in
                    for _ in 0..<20 { group.addTask { try await client.tools().count } }
                    for try await count in group { #expect(count == 4) }
                }
                let echo = try await tool("echo", client)
                server.endSessions()
                await withTaskGroup(of: Void.self) { group in
                    for _ in 0..<20 { group.addTask { _ = try? await echo.call([:], ToolRig.context) } }
                }
                #expect(server.seen.initializations <= 3)
                #expect(server.seen.calls.count == 20)
            }
        }

        @Test func theServersOwnMessagesAreAnswered() async throws {
            var behaviour = MCPServer.Behaviour()
            behaviour.streams = true
            try await run(behaviour) { (client, server) async throws in
                let echo = try await tool("echo", client)
                let lists = server.seen.methods.filter { $0 == "tools/list" }.count
                server.change {
                    $0.before = [
                        #"{"jsonrpc":"2.0","id":"p1","method":"ping"}"#,
                        #"{"jsonrpc":"2.0","id":9,"method":"sampling/createMessage","params":{}}"#,
                        #"{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}"#,
                        #"{"jsonrpc":"2.0","id":77,"result":{"of":"another request"}}"#,
                    ]
                }
                _ = try await echo.call([:], ToolRig.context)
                await server.wait { $0.answers.count >= 2 }
                #expect(server.seen.answers.contains(#"{"id":"p1","jsonrpc":"2.0","result":{}}"#))
                #expect(server.seen.answers.contains { $0.contains("-32601") })
                server.change { $0.before = [] }
                _ = try await client.tools()
                #expect(server.seen.methods.filter { $0 == "tools/list" }.count == 2 * lists)
            }
        }

        @Test func aCallThatIsGivenUpIsCancelledAtTheServer() async throws {
            try await run { (client, server) async throws in
                let slow = try await tool("slow", client)
                let task = Task { try await slow.call([:], ToolRig.context) }
                await server.wait { $0.calls.count == 1 }
                task.cancel()
                await #expect(throws: CancellationError.self) { try await task.value }
                await server.wait { $0.cancelled.count == 1 }
                let id = server.seen.cancelled[0]
                #expect(server.seen.calls[0].contains(#""id":\#(id)"#))
            }
        }

        @Test func aCallThatTakesTooLongIsCancelledAtTheServer() async throws {
            try await run(.init(), { declared, _ in declared.timeout = .milliseconds(300) }) {
                (client, server) async throws in
                let slow = try await tool("slow", client)
                let error = await ToolRig.fault { _ = try await slow.call([:], ToolRig.context) }
                #expect((error as? ToolError)?.code == .timeout)
                await server.wait { $0.cancelled.count == 1 }
            }
        }

        @Test func aFailureOfTheToolIsToldInItsWords() async throws {
            try await run { (client, _) async throws in
                let error = await ToolRig.fault { _ = try await tool("fails", client).call([:], ToolRig.context) }
                #expect(error as? ToolError == ToolError(.refused, "No such order."))
            }
        }

        @Test func aProtocolErrorIsNot() async throws {
            var behaviour = MCPServer.Behaviour()
            behaviour.tools = [.init("echo"), .init("plain"), .init("gone")]
            try await run(behaviour, { declared, _ in declared.allow.append("gone") }) { (client, _) async throws in
                let plain = try await tool("plain", client)
                #expect(try await plain.call([:], ToolRig.context).content == "One\n[image]\nTwo")
                let error = await ToolRig.fault { _ = try await tool("gone", client).call([:], ToolRig.context) }
                #expect((error as? ToolError)?.code == .arguments)
                #expect((error as? ToolError)?.message.contains("secret") == false)
            }
        }

        @Test func aLongResultIsCut() async throws {
            try await run { (client, _) async throws in
                let content = try await tool("big", client).call([:], ToolRig.context).content
                #expect(content["truncated"] == true && content["beginning"]?.text?.utf8.count == 4096)
            }
        }

        @Test func aServerOfAnotherKindIsRefused() async throws {
            for change: @Sendable (inout MCPServer.Behaviour) -> Void in [
                { $0.version = "2099-01-01" }, { $0.hasTools = false },
            ] {
                var behaviour = MCPServer.Behaviour()
                change(&behaviour)
                try await run(behaviour) { (client, _) async throws in
                    await #expect(throws: ToolError.self) { try await client.tools() }
                }
            }
        }

        @Test func pagesThatDoNotEndAreBounded() async throws {
            var behaviour = MCPServer.Behaviour()
            behaviour.endlessPages = true
            try await run(behaviour) { (client, server) async throws in
                #expect(try await client.tools().count == 2)
                #expect(server.seen.methods.filter { $0 == "tools/list" }.count == MCPLimits().pages)
            }
        }

        @Test func anOldListServesWhileTheServerDoesNot() async throws {
            try await run(.init(), { _, limits in (limits.fresh, limits.pause) = (.zero, .zero) }) {
                (client, server) async throws in
                #expect(try await client.tools().count == 4)
                server.fail("tools/list", .serverError)
                #expect(try await client.tools().count == 4)
                server.change { $0.tools = [.init("echo")] }
                #expect(try await client.tools().count == 1)
            }
        }

        @Test func aServerThatDoesNotListIsLeftAloneForAWhile() async throws {
            try await run { (client, server) async throws in
                server.fail("tools/list", .serverError)
                for _ in 0..<3 { await #expect(throws: ToolError.self) { try await client.tools() } }
                #expect(server.seen.methods.filter { $0 == "tools/list" }.count == 1)
            }
        }

        @Test func manyAtOnceShareOneList() async throws {
            try await run { (client, server) async throws in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for _ in 0..<20 { group.addTask { _ = try await client.tools() } }
                    try await group.waitForAll()
                }
                #expect(server.seen.methods.filter { $0 == "tools/list" }.count == 2, "two pages")
            }
        }

        @Test func aPingIsAnswered() async throws {
            try await run { (client, server) async throws in
                try await client.ping()
                server.fail("ping", .serverError)
                await #expect(throws: ToolError.self) { try await client.ping() }
            }
        }

        @Test(arguments: [false, true], VendorFault.allCases)
        func aFaultIsAnErrorAndTheNextCallWorks(_ streams: Bool, _ fault: VendorFault) async throws {
            var behaviour = MCPServer.Behaviour()
            behaviour.streams = streams
            try await run(
                behaviour,
                { declared, limits in
                    declared.timeout = [.halfOpen, .slowDrip].contains(fault) ? .seconds(1) : .seconds(30)
                    declared.responseBytes = 200_000
                    limits.handshake = .seconds(20)
                }
            ) { (client, server) async throws in
                let echo = try await tool("echo", client)
                server.fail("tools/call", fault)
                let error = await ToolRig.fault { _ = try await echo.call([:], ToolRig.context) }
                let code = (error as? ToolError)?.code
                switch fault {
                case .halfOpen, .slowDrip: #expect(code == .timeout)
                case .unauthorized: #expect(code == .refused)
                default: #expect(code == .unavailable, "\(fault): \(String(describing: error))")
                }
                let next = await ToolRig.fault { try await client.ping() }
                #expect(next == nil)
            }
        }

        @Test(arguments: VendorFault.allCases)
        func aFaultWhileOpeningIsAnErrorAndTheNextOpeningWorks(_ fault: VendorFault) async throws {
            try await run(
                .init(),
                { _, limits in
                    limits.pause = .zero
                    limits.handshake = [.halfOpen, .slowDrip].contains(fault) ? .seconds(1) : .seconds(30)
                }
            ) { (client, server) async throws in
                server.fail("initialize", fault)
                await #expect(throws: ToolError.self) { try await client.tools() }
                server.change { $0.tools = [.init("echo")] }
                var tools: [any Tool] = []
                // A machine that is busy may need longer than the handshake is given.
                for _ in 0..<20 where tools.isEmpty { tools = (try? await client.tools()) ?? [] }
                #expect(tools.count == 1)
            }
        }
    }
}
