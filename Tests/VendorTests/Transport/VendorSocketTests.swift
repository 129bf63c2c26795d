import Actors
import Legs
import NIOCore
import NIOPosix
import NIOWebSocket
import Testing
import VendorServers

extension VendorLoopback {
    @Suite("Vendor socket")
    struct VendorSocketTests {
        typealias Message = VendorSocket.Message

        private func connect(
            _ server: PlainServer,
            path: String = "/live?model=a%20b&key=x",
            limits: VendorLimits = VendorLimits(response: .seconds(60), refusal: .seconds(60))
        ) async throws -> VendorSocket {
            try await VendorSocket.connect(
                server.webSocket + path,
                headers: [("Authorization", "Token secret")],
                leg: .stt,
                provider: "test",
                limits: limits,
                group: MultiThreadedEventLoopGroup.singleton
            )
        }

        private func with(
            server handler: @escaping PlainServer.Handler,
            _ body: (PlainServer) async throws -> Void
        ) async throws {
            let server = try await PlainServer(handler)
            let result: Result<Void, any Error>
            do { result = .success(try await body(server)) } catch { result = .failure(error) }
            await server.stop()
            try result.get()
        }

        /// Everything that arrives, and the error at the end if there is one.
        private func all(_ socket: VendorSocket) async -> ([Message], LegError?) {
            var messages: [Message] = []
            do {
                for try await message in socket.messages { messages.append(message) }
                return (messages, nil)
            } catch {
                if !(error is LegError) { Issue.record(error) }
                return (messages, error as? LegError)
            }
        }

        private func refusal(
            _ server: PlainServer,
            limits: VendorLimits = VendorLimits(response: .seconds(60), refusal: .seconds(60))
        ) async -> LegError? {
            do {
                _ = try await connect(server, limits: limits)
                Issue.record("the handshake succeeded")
                return nil
            } catch {
                if !(error is LegError) { Issue.record(error) }
                return error as? LegError
            }
        }

        private static let echo: PlainServer.Handler = { request, connection in
            guard request.target == "/live?model=a%20b&key=x", request.headers["Authorization"] == ["Token secret"]
            else {
                return connection.answer(404)
            }
            connection.upgrade(request) { message, connection in
                switch message {
                case .text(let text): connection.send(text: text)
                case .binary(let bytes): connection.send(binary: bytes)
                case .unmasked: connection.close()
                default: break
                }
            }
        }

