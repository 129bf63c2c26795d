import Gateway
import Testing

extension Loopback {
    @Suite("Socket upgrades") struct Upgrades {
        private func rejected(_ reason: String) -> String {
            #"parley_webhook_rejected_total{provider="twilio",reason="\#(reason)"}"#
        }

        @Test func inProductionASignedUpgradeIsAcceptedAndNoOther() async throws {
            try await EngineRig.run(EngineRig.production) { rig in
                let good = try await TestSocket.open(port: rig.port, headers: EngineRig.upgradeSignature)
                #expect(good.status == 101)
                #expect(good.head.lowercased().contains("sec-websocket-accept: s3pplmbitxaq9kygzzhzrbk+xoo="))
                for headers in [[], [("X-Twilio-Signature", "AAAA")], [("X-Twilio-Signature", "")]]
                    as [[(String, String)]]
                {
                    let bad = try await TestSocket.open(port: rig.port, headers: headers)
                    #expect(bad.status == 403)
                    #expect(await bad.readBody().contains(#""code":"signature""#))
                }
                let otherPath = try await TestSocket.open(
                    port: rig.port,
                    path: "/twilio/ws?x=1",
                    headers: EngineRig.upgradeSignature
                )
                #expect(otherPath.status == 403, "the query is part of what is signed")
                #expect(try await rig.metric(rejected("signature")) == 4)
                try await good.drop()
                try await rig.waitUntilEmpty()
                try await rig.placeGoodCall(headers: EngineRig.upgradeSignature)
            }
        }

        @Test func aProviderWithoutItsSecretGetsNoSocket() async throws {
            var settings = EngineRig.production
            settings.twilioAuthTokens = []
            try await EngineRig.run(settings) { rig in
                let socket = try await TestSocket.open(port: rig.port, headers: EngineRig.upgradeSignature)
                #expect(socket.status == 503)
                #expect(await socket.readBody().contains(#""code":"not_configured""#))
            }
        }

        @Test(
            arguments: [
                (without: ["Sec-WebSocket-Key"], headers: []), (without: ["Sec-WebSocket-Version"], headers: []),
                (without: ["Sec-WebSocket-Version"], headers: [("Sec-WebSocket-Version", "8")]),
                (without: ["Sec-WebSocket-Key"], headers: [("Sec-WebSocket-Key", "short")]),
                (without: [], headers: [("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")]),
                (without: [], headers: [("Sec-WebSocket-Version", "13")]),
                (without: ["Connection"], headers: []), (without: ["Connection"], headers: [("Connection", "close")]),
            ] as [(without: Set<String>, headers: [(String, String)])]
        )
        func aBadHandshakeIsRefusedAndTakesNoPlace(_ fault: (without: Set<String>, headers: [(String, String)]))
            async throws
        {
            try await EngineRig.run { rig in
                let socket = try await TestSocket.open(port: rig.port, headers: fault.headers, without: fault.without)
                #expect(socket.status == 400)
                #expect(await socket.readBody().contains(#""code":"bad_handshake""#))
                #expect(try await rig.metric("parley_calls_active") == 0)
                try await rig.placeGoodCall()
            }
        }

        @Test func anUpgradeOfAnotherMethodOrPathOrProtocolIsAnOrdinaryRequest() async throws {
            try await EngineRig.run { rig in
                let post = try await TestSocket.open(port: rig.port, method: "POST", headers: [("Content-Length", "0")])
                #expect([400, 404, 405].contains(post.status))
                let elsewhere = try await TestSocket.open(port: rig.port, path: "/metrics")
                #expect(elsewhere.status == 200)
                #expect(await elsewhere.readBody().contains("parley_calls_active 0"))
                let other = try await TestSocket.open(
                    port: rig.port,
                    headers: [("Upgrade", "h2c")],
                    without: ["Upgrade"]
                )
                #expect(other.status == 426)
                let plain = try await rig.get("/twilio/ws")
                #expect(plain.status == 426 && plain.errorCode == "upgrade_required")
            }
        }

