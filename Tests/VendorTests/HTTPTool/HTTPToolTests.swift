import Actors
import Engine
import Legs
import NIOCore
import Testing
import VendorServers

extension VendorLoopback {
    @Suite("HTTP tool")
    struct HTTPToolTests {
        private static let schema: JSON = [
            "type": "object", "properties": ["id": ["type": "string"]], "required": ["id"],
        ]

        private func run(
            path: String = "/orders/{id}",
            _ change: (inout HTTPToolDeclaration) -> Void = { _ in },
            arguments: JSON = ["id": "7"],
            answering: @escaping PlainServer.Handler
        ) async throws -> (result: ToolResult?, error: (any Error)?, requests: [PlainRequest]) {
            let requests = Locked<[PlainRequest]>([])
            let server = try await PlainServer { request, connection in
                requests.withLock { $0.append(request) }
                answering(request, connection)
            }
            var declared = HTTPToolDeclaration(
                name: "find_order",
                description: "Finds.",
                parameters: Self.schema,
                url: server.http.replacing("127.0.0.1", with: "localhost") + path
            )
            declared.timeout = .seconds(5)
            change(&declared)
            var result: ToolResult?
            var error: (any Error)?
            try await ToolRig.connections { connections in
                do {
                    let tool = try HTTPTool(
                        declared,
                        keys: ToolRig.keys,
                        connections: connections,
                        loopbackAllowed: true,
                        now: { .init(timeIntervalSince1970: 1_795_276_800) }
                    )
                    result = try await tool.call(arguments, ToolRig.context)
                } catch let thrown {
                    error = thrown
                }
            }
            await server.idle()
            await server.stop()
            return (result, error, requests.withLock { $0 })
        }

        private static func json(_ text: String) -> PlainServer.Handler {
            { $1.answer(200, headers: [("Content-Type", "application/json; charset=utf-8")], body: text.utf8) }
        }

