import Gateway
import Logging
import NIOHTTP1
import Testing

@Suite("Edge policy")
struct EdgePolicyTests {
    private let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })

    private func edge(_ change: (inout EngineSettings) -> Void) throws -> Edge {
        var settings = EngineSettings()
        change(&settings)
        return try Edge(settings, meters: WebhookMeters(), logger: logger)
    }

    private func head(_ uri: String, _ headers: [(String, String)] = []) -> HTTPRequestHead {
        HTTPRequestHead(version: .http1_1, method: .GET, uri: uri, headers: HTTPHeaders([("Host", "a")] + headers))
    }

    private func ask(
        _ edge: Edge,
        _ uri: String,
        from peer: String,
        _ headers: [(String, String)] = [],
        now: Int64 = 0
    ) -> Edge.Refused? {
        var head = head(uri, headers)
        return edge.refusal(of: &head, peer: IPAddress(peer), now: now)
    }

    @Test func eachAddressHasItsOwnBucket() throws {
        let edge = try edge {
            $0.edge.requestsPerSecond = 1
            $0.edge.requestBurst = 2
        }
        for _ in 0..<2 { #expect(ask(edge, "/twilio/voice", from: "203.0.113.1") == nil) }
        let refused = try #require(ask(edge, "/twilio/voice", from: "203.0.113.1"))
        #expect(refused.refusal == .rateLimited && refused.waitNanoseconds == 1_000_000_000)
        #expect(ask(edge, "/twilio/voice", from: "203.0.113.2") == nil)
        #expect(ask(edge, "/twilio/voice", from: "203.0.113.1", now: 1_000_000_000) == nil)
    }

    @Test func anIPv6NetworkIsOneSubscriber() throws {
        let edge = try edge {
            $0.edge.requestsPerSecond = 1
            $0.edge.requestBurst = 1
        }
        #expect(ask(edge, "/a", from: "2001:db8:0:1::1") == nil)
        #expect(ask(edge, "/a", from: "2001:db8:0:1:ffff::9")?.refusal == .rateLimited)
        #expect(ask(edge, "/a", from: "2001:db8:0:2::1") == nil)
        #expect(ask(edge, "/a", from: "192.0.2.1") == nil)
        #expect(ask(edge, "/a", from: "::ffff:192.0.2.1")?.refusal == .rateLimited)
    }

    @Test func healthAndMetricsOfThisMachineAreNeverLimited() throws {
        let edge = try edge {
            $0.edge.requestsPerSecond = 1
            $0.edge.requestBurst = 1
        }
        for _ in 0..<100 {
            for path in ["/health/live", "/health/ready", "/twilio/health", "/metrics"] {
                #expect(ask(edge, path, from: "127.0.0.1") == nil && ask(edge, path, from: "::1") == nil)
            }
        }
        #expect(ask(edge, "/health/live", from: "203.0.113.1") == nil)
        #expect(ask(edge, "/health/live", from: "203.0.113.1")?.refusal == .rateLimited)
        let proxied = [("X-Forwarded-For", "127.0.0.1")]
        #expect(ask(edge, "/health/live", from: "127.0.0.1", proxied) == nil)
        #expect(ask(edge, "/health/live", from: "127.0.0.1", proxied)?.refusal == .rateLimited)
    }

    @Test func theLimitCanBeSwitchedOff() throws {
        let edge = try edge { $0.edge.requestsPerSecond = 0 }
        for _ in 0..<10_000 { #expect(ask(edge, "/twilio/voice", from: "203.0.113.1") == nil) }
    }

    @Test func behindATrustedProxyTheClientIsLimitedAndNotTheProxy() throws {
        let edge = try edge {
            $0.edge.trustedProxies = ["10.0.0.0/8"]
            $0.edge.requestsPerSecond = 1
            $0.edge.requestBurst = 1
        }
        for client in 1...50 {
            let headers = [("X-Forwarded-For", "203.0.113.\(client)")]
            #expect(ask(edge, "/a", from: "10.1.1.1", headers) == nil)
            #expect(ask(edge, "/a", from: "10.1.1.2", headers)?.refusal == .rateLimited)
        }
        // An invented list in front of it does not help.
        let forged = [("X-Forwarded-For", "198.51.100.1, 203.0.113.1")]
        #expect(ask(edge, "/a", from: "10.1.1.1", forged)?.refusal == .rateLimited)
    }

    @Test func onlyAllowedAddressesReachWebhooksAndSockets() throws {
        let edge = try edge {
            $0.edge.allowedAddresses = ["203.0.113.0/24"]
            $0.edge.trustedProxies = ["10.0.0.0/8"]
        }
        let closed = [
            "/twilio/voice", "//twilio/voice", "/twilio/ws", "/twilio/ws?x", "/ringover/ws", "/ws", "/nothing",
            "/api/v1/webhooks/ringover/event", "/api/v1/ringcentral/webhooks/events", "/%74wilio/voice",
        ]
        for path in closed {
            #expect(ask(edge, path, from: "203.0.113.9") == nil)
            #expect(ask(edge, path, from: "198.51.100.1")?.refusal == .address, "\(path)")
            #expect(ask(edge, path, from: "127.0.0.1")?.refusal == .address)
            #expect(ask(edge, path, from: "10.0.0.1", [("X-Forwarded-For", "203.0.113.9")]) == nil)
            let forged = [("X-Forwarded-For", "203.0.113.9, 198.51.100.1")]
            #expect(ask(edge, path, from: "10.0.0.1", forged)?.refusal == .address)
            #expect(ask(edge, path, from: "198.51.100.1", [("X-Forwarded-For", "203.0.113.9")])?.refusal == .address)
        }
        for path in ["/health/live", "/metrics", "/twilio/health", "/twilio/sessions", "/api/v1/calls", "/console/"] {
            #expect(ask(edge, path, from: "198.51.100.1") == nil, "\(path)")
        }
    }

    @Test func whatTheEdgeWritesNoClientCanSend() throws {
        let edge = try edge { $0.edge.trustedProxies = ["10.0.0.0/8"] }
        var forged = head(
            "/twilio/ws",
            [
                ("Parley-Client", "127.0.0.1"), ("parley-external", "https://evil.example"),
                ("PARLEY-UPGRADE-REFUSED", "full"), ("X-Forwarded-Proto", "https"), ("X-Forwarded-For", "127.0.0.1"),
            ]
        )
        #expect(edge.refusal(of: &forged, peer: IPAddress("203.0.113.1"), now: 0) == nil)
        #expect(!forged.headers.contains { $0.name.lowercased().hasPrefix("parley-") })
        let configured = PublicURL("http://127.0.0.1:8080")
        #expect(RequestURL.external(forged, configured: configured) == configured)
    }

    @Test func withoutAPublicURLATrustedProxyTellsIt() throws {
        let open = try edge { $0.edge.trustedProxies = ["10.0.0.0/8"] }
        let configured = PublicURL("http://127.0.0.1:8080")
        let said = [
            ("X-Forwarded-For", "203.0.113.1"), ("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "v.example"),
        ]
        var proxied = head("/twilio/ws", said)
        #expect(open.refusal(of: &proxied, peer: IPAddress("10.0.0.1"), now: 0) == nil)
        #expect(RequestURL.external(proxied, configured: configured) == PublicURL("https://v.example"))
        #expect(
            RequestURL.external(proxied, configured: configured).socket("/twilio/ws") == "wss://v.example/twilio/ws"
        )
        #expect(proxied.headers["parley-client"] == ["203.0.113.1"])

        let fixed = try edge {
            $0.edge.trustedProxies = ["10.0.0.0/8"]
            $0.publicURL = "https://voice.example.net"
        }
        var again = head("/twilio/ws", said)
        #expect(fixed.refusal(of: &again, peer: IPAddress("10.0.0.1"), now: 0) == nil)
        #expect(RequestURL.external(again, configured: configured) == configured)
    }

    @Test func badAddressesInTheSettingsAreFaultsWithTheirVariable() {
        for (proxies, allowed, key) in [
            (["10.0.0.1/8"], [], "PARLEY_TRUSTED_PROXIES"), ([], ["x"], "PARLEY_ALLOWED_ADDRESSES"),
        ] as [([String], [String], String)] {
            let faults = #expect(throws: SettingsFaults.self) {
                _ = try edge {
                    $0.edge.trustedProxies = proxies
                    $0.edge.allowedAddresses = allowed
                }
            }
            #expect(faults?.faults.map(\.key) == [key])
        }
    }

    @Test func connectionsAreLimitedInAllAndPerAddress() throws {
        let counts = ConnectionCounts(limit: 5, limitPerAddress: 2)
        let one = try #require(IPAddress("192.0.2.1"))
        let two = try #require(IPAddress("192.0.2.2"))
        #expect(counts.enter(one) && counts.enter(one) && !counts.enter(one))
        #expect(counts.enter(two) && counts.enter(nil) && counts.enter(nil) && !counts.enter(two) && !counts.enter(nil))
        #expect(counts.total == 5 && counts.addresses == 2)
        for address in [one, one, two, nil, nil] { counts.leave(address) }
        #expect(counts.total == 0 && counts.addresses == 0, "nothing is remembered of who has gone")
        #expect(counts.enter(one))
    }
}
