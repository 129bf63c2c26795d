import Foundation
import Gateway
import Logging
import Testing

extension Loopback {
    @Suite("RingCentral client") struct RingCentralClientTests {
        private let session = RingCentralClient.Call(.get, "/restapi/v1.0/account/~/telephony/sessions/s-1")

        private func client(_ url: String, _ clock: SleptTime = SleptTime()) throws -> RingCentralClient {
            try #require(RingCentralClient(.account(url), transport: PlainTransport(), time: clock.time))
        }

        @Test func withoutAnAccountThereIsNoClient() {
            for missing in [\RingCentralSettings.clientID, \.clientSecret, \.jwtToken] {
                var settings = RingCentralSettings.account("http://127.0.0.1")
                settings[keyPath: missing] = nil
                #expect(RingCentralClient(settings, transport: PlainTransport()) == nil)
            }
        }

        // MARK: Tokens

        @Test func oneTokenServesManyRequestsAtOnce() async throws {
            try await RingCentralServer.run { server, url in
                let client = try client(url)
                try await withThrowingTaskGroup(of: Int.self) { group in
                    for _ in 0..<20 { group.addTask { try await client.send(session).status.code } }
                    for try await status in group { #expect(status == 200) }
                }
                #expect(server.count("POST", "/oauth/token") == 1)
                #expect(server.seen.filter { $0.authorization == "Bearer token-1" }.count == 20)
            }
        }

        @Test func aTokenIsRenewedShortlyBeforeItsEnd() async throws {
            try await RingCentralServer.run { server, url in
                let clock = SleptTime()
                let client = try client(url, clock)
                _ = try await client.send(session)
                clock.advance(by: .seconds(7199 - 61))
                _ = try await client.send(session)
                #expect(server.count("POST", "/oauth/token") == 1)
                clock.advance(by: .seconds(2))
                _ = try await client.send(session)
                #expect(server.count("POST", "/oauth/token") == 2)
                #expect(server.seen.last?.authorization == "Bearer token-2")
            }
        }

        @Test func anEndedTokenIsReplacedOnce() async throws {
            try await RingCentralServer.run { server, url in
                let client = try client(url)
                _ = try await client.send(session)
                server.state.withLock { _ = $0.ended.insert("token-1") }
                #expect(try await client.send(session).status.code == 200)
                #expect(server.count("POST", "/oauth/token") == 2)
                server.state.withLock { $0.ended = ["token-2", "token-3"] }
                await #expect(throws: RingCentralError.credentials("OAU-213")) { try await client.send(session) }
                #expect(server.count("POST", "/oauth/token") == 3, "not again and again")
            }
        }

        @Test func refusedCredentialsAreNotTriedAgainSoon() async throws {
            try await RingCentralServer.run { server, url in
                var settings = RingCentralSettings.account(url)
                settings.clientSecret = "wrong"
                let clock = SleptTime()
                let client = try #require(
                    RingCentralClient(settings, transport: PlainTransport(), time: clock.time)
                )
                for _ in 0..<5 {
                    await #expect(throws: RingCentralError.credentials("OAU-251")) { try await client.send(session) }
                }
                #expect(server.count("POST", "/oauth/token") == 1)
                clock.advance(by: .seconds(301))
                await #expect(throws: RingCentralError.credentials("OAU-251")) { try await client.send(session) }
                #expect(server.count("POST", "/oauth/token") == 2)
            }
        }

        @Test func theAuthGroupIsFiveAMinute() async throws {
            try await RingCentralServer.run { server, url in
                server.state.withLock { $0.tokenLifetime = 2 }
                let clock = SleptTime()
                let client = try client(url, clock)
                for _ in 0..<6 {
                    _ = try await client.send(session)
                    clock.advance(by: .seconds(2))
                }
                #expect(server.count("POST", "/oauth/token") == 6)
                #expect(clock.sleeps == [.seconds(50)], "the sixth waited for the next minute")
            }
        }

