import Actors
import Engine
import Legs
import NIOCore
import NIOPosix
import NIOSSL
import Testing
import VendorServers

extension VendorLoopback {
    /// wss and https as the vendors' legs use them, against a server with a certificate of its own.
    @Suite("Vendor TLS", .timeLimit(.minutes(5)))
    struct VendorTLSTests {
        enum Way: Sendable, CaseIterable { case socket, http }

        /// Whom the client trusts.
        enum Trust: Sendable { case itsAuthority, another, theSystems }

        private let limits = VendorLimits(connect: .seconds(60), response: .seconds(60), refusal: .seconds(60))

        /// One exchange with a server whose certificate is for `names`; what the server answered.
        private func exchange(
            _ way: Way,
            names: [String],
            host: String,
            trust: Trust,
            handler: PlainServer.Handler? = nil
        ) async throws -> String {
            let shown = try SelfSigned(for: names)
            let context = try shown.server()
            let server = try await PlainServer { channel in
                try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: context))
            } _: { request, connection in
                if let handler { return handler(request, connection) }
                guard way == .socket else { return connection.answer(200, body: "hello".utf8) }
                connection.upgrade(request) { message, connection in
                    if case .text(let text) = message { connection.send(text: text) }
                }
            }
            let tls: TLSConfiguration? =
                switch trust {
                case .itsAuthority: shown.trusted
                case .another: try SelfSigned(for: names).trusted
                case .theSystems: nil
                }
            let result: Result<String, any Error>
            do {
                let place = "\(host):\(server.port)"
                switch way {
                case .socket: result = .success(try await echo("wss://\(place)/live", tls))
                case .http: result = .success(try await get("https://\(place)", tls))
                }
            } catch { result = .failure(error) }
            await server.idle()
            await server.stop()
            return try result.get()
        }

        private func echo(_ url: String, _ tls: TLSConfiguration?) async throws -> String {
            let socket = try await VendorSocket.connect(
                url,
                headers: [],
                leg: .stt,
                provider: "test",
                limits: limits,
                group: MultiThreadedEventLoopGroup.singleton,
                tls: try tls.map { try NIOSSLContext(configuration: $0) }
            )
            defer { socket.abort() }
            socket.send(text: "hello")
            for try await message in socket.messages {
                if case .text(let text) = message { return text }
            }
            return ""
        }

        private func get(_ url: String, _ tls: TLSConfiguration?) async throws -> String {
            let client = VendorHTTP.client(
                group: MultiThreadedEventLoopGroup.singleton,
                connect: .seconds(60),
                tls: tls
            )
            let http = VendorHTTP(
                leg: .stt,
                provider: "test",
                baseURL: url,
                headers: [],
                client: client,
                limits: limits
            )
            do {
                let answer = try await http.send("GET", "/", body: nil, contentType: nil)
                let text = String(buffer: try await answer.collect(upTo: 100))
                try await client.shutdown()
                return text
            } catch {
                try? await client.shutdown()
                throw error
            }
        }

        @Test(arguments: Way.allCases, ["localhost", "127.0.0.1"])
        func aTrustedCertificateOfTheRightNameIsTaken(_ way: Way, _ host: String) async throws {
            let names = ["DNS:localhost", "IP:127.0.0.1"]
            #expect(try await exchange(way, names: names, host: host, trust: .itsAuthority) == "hello")
        }

        @Test(
            arguments: Way.allCases,
            [
                (["DNS:vendor.example"], "localhost"), (["DNS:localhost"], "127.0.0.1"),
                (["DNS:*.localhost"], "localhost"),
            ]
        )
        func aCertificateForAnotherNameIsRefused(_ way: Way, _ place: ([String], String)) async {
            let error = await #expect(throws: LegError.self) {
                try await exchange(way, names: place.0, host: place.1, trust: .itsAuthority)
            }
            #expect(error?.code == "unavailable" && error?.cause == "its certificate is for another host name")
        }

        @Test(arguments: Way.allCases, [Trust.another, .theSystems])
        func anAuthorityThatIsNotKnownIsRefused(_ way: Way, _ trust: Trust) async {
            let names = ["DNS:localhost", "IP:127.0.0.1"]
            let error = await #expect(throws: LegError.self) {
                try await exchange(way, names: names, host: "localhost", trust: trust)
            }
            #expect(error?.code == "unavailable")
            #expect(error?.cause == "its certificate is out of date, or of an authority that is not trusted")
        }

        @Test(arguments: Way.allCases) func aServerWithoutTLSIsNamed(_ way: Way) async throws {
            let server = try await PlainServer { _, connection in connection.answer(200) }
            let url = "localhost:\(server.port)"
            let error = await #expect(throws: LegError.self) {
                switch way {
                case .socket: _ = try await echo("wss://\(url)/", nil)
                case .http: _ = try await get("https://\(url)", nil)
                }
            }
            #expect(error?.isRetryable == true && error?.cause.contains("TLS handshake failed") == true)
            await server.idle()
            await server.stop()
        }

        /// What was asked reaches nobody whose certificate is not right.
        @Test(arguments: Way.allCases) func nothingIsSentToAServerThatIsNotTrusted(_ way: Way) async {
            let requests = Locked(0)
            _ = try? await exchange(way, names: ["DNS:localhost"], host: "localhost", trust: .another) {
                _,
                connection in
                requests.withLock { $0 += 1 }
                connection.answer(200)
            }
            #expect(requests.withLock { $0 } == 0)
        }
    }
}
