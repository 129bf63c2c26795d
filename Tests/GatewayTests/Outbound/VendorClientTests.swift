import Foundation
import Gateway
import HTTPTypes
import NIOPosix
import Synchronization
import Testing

extension Loopback {
    @Suite("Vendor client") struct VendorClientOnLoopback {
        private typealias Server = VendorServer
        private static let ok = VendorServer.response("200 OK", body: "done")

        /// A client that does not wait between attempts, and keeps how long it would have.
        private final class Rig: Sendable {
            let meters = VendorMeters(vendors: ["acme"])
            let connections: VendorConnections
            private let waits = Mutex<[Duration]>([])

            init() {
                connections = VendorConnections(group: MultiThreadedEventLoopGroup.singleton, meters: meters)
            }

            var client: VendorClient {
                VendorClient(vendor: "acme", connections: connections) { [self] wait in
                    waits.withLock { $0.append(wait) }
                }
            }
            var pauses: [Duration] { waits.withLock { $0 } }

            func metric(_ line: String) -> Bool {
                var page = PrometheusText()
                meters.write(to: &page)
                return page.text.contains("\n\(line)\n")
            }
        }

        private func error(_ request: VendorRequest, _ rig: Rig) async -> VendorError? {
            do throws(VendorError) {
                _ = try await rig.client.send(request)
                return nil
            } catch {
                return error
            }
        }

        private func run(_ answers: [VendorServer.Answer], body: (Rig, VendorServer, String) async throws -> Void)
            async throws
        {
            let rig = Rig()
            try await Server.run(answers) { server, port in
                try await body(rig, server, "http://127.0.0.1:\(port)/v1/things?key=secret")
            }
            await rig.connections.shutdown()
        }

        @Test func aRequestArrivesAsItWasMadeAndItsAnswerComesBack() async throws {
            let answer = Server.response("201 Created", ["X-Own: a", "Content-Type: text/plain"], body: "made")
            try await run([.text(answer)]) { rig, server, url in
                let request = VendorRequest(.post, url, headers: [.accept: "text/plain"], body: Array("To=1".utf8))
                let response = try await rig.client.send(request)
                #expect(response.status == .created && response.body == Array("made".utf8))
                #expect(response.headers[.contentType] == "text/plain")
                #expect(response.headers[HTTPField.Name("x-own")!] == "a")
                let sent = try #require(server.requests.first)
                #expect(sent.hasPrefix("POST /v1/things?key=secret HTTP/1.1\r\n") && sent.hasSuffix("\r\n\r\nTo=1"))
                #expect(sent.lowercased().contains("\r\naccept: text/plain\r\n"))
                #expect(rig.metric(#"parley_vendor_request_seconds_count{vendor="acme",outcome="ok"} 1"#))
            }
        }

        @Test func connectionsAreUsedAgain() async throws {
            try await run([.text(Self.ok)]) { rig, server, url in
                for _ in 0..<5 { _ = try await rig.client.send(VendorRequest(.get, url)) }
                #expect(server.requests.count == 5 && server.connections == 1)
            }
        }

        @Test func aRateLimitIsWaitedOutAndTheRequestMadeAgain() async throws {
            let limited = Server.response("429 Too Many Requests", ["Retry-After: 2"])
            try await run([.text(limited), .text(Self.ok)]) { rig, server, url in
                let response = try await rig.client.send(VendorRequest(.post, url, deadline: .seconds(20)))
                #expect(response.status == .ok && server.requests.count == 2)
                #expect(rig.pauses.count == 1 && rig.pauses[0] >= .seconds(2))
                #expect(rig.metric(#"parley_vendor_request_seconds_count{vendor="acme",outcome="rate_limited"} 1"#))
                #expect(rig.metric(#"parley_vendor_retries_total{vendor="acme"} 1"#))
            }
        }

        @Test func aRateLimitLongerThanTheDeadlineIsTheAnswer() async throws {
            let limited = Server.response("429 Too Many Requests", ["Retry-After: 60"])
            try await run([.text(limited)]) { rig, server, url in
                let response = try await rig.client.send(VendorRequest(.get, url, isIdempotent: true))
                #expect(response.status == .tooManyRequests && response.headers[.retryAfter] == "60")
                #expect(server.requests.count == 1 && rig.pauses.isEmpty)
            }
        }

        @Test(arguments: [(true, 3), (false, 1)])
        func aBrokenServerIsAskedAgainOnlyWhereThatDoesNoHarm(_ isIdempotent: Bool, _ requests: Int) async throws {
            try await run([.text(Server.response("500 Internal Server Error", body: "why"))]) { rig, server, url in
                let request = VendorRequest(.post, url, isIdempotent: isIdempotent)
                let response = try await rig.client.send(request)
                #expect(response.status == .internalServerError && response.body == Array("why".utf8))
                #expect(server.requests.count == requests)
            }
        }