        @Test func readingFillsTheAddressAndGivesTheAnswer() async throws {
            let (result, _, requests) = try await run(
                path: "/orders/{id}?who={id}",
                { $0.headers = ["X-Shop": "one"] },
                arguments: ["id": "7/8 é"],
                answering: Self.json(#"{"state":"sent"}"#)
            )
            #expect(result == ToolResult(["state": "sent"]))
            let request = try #require(requests.first)
            #expect(request.method == "GET" && request.target == "/orders/7%2F8%20%C3%A9?who=7%2F8%20%C3%A9")
            #expect(request.headers.first(name: "X-Shop") == "one")
            #expect(!request.headers.contains(name: "Idempotency-Key"))
            #expect(request.body.readableBytes == 0)
        }

        @Test func writingSendsTheArgumentsAndAKeyThatStaysTheSame() async throws {
            let (result, _, requests) = try await run({ $0.method = .post }, answering: { $1.answer(201) })
            #expect(result == ToolResult(["done": true]))
            let request = try #require(requests.first)
            #expect(String(buffer: request.body) == #"{"id":"7"}"#)
            #expect(request.headers.first(name: "Content-Type") == "application/json")
            #expect(request.headers.first(name: "Idempotency-Key") == "key-1")
        }

        @Test(arguments: [
            (HTTPToolDeclaration.Auth.bearer(secret: "PARLEY_TOOL_ORDERS"), "Authorization", "Bearer s3cret"),
            (.basic(user: "shop", secret: "PARLEY_TOOL_ORDERS"), "Authorization", "Basic c2hvcDpzM2NyZXQ="),
            (.header(name: "X-Key", secret: "PARLEY_TOOL_ORDERS"), "X-Key", "s3cret"),
        ])
        func whoAsksIsProven(_ auth: HTTPToolDeclaration.Auth, _ name: String, _ value: String) async throws {
            let (_, _, requests) = try await run({ $0.auth = auth }, answering: Self.json("{}"))
            #expect(requests.first?.headers.first(name: name) == value)
        }

        @Test func aSignatureCoversTimeMethodTargetAndBody() async throws {
            let (_, _, requests) = try await run(
                {
                    $0.method = .put
                    $0.auth = .hmac(header: "X-Signature", secret: "PARLEY_TOOL_ORDERS")
                },
                answering: Self.json("{}")
            )
            let signed = Array(#"1795276800.PUT./orders/7.{"id":"7"}"#.utf8)
            let proof = HMACSHA256.authenticate(Array("s3cret".utf8), signed).map {
                ($0 < 16 ? "0" : "") + String($0, radix: 16)
            }.joined()
            #expect(requests.first?.headers.first(name: "X-Signature") == "t=1795276800,v1=\(proof)")
        }

        /// RFC 4231, section 4.3.
        @Test func theTestsOwnSignatureIsTheStandards() {
            let code = HMACSHA256.authenticate(Array("Jefe".utf8), Array("what do ya want for nothing?".utf8))
            #expect(code.prefix(4) == [0x5b, 0xdc, 0xc1, 0x46] && code.suffix(4) == [0x64, 0xec, 0x38, 0x43])
        }

        @Test(arguments: ["PARLEY_TOOL_MISSING", "PARLEY_TOOL_BAD", "OPENAI_API_KEY"])
        func aSecretThatIsNotThereIsNamed(_ name: String) async throws {
            let (_, error, requests) = try await run({ $0.auth = .bearer(secret: name) }, answering: Self.json("{}"))
            #expect((error as? DeclarationFault)?.field == "auth.secret")
            #expect(requests.isEmpty)
        }

        @Test(
            arguments: [
                ("/data/0/name", #"{"data":[{"name":"Rex"}]}"#, "Rex"), ("", "[1,2]", [1, 2]),
                ("/n", #"{"n":null}"#, nil),
            ] as [(String, String, JSON)]
        )
        func thePointerPicksWhatIsGiven(_ pointer: String, _ body: String, _ content: JSON) async throws {
            let (result, _, _) = try await run({ $0.pointer = pointer }, answering: Self.json(body))
            #expect(result?.content == content)
        }

        @Test func whatThePointerDoesNotFindIsSaid() async throws {
            let (_, error, _) = try await run({ $0.pointer = "/data/name" }, answering: Self.json("{}"))
            #expect((error as? ToolError)?.code == .notFound)
        }

        @Test func aLongAnswerIsCutAndSaidToBe() async throws {
            let text = String(repeating: "é", count: 5000)
            let (result, _, _) = try await run(
                { $0.resultBytes = 101 },
                answering: { $1.answer(200, headers: [("Content-Type", "text/plain")], body: text.utf8) }
            )
            #expect(result?.content["truncated"] == true)
            #expect(result?.content["beginning"]?.text == String(repeating: "é", count: 50))
        }

        @Test(arguments: [
            (301, ToolError.Code.unavailable), (400, .arguments), (401, .refused), (403, .refused), (404, .notFound),
            (409, .refused), (422, .arguments), (429, .unavailable), (500, .unavailable), (503, .unavailable),
        ])
        func aStatusIsToldAsWhatItMeans(_ status: Int, _ code: ToolError.Code) async throws {
            let (_, error, requests) = try await run(answering: { request, connection in
                connection.answer(
                    status,
                    headers: [("Location", "/elsewhere"), ("Content-Type", "text/plain")],
                    body: "secret".utf8
                )
            })
            #expect((error as? ToolError)?.code == code)
            #expect((error as? ToolError)?.message.contains("secret") == false)
            #expect(requests.count == 1, "nothing is followed, nothing is tried again")
        }

        @Test(arguments: VendorFault.allCases)
        func aFaultIsAnErrorForTheModelAndLeavesNothingOpen(_ fault: VendorFault) async throws {
            let (result, error, _) = try await run(
                {
                    $0.timeout = [.halfOpen, .slowDrip].contains(fault) ? .milliseconds(400) : .seconds(30)
                    $0.responseBytes = 100_000
                },
                answering: { $1.play(fault) }
            )
            switch fault {
            case .empty: #expect(result == ToolResult(["done": true]))
            case .truncatedUTF8, .malformed, .serverError, .reset, .tooManyRequests, .endless:
                #expect((error as? ToolError)?.code == .unavailable, "\(String(describing: error))")
            case .unauthorized: #expect((error as? ToolError)?.code == .refused)
            case .halfOpen, .slowDrip: #expect((error as? ToolError)?.code == .timeout)
            }
        }

        @Test func givingUpClosesTheRequest() async throws {
            let arrived = AsyncStream<Void>.makeStream()
            let server = try await PlainServer { _, _ in arrived.continuation.yield() }
            var declared = HTTPToolDeclaration(
                name: "x",
                description: "x",
                parameters: Self.schema,
                url: server.http + "/{id}"
            )
            declared.timeout = .seconds(30)
            try await ToolRig.connections { connections in
                let tool = try HTTPTool(declared, keys: ToolRig.keys, connections: connections, loopbackAllowed: true)
                let task = Task { try await tool.call(["id": 1], ToolRig.context) }
                var arrivals = arrived.stream.makeAsyncIterator()
                await arrivals.next()
                task.cancel()
                await #expect(throws: CancellationError.self) { try await task.value }
            }
            await server.idle()
            await server.stop()
        }

        @Test func hundredsOfCallsWithFaultsLeaveNoConnection() async throws {
            let faults: [VendorFault] = [
                .reset, .serverError, .malformed, .empty, .endless, .truncatedUTF8, .unauthorized,
            ]
            let count = Locked(0)
            let server = try await PlainServer { _, connection in
                let number = count.withLock { number in
                    number += 1
                    return number
                }
                connection.play(faults[number % faults.count])
            }
            var declared = HTTPToolDeclaration(
                name: "x",
                description: "x",
                parameters: Self.schema,
                url: server.http + "/{id}"
            )
            (declared.timeout, declared.responseBytes) = (.seconds(30), 1000)
            try await ToolRig.connections { connections in
                let tool = try HTTPTool(declared, keys: ToolRig.keys, connections: connections, loopbackAllowed: true)
                for _ in 0..<30 {
                    await withTaskGroup(of: Void.self) { group in
                        for _ in 0..<10 { group.addTask { _ = try? await tool.call(["id": 1], ToolRig.context) } }
                        // The last ones are given up while they are under way.
                        for _ in 0..<8 { await group.next() }
                        group.cancelAll()
                    }
                }
                await server.idle()
                #expect(server.openConnections == 0)
                #expect(server.acceptedConnections <= 300)
            }
            #expect(count.withLock { $0 } >= 240)
            await server.stop()
        }

        @Test func nobodyListeningIsAnError() async throws {
            let server = try await PlainServer { _, _ in }
            let port = server.port
            await server.stop()
            try await ToolRig.connections { connections in
                let declared = HTTPToolDeclaration(
                    name: "x",
                    description: "x",
                    parameters: Self.schema,
                    url: "http://127.0.0.1:\(port)/{id}"
                )
                let tool = try HTTPTool(declared, keys: ToolRig.keys, connections: connections, loopbackAllowed: true)
                let error = await ToolRig.fault { _ = try await tool.call(["id": 1], ToolRig.context) }
                #expect((error as? ToolError)?.code == .unavailable)
            }
        }
    }
}