        /// A connection that was used for a request cannot become a socket, and must not hold a place while it stays open.
        @Test func anUpgradeAfterAnotherRequestIsRefusedAndTakesNoPlace() async throws {
            try await EngineRig.run { rig in
                let socket = try await TestSocket.connect(port: rig.port)
                try await socket.send(raw: "GET /health/live HTTP/1.1\r\nHost: a\r\n\r\n")
                try await socket.readHead()
                #expect(socket.status == 200)
                try await socket.upgrade()
                // The first answer's body is still before the second head.
                #expect(socket.head.contains(" 400 ") || socket.status == 400)
                #expect(await socket.readBody().contains("bad_handshake"))
                #expect(try await rig.metric("parley_calls_active") == 0)
            }
        }

        @Test func theLimitIsExactAndAFreedPlaceIsTakenAgain() async throws {
            var settings = EngineRig.settings
            settings.maximumCalls = 3
            try await EngineRig.run(settings) { rig in
                var sockets: [TestSocket] = []
                for _ in 0..<3 {
                    let socket = try await TestSocket.open(port: rig.port)
                    #expect(socket.status == 101)
                    sockets.append(socket)
                }
                let refused = try await TestSocket.open(port: rig.port)
                #expect(refused.status == 503)
                #expect(await refused.readBody().contains(#""code":"full""#))
                #expect(try await rig.metric("parley_calls_active") == 3)

                // One leaves before it began a call, one in the middle of one, one in order.
                try await sockets[0].drop()
                try await rig.wait(for: "parley_calls_active", toBe: 2)
                try await sockets[1].start(call: "CA2")
                _ = try await sockets[1].greeting()
                try await sockets[1].drop()
                try await rig.wait(for: "parley_calls_active", toBe: 1)
                try await sockets[2].start(call: "CA3")
                _ = try await sockets[2].greeting()
                try await sockets[2].stop()
                #expect(try await sockets[2].closeCode() == 1000)
                try await rig.waitUntilEmpty()

                for _ in 0..<3 {
                    let socket = try await TestSocket.open(port: rig.port)
                    #expect(socket.status == 101)
                    sockets.append(socket)
                }
                #expect(try await TestSocket.open(port: rig.port).status == 503)
                #expect(try await rig.metric(rejected("full")) == 2)
                for socket in sockets { try? await socket.drop() }
                try await rig.waitUntilEmpty()
            }
        }

        @Test func theLimitHoldsWhenEveryoneComesAtOnce() async throws {
            var settings = EngineRig.settings
            settings.maximumCalls = 5
            try await EngineRig.run(settings) { rig in
                let port = rig.port
                let statuses = try await withThrowingTaskGroup(of: (Int, any Sendable).self) { group in
                    for _ in 0..<20 {
                        group.addTask {
                            let socket = try await TestSocket.open(port: port)
                            return (socket.status, socket.channel)
                        }
                    }
                    var all: [(Int, any Sendable)] = []
                    for try await status in group { all.append(status) }
                    return all
                }
                #expect(statuses.count { $0.0 == 101 } == 5)
                #expect(statuses.count { $0.0 == 503 } == 15)
                #expect(try await rig.metric("parley_calls_active") == 5)
            }
        }

        /// A client may send its first frames together with the handshake.
        @Test func framesThatCameWithTheHandshakeAreRead() async throws {
            try await EngineRig.run { rig in
                let socket = try await TestSocket.connect(port: rig.port)
                var raw = Array(
                    ("GET /twilio/ws HTTP/1.1\r\nHost: a\r\nUpgrade: WebSocket\r\nConnection: keep-alive, Upgrade\r\n"
                        + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n").utf8
                )
                raw += TestSocket.frame(opcode: 1, Array(TestSocket.startMessage().utf8))
                try await socket.send(raw: raw)
                try await socket.readHead()
                #expect(socket.status == 101)
                #expect(try await socket.greeting() != nil)
                try await socket.drop()
            }
        }
    }
}