        @Test(arguments: [
            VendorServer.Answer.textThenReset("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf of"),
            .textThenClose("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf of"), .textThenReset(""),
            .textThenClose(""), .textThenClose("SSH-2.0-OpenSSH_9.2\r\n"),
            .textThenClose("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhalf"),
        ])
        func anAnswerThatIsNotWholeIsNoAnswer(_ broken: VendorServer.Answer) async throws {
            try await run([broken, .text(Self.ok)]) { rig, server, url in
                let first = await error(VendorRequest(.post, url), rig)
                #expect(first?.code == .unreachable && server.requests.count == 1, "it may have been done")
            }
            try await run([broken, .text(Self.ok)]) { rig, server, url in
                let response = try await rig.client.send(VendorRequest(.get, url, isIdempotent: true))
                #expect(response.body == Array("done".utf8) && server.requests.count == 2)
            }
        }

        @Test func aDrippingBodyEndsWithTheDeadline() async throws {
            let head = "HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n"
            try await run([.drip(head)]) { rig, server, url in
                let slow = await error(VendorRequest(.get, url, deadline: .milliseconds(300)), rig)
                #expect(slow?.code == .timeout && server.requests.count == 1)
                for await _ in server.closures { break }
                #expect(rig.metric(#"parley_vendor_request_seconds_count{vendor="acme",outcome="timeout"} 1"#))
            }
        }

        @Test func anAttemptHasADeadlineOfItsOwn() async throws {
            try await run([.silence, .text(Self.ok)]) { rig, server, url in
                let request = VendorRequest(
                    .get,
                    url,
                    deadline: .seconds(60),
                    attemptDeadline: .milliseconds(200),
                    isIdempotent: true
                )
                let response = try await rig.client.send(request)
                #expect(response.status == .ok)
                #expect(server.requests.count == 2)
            }
        }

        @Test(arguments: [
            VendorServer.Answer.endless("HTTP/1.1 200 OK\r\nContent-Type: audio/x-wav\r\n\r\n"),
            .endless("HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n"),
            .text("HTTP/1.1 200 OK\r\nContent-Length: 4097\r\n\r\n" + String(repeating: "x", count: 4097)),
        ])
        func anAnswerLongerThanItsBoundIsStopped(_ answer: VendorServer.Answer) async throws {
            try await run([answer]) { rig, server, url in
                let request = VendorRequest(.get, url, isIdempotent: true, bodyLimit: 4096)
                #expect(await error(request, rig)?.code == .tooLarge)
                #expect(server.requests.count == 1, "it will not be shorter the next time")
                for await _ in server.closures { break }
            }
        }

        @Test func anAnswerOfExactlyItsBoundIsTaken() async throws {
            let body = String(repeating: "x", count: 4096)
            try await run([.text(Server.response("200 OK", body: body))]) { rig, _, url in
                let response = try await rig.client.send(VendorRequest(.get, url, bodyLimit: 4096))
                #expect(response.body.count == 4096)
            }
        }

        @Test func whoIsNotThereWasNotReached() async throws {
            let rig = Rig()
            let port = try await Server.closedPort()
            let request = VendorRequest(.post, "http://127.0.0.1:\(port)/v1/things?key=secret", body: [1])
            let missing = await error(request, rig)
            #expect(missing?.code == .unreachable && rig.pauses.count == 2, "nothing was done: asked again")
            #expect(missing?.message.contains("127.0.0.1") == true)
            await rig.connections.shutdown()
        }

        @Test func givingUpClosesTheConnection() async throws {
            try await run([.silence]) { rig, server, url in
                let client = rig.client
                let waiting = Task { () -> VendorError? in
                    do throws(VendorError) {
                        _ = try await client.send(VendorRequest(.get, url, deadline: .seconds(600), isIdempotent: true))
                        return nil
                    } catch {
                        return error
                    }
                }
                for await _ in server.arrivals { break }
                waiting.cancel()
                #expect(await waiting.value?.code == .cancelled)
                for await _ in server.closures { break }
                #expect(server.requests.count == 1)
            }
        }

        @Test func aRedirectIsAnAnswer() async throws {
            let redirect = Server.response("302 Found", ["Location: http://127.0.0.1:1/"])
            try await run([.text(redirect)]) { rig, server, url in
                let response = try await rig.client.send(VendorRequest(.get, url))
                #expect(response.status == .found)
                #expect(server.requests.count == 1)
            }
        }

        @Test func anErrorHoldsNothingOfTheRequest() async throws {
            let port = try await Server.closedPort()
            let rig = Rig()
            let headers: HTTPFields = [.authorization: "Bearer hidden"]
            for url in [
                "http://user:hidden@127.0.0.1:\(port)/hidden?key=hidden", "ftp://hidden.example.net/hidden", "hidden",
                "https:///hidden", "",
            ] {
                let failure = await error(VendorRequest(.post, url, headers: headers, body: Array("hidden".utf8)), rig)
                #expect(failure != nil && failure?.message.contains("hidden") == false, "\(failure?.message ?? url)")
            }
            await rig.connections.shutdown()
        }
    }
}
