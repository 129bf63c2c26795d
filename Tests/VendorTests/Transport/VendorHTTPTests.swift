import Actors
import AsyncHTTPClient
import Legs
import NIOCore
import NIOPosix
import Testing
import VendorServers

extension VendorLoopback {
    @Suite("Vendor HTTP")
    struct VendorHTTPTests {
        /// Runs `body` against a server that answers as told.
        private func with(
            limits: VendorLimits = VendorLimits(response: .seconds(60), refusal: .seconds(60)),
            server handler: @escaping PlainServer.Handler,
            _ body: (VendorHTTP, PlainServer) async throws -> Void
        ) async throws {
            let server = try await PlainServer(handler)
            let client = VendorHTTP.client(group: MultiThreadedEventLoopGroup.singleton)
            let http = VendorHTTP(
                leg: .llm,
                provider: "test",
                baseURL: server.http + "/v1/",
                headers: [("Authorization", "Bearer secret-key")],
                client: client,
                limits: limits
            )
            let result: Result<Void, any Error>
            do { result = .success(try await body(http, server)) } catch { result = .failure(error) }
            try await client.shutdown()
            await server.stop()
            try result.get()
        }

        /// The error that `body` throws, which must be the leg's own.
        private func failure(_ body: () async throws -> Void) async -> LegError? {
            do {
                try await body()
                Issue.record("nothing was thrown")
                return nil
            } catch {
                if !(error is LegError) { Issue.record(error) }
                return error as? LegError
            }
        }

        @Test func postsJSONToThePathBelowTheBaseWithTheKey() async throws {
            try await with { request, connection in
                let isRight =
                    request.method == "POST" && request.target == "/v1/chat?x=1"
                    && request.headers["Authorization"] == ["Bearer secret-key"]
                    && request.headers["Content-Type"] == ["application/json"]
                    && request.headers["Accept"] == ["text/plain"]
                    && String(buffer: request.body) == #"{"url":"a/b"}"#
                connection.answer(isRight ? 200 : 400, body: Array("fine".utf8))
            } _: { http, _ in
                let answer = try await http.post("/chat?x=1", json: ["url": "a/b"], accepts: "text/plain")
                #expect(String(buffer: try await answer.collect(upTo: 100)) == "fine")
            }
        }

        @Test func aStreamedAnswerIsReadAsItComes() async throws {
            try await with { _, connection in
                connection.begin(200, headers: [("Transfer-Encoding", "chunked")])
                connection.chunk("data: one\n\nda".utf8)
                connection.chunk("ta: \u{E9}".utf8.dropLast())
                connection.chunk(Array("\u{E9}".utf8.suffix(1)) + Array("\n\n".utf8))
                connection.endChunks()
            } _: { http, _ in
                let answer = try await http.post("/", json: [String](), accepts: "text/event-stream")
                var parser = ServerSentEvents()
                var texts: [String] = []
                for try await piece in answer.body { texts += try parser.push(piece.readableBytesView).map(\.data) }
                #expect(texts == ["one", "\u{E9}"])
            }
        }

        @Test func connectionsAreUsedAgain() async throws {
            try await with { request, connection in
                connection.answer(200, body: Array("x".utf8), hasBody: request.method != "HEAD")
            } _: { http, server in
                await http.warm()
                for _ in 0..<5 {
                    _ = try await http.send("GET", "/", body: nil, contentType: nil).collect(upTo: 10)
                }
                #expect(server.acceptedConnections == 1)
            }
        }

        @Test func warmingNeverFails() async throws {
            try await with { _, connection in
                connection.reset()
            } _: { http, server in
                await http.warm()
                await server.stop()
                await http.warm()
            }
        }

