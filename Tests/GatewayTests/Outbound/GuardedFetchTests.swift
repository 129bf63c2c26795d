import Actors
import Gateway
import HTTPTypes
import NIOCore
import NIOPosix
import Synchronization
import Testing

extension Loopback {
    @Suite("Guarded fetch") struct GuardedFetchOnLoopback {
        private typealias Server = VendorServer
        private static let wav = VendorServer.response("200 OK", ["Content-Type: audio/x-wav"], body: "RIFF")
        private let connections = VendorConnections(group: MultiThreadedEventLoopGroup.singleton)

        private final class Resolver: HostResolver {
            private let answer: String
            private let names = Mutex<[String]>([])
            var asked: [String] { names.withLock { $0 } }

            init(_ answer: String) { self.answer = answer }

            func address(of host: String, port: Int, within limit: Duration) async throws -> SocketAddress {
                names.withLock { $0.append(host) }
                return try SocketAddress(ipAddress: answer, port: port)
            }
        }

        private func fetch(
            _ rules: FetchRules,
            _ resolver: (any HostResolver)? = nil,
            isOpen: @escaping @Sendable (SocketAddress) -> Bool = PublicAddress.holds
        ) -> GuardedFetch {
            GuardedFetch(
                vendor: "acme",
                rules: rules,
                connections: connections,
                group: MultiThreadedEventLoopGroup.singleton,
                resolver: resolver,
                isOpen: isOpen
            )
        }

        private func local(_ port: Int) -> GuardedFetch {
            fetch(FetchRules(domains: ["vendor.example"], base: "http://127.0.0.1:\(port)"))
        }

        private func error(
            _ fetch: GuardedFetch,
            _ url: String,
            headers: HTTPFields = [:],
            limits: GuardedFetch.Limits = .init()
        ) async -> VendorError? {
            do throws(VendorError) {
                _ = try await fetch.fetch(url, headers: headers, limits: limits)
                return nil
            } catch {
                return error
            }
        }

        @Test func aRecordingOfTheConfiguredHostIsFetched() async throws {
            try await Server.run([.text(Self.wav)]) { server, port in
                let headers: HTTPFields = [.authorization: "Basic own"]
                let response = try await local(port).fetch("http://127.0.0.1:\(port)/RE1.wav?dual=1", headers: headers)
                #expect(response.status == .ok && response.body == Array("RIFF".utf8))
                #expect(server.requests.first?.hasPrefix("GET /RE1.wav?dual=1 HTTP/1.1\r\n") == true)
                #expect(server.requests.first?.contains("Basic own") == true)
            }
        }

        @Test func aRedirectIsLookedAtBeforeItIsFollowed() async throws {
            try await Server.run([.text(Self.wav)]) { inner, innerPort in
                for location in [
                    "http://127.0.0.1:\(innerPort)/", "https://127.0.0.1:\(innerPort)/", "https://127.0.0.1/",
                    "http://localhost:\(innerPort)/", "http://[::1]:\(innerPort)/", "http://2130706433:\(innerPort)/",
                    "//127.0.0.1:\(innerPort)/", "https://169.254.169.254/latest/meta-data/", "https://localhost/",
                    "http://vendor.example/", "https://vendor.example.evil.example/", "file:///etc/passwd",
                    "https://user@vendor.example/", "https://vendor.example:\(innerPort)/",
                ] {
                    let redirect = Server.response("302 Found", ["Location: \(location)"])
                    try await Server.run([.text(redirect)]) { outer, port in
                        let url = "http://127.0.0.1:\(port)/RE1"
                        let refused = await error(local(port), url, headers: [.authorization: "Basic own"])
                        #expect(refused?.code == .forbiddenAddress, "\(location)")
                        #expect(refused?.message.contains("RE1") == false && outer.requests.count == 1)
                    }
                }
                #expect(inner.connections == 0)
            }
        }