        @Test(arguments: [
            #"{"access_token":"a b","expires_in":60}"#, #"{"access_token":"a\r\nx","expires_in":60}"#, "{}", "",
            #"{"access_token":"a","expires_in":-1}"#, #"{"access_token":null,"expires_in":60}"#, "<html>",
        ])
        func aTokenThatIsNoneIsABadAnswer(_ body: String) async throws {
            try await RingCentralServer.run { server, url in
                server.fail(.init(path: "/oauth/token", status: 200, body: body))
                let client = try client(url)
                await #expect(throws: RingCentralError.badAnswer) { try await client.send(session) }
                #expect(try await client.send(session).status.code == 200)
            }
        }

        // MARK: Limits

        @Test func nothingIsSentDuringAPenalty() async throws {
            try await RingCentralServer.run { server, url in
                let clock = SleptTime()
                let client = try client(url, clock)
                for (header, pause) in [(["Retry-After": "17"], 17), ([:], 30)] {
                    server.fail(.init(path: "/telephony/", status: 429, headers: header))
                    await #expect(throws: RingCentralError.rateLimited(retryAfter: .seconds(pause))) {
                        try await client.send(session)
                    }
                    let before = server.seen.count
                    await #expect(throws: RingCentralError.rateLimited(retryAfter: .seconds(pause))) {
                        try await client.send(session, .none)
                    }
                    #expect(server.seen.count == before, "an operator is told at once, without a request")
                    _ = try await client.send(session)
                    #expect(clock.sleeps.last == .seconds(pause))
                }
            }
        }

        @Test func theVendorsRemainingCountIsKept() async throws {
            try await RingCentralServer.run { server, url in
                server.state.withLock { $0.remaining = 1 }
                let clock = SleptTime()
                let client = try client(url, clock)
                _ = try await client.send(session)
                _ = try await client.send(session)
                #expect(clock.sleeps.isEmpty)
                _ = try await client.send(session)
                #expect(clock.sleeps == [.seconds(60)])
            }
        }

        // MARK: Faults

        @Test(arguments: [
            (404, RingCentralError.gone), (403, .refused(status: 403, code: "CMN-401")),
            (500, .refused(status: 500, code: "CMN-401")), (302, .refused(status: 302, code: "CMN-401")),
        ])
        func everyRefusalHasItsError(_ status: Int, _ error: RingCentralError) async throws {
            try await RingCentralServer.run { server, url in
                server.fail(
                    .init(path: "/telephony/", status: status, body: #"{"errorCode":"CMN-401","message":"+1555"}"#)
                )
                let client = try client(url)
                await #expect(throws: error) { try await client.send(session) }
            }
        }

        @Test func nothingOfAnErrorsTextIsRepeated() async throws {
            try await RingCentralServer.run { server, url in
                for code in ["call +14155550100", "<b>", String(repeating: "A", count: 33)] {
                    server.fail(.init(path: "/telephony/", status: 500, body: #"{"errorCode":"\#(code)"}"#))
                    let client = try client(url)
                    await #expect(throws: RingCentralError.refused(status: 500, code: nil)) {
                        try await client.send(session)
                    }
                }
            }
        }

        @Test func aServerThatIsNotThereIsUnreachable() async throws {
            struct NoConnection: VendorTransport {
                func send(_ request: VendorRequest) async throws(VendorError) -> VendorResponse {
                    throw VendorError(.unreachable, "There is no connection.")
                }
            }
            let client = try #require(RingCentralClient(.account("http://127.0.0.1"), transport: NoConnection()))
            await #expect(throws: RingCentralError.unreachable(.unreachable)) { try await client.send(session) }
        }

        @Test func aSilentServerIsGivenUp() async throws {
            try await RingCentralServer.run { server, url in
                let client = try client(url)
                _ = try await client.send(session)
                server.fail(.init(path: "/telephony/", status: 200, isSilent: true))
                let call = RingCentralClient.Call(
                    .get,
                    "/restapi/v1.0/account/~/telephony/sessions/s-1",
                    deadline: .milliseconds(50)
                )
                await #expect(throws: RingCentralError.unreachable(.timeout)) { try await client.send(call) }
            }
        }

        // MARK: Subscription

        private func keep(
            _ server: RingCentralServer,
            _ url: String,
            for duration: Duration
        ) async throws -> RingCentralSubscription {
            let clock = SleptTime(limit: duration)
            let subscription = RingCentralSubscription(
                client: try client(url, clock),
                address: "https://voice.example.net/events",
                token: "static",
                time: clock.time,
                logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
            )
            await #expect(throws: CancellationError.self) { try await subscription.run() }
            return subscription
        }

        @Test func aSubscriptionIsMadeAndLookedAfter() async throws {
            try await RingCentralServer.run { server, url in
                let subscription = try await keep(server, url, for: .seconds(1000))
                let made = try #require(server.seen.first { $0.method == "POST" && $0.path.hasSuffix("/subscription") })
                let body = try RingCentralJSON(parsing: Array(made.body.utf8))
                #expect(body["deliveryMode"]?["transportType"]?.string == "WebHook")
                #expect(body["deliveryMode"]?["address"]?.string == "https://voice.example.net/events")
                #expect(body["deliveryMode"]?["verificationToken"]?.string == "static")
                #expect(body["expiresIn"]?.integer == 315_360_000)
                #expect(body["eventFilters"]?.items.first?.string == "/restapi/v1.0/account/~/telephony/sessions")
                #expect(server.count("GET", "/subscription/sub-1") == 4, "every 240 s of 1000 s")
                #expect(server.state.withLock { $0.subscriptions.count } == 1)
                #expect(subscription.summary == "active")
            }
        }

        @Test func aRestartTakesItOverAndRemovesWhatIsBlacklisted() async throws {
            try await RingCentralServer.run { server, url in
                server.state.withLock { state in
                    let address = "https://voice.example.net/events"
                    state.subscriptions = [
                        "a": .init(address: address, status: "Blacklisted"), "b": .init(address: address),
                        "c": .init(address: "https://elsewhere.example.net"),
                    ]
                }
                _ = try await keep(server, url, for: .seconds(10))
                #expect(server.state.withLock { $0.subscriptions.keys.sorted() } == ["b", "c"])
                #expect(server.count("PUT", "/subscription/b") == 1 && server.count("POST", "/subscription") == 0)
            }
        }

        @Test func aBlacklistedOrVanishedOneIsMadeAgain() async throws {
            try await RingCentralServer.run { server, url in
                server.fail(
                    .init(path: "/subscription/sub-1", status: 200, body: #"{"id":"sub-1","status":"Blacklisted"}"#)
                )
                server.fail(.init(path: "/subscription/sub-2", status: 404))
                let subscription = try await keep(server, url, for: .seconds(1000))
                #expect(server.count("DELETE", "/subscription/sub-1") == 1)
                #expect(server.state.withLock { $0.subscriptions.keys.sorted().last } == "sub-3")
                #expect(subscription.summary == "active")
            }
        }

        @Test func itIsRenewedBeforeItEnds() async throws {
            try await RingCentralServer.run { server, url in
                let address = "https://voice.example.net/events"
                server.state.withLock { $0.subscriptions = ["b": .init(address: address, expiresIn: 200)] }
                _ = try await keep(server, url, for: .seconds(700))
                #expect(server.count("POST", "/subscription/b/renew") == 4, "every 150 s of 200 s")
            }
        }

        @Test func faultsOfEveryKindAreOutlived() async throws {
            try await RingCentralServer.run { server, url in
                server.fail(.init(path: "/subscription", status: 500))
                server.fail(.init(path: "/subscription", status: 429, headers: ["Retry-After": "100"]))
                server.fail(.init(path: "/subscription", status: 401))
                server.fail(.init(path: "/subscription", status: 200, body: "<html>"))
                server.fail(.init(path: "/oauth/token", status: 503))
                let subscription = try await keep(server, url, for: .seconds(1000))
                #expect(subscription.summary == "active")
            }
        }
    }
}
