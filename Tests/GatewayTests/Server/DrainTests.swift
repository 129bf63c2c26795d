import Gateway
import TestSupport
import Testing

extension Loopback {
    @Suite("Draining") struct Draining {
        private func settings(grace: Int) -> EngineSettings {
            var settings = EngineRig.settings
            settings.drainSeconds = grace
            settings.startTimeoutSeconds = 300
            return settings
        }

        /// Asks until the engine says that it drains; a refused connection would be an error here.
        private func waitForDraining(_ rig: EngineRig) async throws {
            while try await rig.get("/health/ready").json.text("status") != "draining" { try Task.checkCancellation() }
        }

        @Test func duringTheGraceOldCallsGoOnAndNewOnesAreRefused() async throws {
            try await EngineRig.run(settings(grace: 300)) { rig in
                let socket = try await TestSocket.open(port: rig.port)
                socket.returnsMarks = true
                try await socket.start()
                _ = try await socket.greeting()
                await rig.group.triggerGracefulShutdown()
                try await waitForDraining(rig)
                #expect(try await rig.get("/health/ready").status == 503)
                #expect(try await rig.get("/health/live").status == 200)
                let refused = try await TestSocket.open(port: rig.port)
                #expect(refused.status == 503)
                #expect(await refused.readBody().contains(#""code":"draining""#))
                let voice = try await rig.post("/twilio/voice", [("CallSid", "CA2"), ("To", "+1")], signed: false)
                #expect(voice.body == TwilioAnswers.busy.xml)
                // The call still talks, ends as it likes, and with it the engine.
                try await socket.speak(TestSocket.utterance())
                #expect(try await socket.message("media") != nil)
                try await socket.stop()
                #expect(try await socket.closeCode() == 1000)
            }
        }

        @Test func atTheEndOfTheGraceTheCallIsClosedAndTheEngineStops() async throws {
            try await EngineRig.run(settings(grace: 1)) { rig in
                let socket = try await TestSocket.open(port: rig.port)
                try await socket.start()
                _ = try await socket.greeting()
                await rig.group.triggerGracefulShutdown()
                #expect(try await socket.closeCode() == 1001)
            }
        }

        @Test func aSocketWithoutACallDoesNotHoldTheEngine() async throws {
            try await EngineRig.run(settings(grace: 1)) { rig in
                let waiting = try await TestSocket.open(port: rig.port)
                let stopped = try await TestSocket.open(port: rig.port)
                try await stopped.start()
                _ = try await stopped.greeting()
                await rig.group.triggerGracefulShutdown()
                #expect(try await waiting.closeCode() == 1001)
                try await stopped.stop()
                _ = try await stopped.closeCode()
            }
        }

        @Test func aConnectionThatAsksNothingDoesNotHoldTheEngine() async throws {
            try await EngineRig.run(settings(grace: 300)) { rig in
                let silent = try await TestSocket.connect(port: rig.port)
                let halfway = try await TestSocket.connect(port: rig.port)
                try await halfway.send(raw: "GET /health/live HTTP/1.1\r\nHost:")
                let kept = try await TestSocket.connect(port: rig.port)
                try await kept.send(raw: "GET /health/live HTTP/1.1\r\nHost: a\r\n\r\n")
                try await kept.readHead()
                #expect(kept.status == 200)
                await rig.group.triggerGracefulShutdown()
                for connection in [silent, halfway, kept] { _ = await connection.readBody() }
            }
        }

        @Test func anIdleEngineStopsAtOnce() async throws {
            try await EngineRig.run(settings(grace: 300)) { rig async throws in
                #expect(try await rig.get("/health/live").status == 200)
            }
        }

        @Test func aListenerOfTheEventStreamDoesNotHoldTheEngine() async throws {
            let token = try await OperatorTokens(secret: EngineRig.jwtSecret).mint(
                subject: "s",
                tenant: "*",
                role: .viewer,
                lifetime: .seconds(60)
            )
            try await EngineRig.run(settings(grace: 300)) { rig in
                let stream = try await EventStream.open(rig, token: token)
                #expect(try await stream.next() == .init(id: nil, name: "connected", data: "{}"))
                await rig.group.triggerGracefulShutdown()
                #expect(try await stream.next() == nil)
            }
        }

        @Test func aPortThatIsTakenIsAnError() async throws {
            try await EngineRig.run { rig async throws in
                var taken = EngineRig.settings
                taken.port = rig.port
                await #expect(throws: (any Error).self) { try await EngineRig.run(taken) { _ in } }
                #expect(try await rig.get("/health/live").status == 200)
            }
        }
    }
}