        @Test func aRedirectWithinTheHostIsFollowedThreeTimes() async throws {
            let redirect = VendorServer.Answer.text(Server.response("307 Temporary Redirect", ["Location: next"]))
            try await Server.run([redirect, redirect, redirect, .text(Self.wav)]) { server, port in
                let response = try await local(port).fetch("http://127.0.0.1:\(port)/a/b")
                #expect(response.status == .ok)
                #expect(server.requests.count == 4 && server.requests[3].hasPrefix("GET /a/next "))
            }
            try await Server.run([redirect]) { server, port in
                #expect(await error(local(port), "http://127.0.0.1:\(port)/a/b")?.code == .forbiddenAddress)
                #expect(server.requests.count == 4)
            }
        }

        @Test(arguments: [
            "10.0.0.1", "127.0.0.1", "169.254.169.254", "192.168.1.1", "100.100.100.200", "::1", "fd00:ec2::254",
            "::ffff:127.0.0.1", "168.63.129.16",
        ])
        func aNameOfTheProviderThatLeadsInsideIsRefused(_ address: String) async throws {
            let resolver = Resolver(address)
            let guarded = fetch(FetchRules(domains: ["vendor.example"]), resolver)
            #expect(await error(guarded, "https://cdn.vendor.example/RE1")?.code == .forbiddenAddress)
            #expect(resolver.asked == ["cdn.vendor.example"])
        }

        /// The connection goes where the name led when it was looked at, and still asks for the name's certificate.
        @Test func theConnectionIsMadeToTheAddressThatWasChecked() async throws {
            try await Server.run([.textThenClose("")]) { server, port in
                let resolver = Resolver("127.0.0.1")
                let rules = FetchRules(domains: ["vendor.example"], port: port)
                let guarded = fetch(rules, resolver, isOpen: { _ in true })
                #expect(await error(guarded, "https://cdn.vendor.example:\(port)/RE1")?.code == .unreachable)
                #expect(server.connections == 1 && resolver.asked == ["cdn.vendor.example"])
                #expect(
                    server.requests.first?.contains("cdn.vendor.example") == true,
                    "the server name of the handshake"
                )
            }
        }

        @Test(arguments: ["text/html", "application/json", "audiox/wav", "", "image/svg+xml; audio/x-wav"])
        func anotherTypeIsNotTaken(_ type: String) async throws {
            let page = Server.response("200 OK", type.isEmpty ? [] : ["Content-Type: \(type)"], body: "<html>")
            try await Server.run([.text(page)]) { _, port in
                #expect(await error(local(port), "http://127.0.0.1:\(port)/")?.code == .unexpectedContent)
            }
        }

        @Test(arguments: ["Audio/MPEG", "audio/x-wav; codec=1", "application/octet-stream"])
        func aRecordingsTypeIs(_ type: String) async throws {
            try await Server.run([.text(Server.response("200 OK", ["Content-Type: \(type)"], body: "x"))]) { _, port in
                let response = try await local(port).fetch("http://127.0.0.1:\(port)/")
                #expect(response.body == [0x78])
            }
        }

        @Test func sizeAndTimeAreBounded() async throws {
            var limits = GuardedFetch.Limits()
            limits.bytes = 1000
            let head = "HTTP/1.1 200 OK\r\nContent-Type: audio/x-wav\r\n\r\n"
            try await Server.run([.endless(head)]) { server, port in
                #expect(await error(local(port), "http://127.0.0.1:\(port)/", limits: limits)?.code == .tooLarge)
                for await _ in server.closures { break }
            }
            limits.deadline = .milliseconds(300)
            try await Server.run([.silence]) { server, port in
                #expect(await error(local(port), "http://127.0.0.1:\(port)/", limits: limits)?.code == .timeout)
                for await _ in server.closures { break }
            }
        }

        @Test func anotherStatusIsHandedOn() async throws {
            try await Server.run([.text(Server.response("404 Not Found", body: "none"))]) { _, port in
                let response = try await local(port).fetch("http://127.0.0.1:\(port)/")
                #expect(response.status == .notFound)
            }
        }

        @Test func theSystemsResolverIsBoundedInTime() async throws {
            let resolver = SystemHostResolver(group: MultiThreadedEventLoopGroup.singleton)
            let address = try await resolver.address(of: "127.0.0.1", port: 443, within: .seconds(60))
            #expect(address.ipAddress == "127.0.0.1" && address.port == 443)
        }
    }
}