        @Test(arguments: [
            (400, "refused", false), (401, "refused", false), (402, "refused", false), (403, "refused", false),
            (404, "refused", false), (408, "unavailable", true), (409, "unavailable", true),
            (422, "refused", false), (425, "unavailable", true), (429, "busy", true), (500, "unavailable", true),
            (502, "unavailable", true), (503, "unavailable", true), (529, "busy", true), (302, "protocol", false),
        ])
        func aStatusThatIsNoAnswerIsAnError(status: Int, code: String, isRetryable: Bool) async throws {
            try await with { _, connection in
                let body = #"{"error":{"type":"some_word","message":"+15550100 is not allowed"}}"#
                connection.answer(status, headers: [("Location", "http://127.0.0.1:1/")], body: Array(body.utf8))
            } _: { http, _ in
                let error = await failure { _ = try await http.post("/", json: [1], accepts: "*/*") }
                #expect(error?.code == code)
                #expect(error?.isRetryable == isRetryable)
                #expect(error?.cause == "the answer was status \(status) (some_word)")
            }
        }

        @Test(arguments: [
            ([("Retry-After", "2")], Duration.seconds(2)), ([("Retry-After", "0.25")], .milliseconds(250)),
            ([("Retry-After", "7200")], .seconds(60)), ([("Retry-After", "-3")], .zero),
            ([("retry-after-ms", "1500"), ("Retry-After", "9")], .milliseconds(1500)),
            ([("Retry-After", "Wed, 21 Oct 2015 07:28:00 GMT")], .zero),
        ])
        func theTimeAVendorAsksForIsHandedOn(headers: [(String, String)], expected: Duration) async throws {
            try await with { _, connection in
                connection.answer(429, headers: headers)
            } _: { http, _ in
                let error = await failure { _ = try await http.post("/", json: [1], accepts: "*/*") }
                #expect(error?.retryAfter == expected)
            }
        }

        @Test(arguments: ["soon", "nan", "Wed, 99 Foo 2015", ""])
        func aTimeThatIsNoneIsLeftOut(value: String) async throws {
            try await with { _, connection in
                connection.answer(503, headers: [("Retry-After", value)])
            } _: { http, _ in
                let error = await failure { _ = try await http.post("/", json: [1], accepts: "*/*") }
                #expect(error?.retryAfter == nil)
            }
        }