        @Test func messagesGoAndComeInOrder() async throws {
            try await with(server: Self.echo) { server in
                let socket = try await connect(server)
                #expect(socket.isOpen)
                for number in 0..<200 { #expect(socket.send(text: "\(number)")) }
                #expect(socket.send(binary: [1, 2, 3]))
                var expected = (0..<200).map { Message.text("\($0)") }
                expected += [.binary(ByteBuffer(bytes: [1, 2, 3])), .closed(code: 1000, reason: "")]
                var messages: [Message] = []
                for try await message in socket.messages {
                    messages.append(message)
                    if messages.count == 201 { socket.close() }
                }
                #expect(messages == expected)
                #expect(!socket.isOpen)
                #expect(!socket.send(text: "late"))
                await server.idle()
            }
        }

        @Test func aMessageInFragmentsIsOneMessage() async throws {
            try await with { request, connection in
                connection.upgrade(request) { _, _ in }
                connection.frame(.text, fin: false, Array("gr\u{FC}".utf8.prefix(3)))
                connection.frame(.ping, Array("?".utf8))
                connection.frame(.continuation, fin: false, Array("gr\u{FC}".utf8.suffix(1)))
                connection.frame(.continuation, Array("n".utf8))
                connection.closeSocket(code: 1011, reason: "done")
            } _: { server in
                let (messages, error) = await all(try await connect(server))
                #expect(messages == [.text("gr\u{FC}n"), .closed(code: 1011, reason: "done")])
                #expect(error == nil)
                await server.idle()
            }
        }

        @Test(arguments: [UInt16(1000), 1008, 1011, 4000]) func theOtherSidesCloseIsTold(code: UInt16) async throws {
            let (closes, closed) = AsyncStream.makeStream(of: PlainMessage.self)
            try await with { request, connection in
                connection.upgrade(request, answersClose: false) { message, _ in closed.yield(message) }
                connection.frame(.connectionClose, ByteBuffer(integer: code).readableBytesView)
            } _: { server in
                let socket = try await connect(server, limits: VendorLimits(close: .milliseconds(50)))
                let (messages, error) = await all(socket)
                #expect(messages == [.closed(code: code, reason: "")])
                #expect(error == nil)
                #expect(!socket.isOpen)
                for await message in closes {
                    #expect(message == .close(code: code))
                    break
                }
                await server.idle()
            }
        }

        @Test func aCloseWithoutACodeIsTold() async throws {
            try await with { request, connection in
                connection.upgrade(request) { _, _ in }
                connection.frame(.connectionClose, [UInt8]())
            } _: { server in
                let (messages, _) = await all(try await connect(server, limits: VendorLimits(close: .milliseconds(50))))
                #expect(messages == [.closed(code: nil, reason: "")])
                await server.idle()
            }
        }

        @Test func aCloseThatIsNotAnsweredEndsAnyway() async throws {
            try await with { request, connection in
                connection.upgrade(request, answersClose: false) { _, _ in }
            } _: { server in
                let socket = try await connect(server, limits: VendorLimits(close: .milliseconds(50)))
                socket.close()
                let (messages, error) = await all(socket)
                #expect(messages.isEmpty)
                #expect(error == nil)
                await server.idle()
            }
        }

        @Test(arguments: [true, false]) func aConnectionThatBreaksIsUnavailable(isReset: Bool) async throws {
            try await with { request, connection in
                connection.upgrade(request) { message, connection in
                    guard message == .text("now") else { return }
                    connection.frame(.text, fin: false, Array("half a mess".utf8))
                    if isReset { connection.reset() } else { connection.close() }
                }
                connection.send(text: "before")
            } _: { server in
                let socket = try await connect(server)
                socket.send(text: "now")
                let (messages, error) = await all(socket)
                #expect(messages == [.text("before")])
                #expect(error?.code == "unavailable")
                #expect(error?.isRetryable == true)
                #expect(!socket.isOpen)
            }
        }

        @Test func aPingThatIsNotAnsweredIsATimeout() async throws {
            try await with { request, connection in
                connection.upgrade(request, answersPings: false) { _, _ in }
            } _: { server in
                let limits = VendorLimits(ping: .milliseconds(20), pong: .milliseconds(20))
                let (messages, error) = await all(try await connect(server, limits: limits))
                #expect(messages.isEmpty)
                #expect(error?.code == "timeout")
                #expect(error?.isRetryable == true)
                await server.idle()
            }
        }

        @Test func pingsThatAreAnsweredKeepAQuietSocketOpen() async throws {
            let (pings, pinged) = AsyncStream.makeStream(of: Void.self)
            try await with { request, connection in
                connection.upgrade(request) { message, _ in if message == .ping { pinged.yield() } }
            } _: { server in
                let limits = VendorLimits(ping: .milliseconds(10), pong: .seconds(60))
                let socket = try await connect(server, limits: limits)
                var count = 0
                for await _ in pings {
                    count += 1
                    if count == 5 { break }
                }
                #expect(socket.isOpen)
                socket.close()
                #expect(await all(socket).1 == nil)
            }
        }

        @Test(arguments: [1, 5]) func aMessagePastItsLimitIsAProtocolError(fragments: Int) async throws {
            try await with { request, connection in
                connection.upgrade(request) { _, _ in }
                for number in 0..<fragments {
                    let opcode: WebSocketOpcode = number == 0 ? .text : .continuation
                    let bytes = Array(repeating: UInt8(0x61), count: 5000 / fragments)
                    connection.frame(opcode, fin: number == fragments - 1, bytes)
                }
            } _: { server in
                let (messages, error) = await all(try await connect(server, limits: VendorLimits(messageBytes: 4000)))
                #expect(messages.isEmpty)
                #expect(error?.code == "protocol")
                #expect(error?.cause == "a message is longer than 4000 bytes")
                await server.idle()
            }
        }

        @Test func aTextThatIsNoUTF8IsAProtocolError() async throws {
            try await with { request, connection in
                connection.upgrade(request) { _, _ in }
                connection.frame(.text, [0x61, 0xE2, 0x82])
            } _: { server in
                let (_, error) = await all(try await connect(server))
                #expect(error?.code == "protocol")
                #expect(error?.cause == "a text is not UTF-8")
                await server.idle()
            }
        }

        @Test(
            arguments: [
                [0x09, 0x00], [0x80, 0x01, 0x61], [0x01, 0x01, 0x61, 0x81, 0x01, 0x61], [0xC1, 0x01, 0x61],
                [0x83, 0x00],
                [0x81, 0x81, 1, 2, 3, 4, 0x61],
            ] as [[UInt8]]
        )
        func whatIsNoFrameEndsTheSocket(bytes: [UInt8]) async throws {
            try await with { request, connection in
                connection.upgrade(request) { _, _ in }
                connection.raw(bytes)
            } _: { server in
                let (messages, error) = await all(try await connect(server))
                #expect(messages.isEmpty)
                #expect(error?.code == "protocol")
                #expect(error?.cause == "what was sent is not a WebSocket frame")
                await server.idle()
            }
        }

        @Test(
            arguments: [
                (401, [("dg-error", "INVALID_AUTH")], "", "refused", "the answer was status 401 (INVALID_AUTH)"),
                (
                    402, [], #"{"err_code":"ASR_PAYMENT_REQUIRED","err_msg":"x"}"#, "refused",
                    "the answer was status 402 (ASR_PAYMENT_REQUIRED)"
                ),
                (429, [("Retry-After", "1")], "slow down", "busy", "the answer was status 429"),
                (500, [], "<html>", "unavailable", "the answer was status 500"),
                (200, [], "hello", "protocol", "the answer was status 200"),
                (
                    101, [("Upgrade", "websocket"), ("Connection", "upgrade"), ("Sec-WebSocket-Accept", "wrong")], "",
                    "protocol", "the handshake's answer is not a WebSocket's"
                ),
            ] as [(Int, [(String, String)], String, String, String)]
        )
        func aRefusedHandshakeIsAnError(
            status: Int,
            headers: [(String, String)],
            body: String,
            code: String,
            cause: String
        ) async throws {
            try await with { _, connection in
                if status == 101 {
                    connection.begin(101, headers: headers)
                } else {
                    connection.answer(status, headers: headers, body: Array(body.utf8))
                }
            } _: { server in
                let error = await refusal(server)
                #expect(error?.code == code)
                #expect(error?.cause == cause)
                #expect(error?.retryAfter == (status == 429 ? .seconds(1) : nil))
                await server.idle()
            }
        }

        @Test func aHandshakeThatIsNotAnsweredTimesOut() async throws {
            try await with { _, _ in
            } _: { server in
                let error = await refusal(server, limits: VendorLimits(response: .milliseconds(50)))
                #expect(error?.code == "timeout")
                await server.idle()
            }
        }

        @Test func aHandshakeThatIsResetIsUnavailable() async throws {
            try await with { _, connection in
                connection.reset()
            } _: { server in
                #expect(await refusal(server)?.code == "unavailable")
            }
        }

        @Test func nobodyThereIsUnavailable() async throws {
            try await with { _, _ in
            } _: { server in
                await server.stop()
                let error = await refusal(server)
                #expect(error?.code == "unavailable")
                #expect(error?.isRetryable == true)
            }
        }

        @Test func cancellingTheHandshakeClosesTheConnection() async throws {
            let (arrived, arrive) = AsyncStream.makeStream(of: Void.self)
            try await with { _, _ in
                arrive.yield()
            } _: { server in
                let opening = Task { _ = try await connect(server) }
                for await _ in arrived { break }
                opening.cancel()
                await #expect(throws: CancellationError.self) { try await opening.value }
                await server.idle()
            }
        }

        @Test func cancellingTheReaderClosesTheConnection() async throws {
            try await with(server: Self.echo) { server in
                let socket = try await connect(server)
                let (begun, begin) = AsyncStream.makeStream(of: Void.self)
                let reading = Task { for try await _ in socket.messages { begin.yield() } }
                socket.send(text: "x")
                for await _ in begun { break }
                reading.cancel()
                try await reading.value
                await server.idle()
                // The server may learn of the end a moment before the socket's own end does.
                for _ in 0..<1_000 where socket.isOpen { try await Task.sleep(for: .milliseconds(10)) }
                #expect(!socket.isOpen)
            }
        }

        @Test func abortClosesAtOnceAndNothingMoreIsRead() async throws {
            try await with(server: Self.echo) { server in
                let socket = try await connect(server)
                for _ in 0..<100 { socket.send(text: "x") }
                socket.abort()
                #expect(!socket.send(text: "late"))
                let (messages, error) = await all(socket)
                #expect(messages.isEmpty)
                #expect(error == nil)
                await server.idle()
            }
        }

        @Test func lettingGoClosesTheConnection() async throws {
            try await with(server: Self.echo) { server in
                do { _ = try await connect(server) }
                await server.idle()
            }
        }

        @Test func aReaderThatFallsBehindHoldsTheOtherSideBack() async throws {
            try await with { request, connection in
                connection.upgrade(request) { _, _ in }
                for number in 0..<2000 { connection.send(text: "\(number)") }
                connection.closeSocket(code: 1000)
            } _: { server in
                let socket = try await connect(server, limits: VendorLimits(queuedMessages: 3))
                let (messages, error) = await all(socket)
                #expect(messages == (0..<2000).map { .text("\($0)") } + [.closed(code: 1000, reason: "")])
                #expect(error == nil)
            }
        }

        @Test func aVendorThatDoesNotReadIsNotFedWithoutEnd() async throws {
            try await with { request, connection in
                connection.upgrade(request) { _, _ in }
                connection.stopReading()
            } _: { server in
                let socket = try await connect(server, limits: VendorLimits(queuedBytes: 100_000))
                let megabyte = Array(repeating: UInt8(0), count: 10_000)
                var sent = 0
                // Far more than the kernel buffers of a loopback connection hold.
                while sent < 10_000, socket.send(binary: megabyte) {
                    sent += 1
                    if sent % 5 == 0 { await Task.yield() }
                }
                #expect(sent < 10_000)
                #expect(socket.isOpen)
                socket.abort()
            }
        }
    }
}
