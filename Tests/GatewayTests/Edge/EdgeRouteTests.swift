import Foundation
import Gateway
import Testing

extension Loopback {
    @Suite("The edge in front of the routes") struct EdgeRoutes {
        private let voice = [("CallSid", "CA1"), ("From", "+33612345678"), ("To", "+33184800000")]

        private func rejected(_ reason: String, _ provider: String = "twilio") -> String {
            #"parley_webhook_rejected_total{provider="\#(provider)",reason="\#(reason)"}"#
        }

        // MARK: Rates

        @Test func whoAsksTooOftenGets429AndWhenToAskAgain() async throws {
            var settings = EngineRig.settings
            settings.edge.requestsPerSecond = 1
            settings.edge.requestBurst = 2
            settings.edge.trustedProxies = ["127.0.0.1"]
            try await EngineRig.run(settings) { rig in
                let one = [("X-Forwarded-For", "203.0.113.1")]
                let other = [("X-Forwarded-For", "203.0.113.2")]
                var answers: [EngineRig.Answer] = []
                for _ in 0..<20 { answers.append(try await rig.get("/twilio/sessions", headers: one)) }
                let refused = answers.filter { $0.status == 429 }
                #expect(refused.count >= 10 && answers[0].status == 401)
                #expect(
                    refused.allSatisfy { $0.errorCode == "rate_limited" && Int($0.headers["retry-after"] ?? "") == 1 }
                )
                #expect(try await rig.get("/twilio/sessions", headers: other).status == 401)
                #expect(try await rig.metric(rejected("rate_limited")) == Double(refused.count))
                for _ in 0..<20 { #expect(try await rig.get("/health/live").status == 200) }
            }
        }

        /// An error would have the provider play its own message to the caller.
        @Test func aCallerOfALimitedProviderHearsAnApology() async throws {
            var settings = EngineRig.settings
            settings.edge.requestsPerSecond = 1
            settings.edge.requestBurst = 1
            try await EngineRig.run(settings) { rig in
                var bodies: [String] = []
                for _ in 0..<10 {
                    let answer = try await rig.post("/twilio/voice", voice, signed: false)
                    #expect(answer.status == 200 && answer.headers["content-type"] == "text/xml; charset=utf-8")
                    bodies.append(answer.body)
                }
                #expect(bodies[0].contains("<Connect") && bodies.contains(TwilioAnswers.busy.xml))
                // A path that plays nothing to anybody gets the plain refusal, as soon as no token is left.
                var status = try await rig.post("/twilio/status", voice, signed: false)
                while status.status != 429 { status = try await rig.post("/twilio/status", voice, signed: false) }
                #expect(status.errorCode == "rate_limited" && status.headers["retry-after"] == "1")
            }
        }

        @Test func anUpgradeIsLimitedLikeARequestAndTakesNoPlace() async throws {
            var settings = EngineRig.settings
            settings.edge.requestsPerSecond = 1
            settings.edge.requestBurst = 1
            try await EngineRig.run(settings) { rig in
                let first = try await TestSocket.open(port: rig.port)
                #expect(first.status == 101)
                let second = try await TestSocket.open(port: rig.port)
                #expect(second.status == 429)
                #expect(try await rig.metric("parley_calls_active") == 1)
                try await first.drop()
            }
        }

        // MARK: Addresses

        @Test func onlyAllowedAddressesReachTheWebhooksAndSockets() async throws {
            var settings = EngineRig.settings
            settings.edge.allowedAddresses = ["203.0.113.0/24"]
            settings.edge.trustedProxies = ["127.0.0.1"]
            try await EngineRig.run(settings) { rig in
                let refused = try await rig.post("/twilio/voice", voice, signed: false)
                #expect(refused.status == 403 && refused.errorCode == "address")
                let form = ("Content-Type", "application/x-www-form-urlencoded")
                for (client, status) in [
                    ("203.0.113.9", 200), ("198.51.100.1", 403), ("203.0.113.9, 198.51.100.1", 403),
                ] {
                    let answer = try await rig.request(
                        .POST,
                        "/twilio/voice",
                        headers: [form, ("X-Forwarded-For", client)],
                        body: Array(TwilioSigner.form(voice).utf8)
                    )
                    #expect(answer.status == status, "\(client)")
                }
                #expect(try await TestSocket.open(port: rig.port).status == 403)
                let allowed = try await TestSocket.open(port: rig.port, headers: [("X-Forwarded-For", "203.0.113.9")])
                #expect(allowed.status == 101)
                try await allowed.drop()
                #expect(try await rig.get("/health/live").status == 200)
                #expect(try await rig.get("/metrics").status == 200)
                #expect(try await rig.metric(rejected("address")) == 4)
            }
        }