        @Test func exhaustedCreditIsNotTriedAgain() async throws {
            try await with { _, connection in
                connection.answer(429, body: Array(#"{"error":{"code":"insufficient_quota"}}"#.utf8))
            } _: { http, _ in
                let error = await failure { _ = try await http.post("/", json: [1], accepts: "*/*") }
                #expect(error?.code == "refused")
                #expect(error?.isRetryable == false)
            }
        }

        @Test func anErrorThatDripsIsJudgedByItsStatus() async throws {
            try await with(limits: VendorLimits(refusal: .milliseconds(50))) { _, connection in
                connection.begin(500, headers: [("Content-Length", "100")])
                connection.write("{".utf8)
            } _: { http, server in
                let error = await failure { _ = try await http.post("/", json: [1], accepts: "*/*") }
                #expect(error?.code == "unavailable")
                #expect(error?.cause == "the answer was status 500")
                await server.idle()
            }
        }

        @Test func aServerThatNeverAnswersTimesOut() async throws {
            try await with(limits: VendorLimits(response: .milliseconds(50))) { _, _ in
            } _: { http, server in
                let error = await failure { _ = try await http.post("/", json: [1], accepts: "*/*") }
                #expect(error?.code == "timeout")
                #expect(error?.isRetryable == true)
                await server.idle()
            }
        }

        @Test func anAnswerThatStopsComingTimesOut() async throws {
            try await with(limits: VendorLimits(idle: .milliseconds(50))) { _, connection in
                connection.begin(200, headers: [("Transfer-Encoding", "chunked")])
                connection.chunk("begun".utf8)
            } _: { http, server in
                let answer = try await http.post("/", json: [1], accepts: "*/*")
                let error = await failure { for try await _ in answer.body {} }
                #expect(error?.code == "timeout")
                #expect(error?.cause == "the answer stopped coming")
                await server.idle()
            }
        }

        @Test func anAnswerThatDripsForeverTimesOut() async throws {
            @Sendable func drip(_ connection: PlainConnection) {
                connection.chunk("x".utf8)
                connection.after(.milliseconds(5), drip)
            }
            try await with(limits: VendorLimits(whole: .milliseconds(100))) { _, connection in
                connection.begin(200, headers: [("Transfer-Encoding", "chunked")])
                drip(connection)
            } _: { http, server in
                let answer = try await http.post("/", json: [1], accepts: "*/*")
                let error = await failure { for try await _ in answer.body {} }
                #expect(error?.cause == "the answer does not end")
                await server.idle()
            }
        }

        @Test func anAnswerPastItsLimitIsNotRead() async throws {
            @Sendable func pour(_ connection: PlainConnection) {
                connection.chunk(Array(repeating: 0x61, count: 1000))
                connection.after(.zero, pour)
            }
            try await with(limits: VendorLimits(bodyBytes: 10_000)) { _, connection in
                connection.begin(200, headers: [("Transfer-Encoding", "chunked")])
                pour(connection)
            } _: { http, server in
                let answer = try await http.post("/", json: [1], accepts: "*/*")
                let error = await failure { for try await _ in answer.body {} }
                #expect(error?.code == "protocol")
                #expect(error?.cause == "the answer is longer than 10000 bytes")
                await server.idle()
                let collected = try await http.post("/", json: [1], accepts: "*/*")
                #expect(await failure { _ = try await collected.collect(upTo: 5000) }?.code == "protocol")
                await server.idle()
            }
        }

        @Test func aResetBeforeTheAnswerIsUnavailable() async throws {
            try await with { _, connection in
                connection.reset()
            } _: { http, _ in
                let error = await failure { _ = try await http.post("/", json: [1], accepts: "*/*") }
                #expect(error?.code == "unavailable")
                #expect(error?.isRetryable == true)
            }
        }

        @Test(arguments: [true, false])
        func aResetInsideTheAnswerIsUnavailable(isReset: Bool) async throws {
            try await with { _, connection in
                connection.begin(200, headers: [("Content-Length", "100")])
                connection.write("half".utf8)
                if isReset { connection.reset() } else { connection.close() }
            } _: { http, _ in
                let error = await failure {
                    let answer = try await http.post("/", json: [1], accepts: "*/*")
                    _ = try await answer.collect(upTo: 100)
                }
                #expect(error?.code == "unavailable")
            }
        }

        @Test func whatIsNoHTTPIsAProtocolError() async throws {
            try await with { _, connection in
                connection.write("220 mail.example.com ESMTP\r\n\r\n".utf8)
            } _: { http, _ in
                let error = await failure { _ = try await http.post("/", json: [1], accepts: "*/*") }
                #expect(error?.code == "protocol")
            }
        }

        @Test func nobodyThereIsUnavailable() async throws {
            try await with { _, _ in
            } _: { http, server in
                await server.stop()
                let error = await failure { _ = try await http.post("/", json: [1], accepts: "*/*") }
                #expect(error?.code == "unavailable")
                #expect(error?.cause == "no connection was accepted")
            }
        }

        @Test func cancellingTheReaderClosesTheConnection() async throws {
            try await with { _, connection in
                connection.begin(200, headers: [("Transfer-Encoding", "chunked")])
                connection.chunk("begun".utf8)
            } _: { http, server in
                let (begun, begin) = AsyncStream.makeStream(of: Void.self)
                let reading = Task {
                    let answer = try await http.post("/", json: [1], accepts: "*/*")
                    for try await _ in answer.body { begin.yield() }
                }
                for await _ in begun { break }
                reading.cancel()
                await #expect(throws: CancellationError.self) { try await reading.value }
                await server.idle()
            }
        }

        @Test func lettingGoOfAnAnswerClosesTheConnection() async throws {
            try await with { _, connection in
                connection.begin(200, headers: [("Transfer-Encoding", "chunked")])
                connection.chunk("begun".utf8)
            } _: { http, server in
                for try await _ in try await http.post("/", json: [1], accepts: "*/*").body { break }
                _ = try await http.post("/", json: [1], accepts: "*/*")
                await server.idle()
            }
        }

        @Test func cancellingTheRequestClosesTheConnection() async throws {
            let (arrived, arrive) = AsyncStream.makeStream(of: Void.self)
            try await with { _, _ in
                arrive.yield()
            } _: { http, server in
                let asking = Task { _ = try await http.post("/", json: [1], accepts: "*/*") }
                for await _ in arrived { break }
                asking.cancel()
                await #expect(throws: CancellationError.self) { try await asking.value }
                await server.idle()
            }
        }
    }
}
