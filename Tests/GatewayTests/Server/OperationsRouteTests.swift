import Engine
import Foundation
import Gateway
import TestSupport
import Testing

extension Loopback {
    @Suite("Operations routes") struct OperationsRoutes {
        @Test func errorsOfEveryKindAreJSON() async throws {
            try await EngineRig.run { rig in
                for (path, status, code) in [
                    ("/nothing/here", 404, "not_found"), ("/", 404, "not_found"),
                    ("/twilio/ws", 426, "upgrade_required"),
                    ("/api/v1/events/stream", 401, "unauthorized"),
                ] {
                    let answer = try await rig.get(path)
                    #expect(answer.status == status && answer.errorCode == code, "\(path)")
                    #expect(answer.headers["content-type"] == "application/json")
                    #expect(answer.json.object("error").text("message").isEmpty == false)
                }
                let wrongMethod = try await rig.request(.DELETE, "/twilio/voice")
                #expect([404, 405].contains(wrongMethod.status) && wrongMethod.errorCode != nil)
                // A client cannot make the engine say that its upgrade was refused.
                let forged = try await rig.get("/twilio/ws", headers: [("parley-upgrade-refused", "full")])
                #expect(forged.status == 426)
            }
        }

        @Test func aConnectionThatTakesTooLongIsClosed() async throws {
            var settings = EngineRig.settings
            settings.requestTimeoutSeconds = 1
            try await EngineRig.run(settings) { rig in
                for beginning in [
                    "", "GET /health/live HTTP/1.1\r\nHost:", "GET /health/live HTTP/1.1\r\nHost: a\r\n\r\n",
                ] {
                    let connection = try await TestSocket.connect(port: rig.port)
                    try await connection.send(raw: beginning)
                    let answer = await connection.readBody()
                    #expect(answer.hasPrefix("HTTP/1.1 200") == beginning.hasSuffix("\r\n\r\n"))
                }
            }
        }

        @Test func healthSaysWhatIsUp() async throws {
            try await EngineRig.run { rig in
                let live = try await rig.get("/health/live")
                #expect(live.status == 200 && live.json.text("status") == "live")
                for path in ["/health/ready", "/twilio/health"] {
                    let ready = try await rig.get(path)
                    #expect(ready.status == 200 && ready.json.text("status") == "ready")
                    let engine = ready.json.object("engine")
                    #expect(engine.text("environment") == "development")
                    #expect(engine["legs"] as? [String: String] == ["stt": "fake", "llm": "fake", "tts": "fake"])
                    #expect(engine["tenants"] as? [String] == ["test"])
                }
            }
        }

        @Test func readyIsNoWhileEveryPlaceIsTaken() async throws {
            var settings = EngineRig.settings
            settings.maximumCalls = 1
            try await EngineRig.run(settings) { rig in
                let socket = try await TestSocket.open(port: rig.port)
                let full = try await rig.get("/health/ready")
                #expect(full.status == 503 && full.json.text("status") == "full")
                #expect(full.json.number("calls") == 1 && full.json.number("callsLimit") == 1)
                #expect(try await rig.get("/health/live").status == 200)
                try await socket.drop()
                try await rig.waitUntilEmpty()
                #expect(try await rig.get("/health/ready").status == 200)
            }
        }

        @Test func metricsAreOpenUnlessTheyHaveAToken() async throws {
            var settings = EngineRig.settings
            try await EngineRig.run(settings) { rig in
                let answer = try await rig.get("/metrics")
                #expect(answer.status == 200)
                #expect(answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
                #expect(answer.body.hasSuffix("\n"))
            }
            settings.metricsToken = "a token of sixteen bytes or more"
            try await EngineRig.run(settings) { rig in
                for header in [nil, "Bearer wrong", "a token of sixteen bytes or more", "Bearer "] as [String?] {
                    let answer = try await rig.get("/metrics", headers: header.map { [("Authorization", $0)] } ?? [])
                    #expect(answer.status == 401 && answer.errorCode == "unauthorized")
                }
                let good = try await rig.get(
                    "/metrics",
                    headers: [("Authorization", "Bearer a token of sixteen bytes or more")]
                )
                #expect(good.status == 200)
            }
        }

        @Test(arguments: ["name[]", "name%5B%5D"])
        func metricsCanBeAskedForByName(_ parameter: String) async throws {
            try await EngineRig.run { rig in
                let query = ["parley_tick_late_total", "parley_worker_busy_ratio", "parley_none"]
                    .map { "\(parameter)=\($0)" }.joined(separator: "&")
                let lines = try await rig.get("/metrics?" + query).body.split(separator: "\n")
                let names = Set(lines.filter { !$0.hasPrefix("#") }.map { String($0.prefix { !"{ ".contains($0) }) })
                #expect(names == ["parley_tick_late_total", "parley_worker_busy_ratio"])
                #expect(lines.filter { $0.hasPrefix("# TYPE") }.count == 2)
            }
        }

        @Test func theSessionsShowLiveCallsWithoutNumbers() async throws {
            try await EngineRig.run { rig in
                #expect(try await rig.get("/twilio/sessions").json.number("total") == 0)
                let socket = try await TestSocket.open(port: rig.port)
                try await socket.start(call: "CA42")
                _ = try await socket.greeting()
                let list = try await rig.get("/twilio/sessions").json
                let item = try #require((list["items"] as? [[String: Any]])?.first)
                #expect(list.number("total") == 1)
                #expect(
                    item.text("callSid") == "CA42" && item.text("tenant") == "test" && item.text("provider") == "twilio"
                )
                #expect(item["lastTurnMs"] is NSNull && !item.text("state").isEmpty)
                try await socket.drop()
                try await rig.waitUntilEmpty()
                #expect(try await rig.get("/twilio/sessions").json.number("total") == 0)
            }
        }

        @Test func fromElsewhereTheSessionsNeedAnOperatorsToken() async throws {
            let tokens = await OperatorTokens(secret: EngineRig.jwtSecret)
            try await EngineRig.run { rig in
                let proxied = [("X-Forwarded-For", "203.0.113.7")]
                #expect(try await rig.get("/twilio/sessions", headers: proxied).status == 401)
                #expect(
                    try await rig.get("/twilio/sessions", headers: [("Forwarded", "for=203.0.113.7")]).status == 401
                )
                for (role, status) in [(OperatorTokens.Role.viewer, 403), (.operator, 200)] {
                    let token = try await tokens.mint(subject: "s", tenant: "*", role: role, lifetime: .seconds(60))
                    let answer = try await rig.get(
                        "/twilio/sessions",
                        headers: proxied + [("Authorization", "Bearer \(token)")]
                    )
                    #expect(answer.status == status)
                }
            }
        }

        @Test func anOperatorSeesTheCallsOfItsOwnTenant() async throws {
            let tokens = await OperatorTokens(secret: EngineRig.jwtSecret)
            try await EngineRig.run { rig in
                let socket = try await TestSocket.open(port: rig.port)
                try await socket.start()
                _ = try await socket.greeting()
                for (tenant, total) in [("test", 1), ("other", 0), ("*", 1)] {
                    let token = try await tokens.mint(
                        subject: "s",
                        tenant: tenant,
                        role: .operator,
                        lifetime: .seconds(60)
                    )
                    let answer = try await rig.get(
                        "/twilio/sessions",
                        headers: [("X-Forwarded-For", "203.0.113.7"), ("Authorization", "Bearer \(token)")]
                    )
                    #expect(answer.json.number("total") == total)
                }
                try await socket.drop()
            }
        }
    }
}