        @Test func aRequestThroughAnyProxyIsNotLocal() async throws {
            try await EngineRig.run { rig async throws in
                #expect(try await rig.get("/twilio/sessions").status == 200)
                for name in [
                    "X-Forwarded-For", "X-Forwarded-Proto", "X-Real-IP", "Forwarded", "Via", "X-Forwarded-Host",
                ] {
                    #expect(
                        try await rig.get("/twilio/sessions", headers: [(name, "127.0.0.1")]).status == 401,
                        "\(name)"
                    )
                }
            }
        }

        // MARK: Connections

        @Test func connectionsBeyondTheLimitAreClosedAtOnceAndRoomComesBack() async throws {
            var settings = EngineRig.settings
            settings.edge.connectionsPerAddress = 3
            try await EngineRig.run(settings) { rig in
                var sockets: [TestSocket] = []
                for _ in 0..<3 {
                    let socket = try await TestSocket.open(port: rig.port)
                    #expect(socket.status == 101)
                    sockets.append(socket)
                }
                for _ in 0..<3 {
                    let refused = try await TestSocket.open(port: rig.port)
                    #expect(refused.status == 0, "closed without an answer")
                }
                for socket in sockets { try await socket.drop() }
                // The rig's own client keeps no connection open here: its first request finds room when there is some.
                while true {
                    try Task.checkCancellation()
                    if let answer = try? await rig.get("/health/live"), answer.status == 200 { break }
                }
                #expect(try await rig.metric(rejected("connections", "edge")) ?? 0 >= 3)
                try await rig.waitUntilEmpty()
            }
        }

        // MARK: Headers

        @Test func everyAnswerCarriesTheSecurityHeaders() async throws {
            try await EngineRig.run { rig in
                let answers = [
                    try await rig.get("/health/live"), try await rig.get("/metrics"), try await rig.get("/nothing"),
                    try await rig.post("/twilio/voice", voice, signed: false),
                    try await rig.request(.POST, "/twilio/voice", headers: [("Content-Encoding", "gzip")], body: [1]),
                ]
                for answer in answers {
                    #expect(answer.headers["x-content-type-options"] == "nosniff")
                    #expect(answer.headers["cache-control"] == "no-store")
                    #expect(answer.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'")
                    #expect(answer.headers["referrer-policy"] == "no-referrer")
                    #expect(
                        answer.headers["strict-transport-security"] == "max-age=31536000",
                        "the public URL is https"
                    )
                    #expect(answer.headers["server"] == "parley")
                }
            }
            var plain = EngineRig.settings
            plain.publicURL = nil
            try await EngineRig.run(plain) { rig async throws in
                #expect(try await rig.get("/health/live").headers["strict-transport-security"] == nil)
            }
        }

        /// Nothing an answer says names a type, a file, a library or a path of ours.
        @Test func errorsTellNothingOfTheInside() async throws {
            try await EngineRig.run { rig in
                for path in ["/nothing", "/twilio/ws", "/api/v1/events/stream", "/health/nothing"] {
                    let answer = try await rig.get(path)
                    #expect(answer.status >= 400)
                    for word in ["swift", "Hummingbird", "NIO", "Error", "/home", "/work", "Gateway"] {
                        #expect(!answer.body.contains(word), "\(path): \(answer.body)")
                    }
                }
            }
        }
    }
}
