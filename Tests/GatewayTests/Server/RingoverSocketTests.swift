import Actors
import Engine
import Foundation
import Gateway
import TestSupport
import Testing

extension Loopback {
    @Suite("Ringover sockets") struct RingoverSockets {
        private static let token = EngineRig.streamingToken

        private func operatorToken() async throws -> String {
            try await OperatorTokens(secret: EngineRig.jwtSecret).mint(
                subject: "s",
                tenant: "*",
                role: .viewer,
                lifetime: .seconds(60)
            )
        }

        /// How the call ended, from the event stream.
        private func outcome(_ stream: EventStream) async throws -> String {
            let event = try #require(try await stream.first("call_ended"))
            return try WireVectors.parse(Data(event.data.utf8)).text("outcome")
        }

        @Test(arguments: [8000, 16_000]) func theGreetingIsHeardAtTheCallersRate(_ rate: Int) async throws {
            let token = try await operatorToken()
            try await EngineRig.run(EngineRig.ringover) { rig in
                let stream = try await EventStream.open(rig, token: token)
                let socket = try await TestSocket.ringover(port: rig.port, path: "/ringover/ws/\(Self.token)")
                #expect(socket.status == 101)
                try await socket.send(#"{"call_id":1234567890987654400,"sampleRate":\#(rate)}"#)
                // Six words of 100 ms each.
                let messages = try await socket.hear(samples: rate * 6 / 10)
                #expect(messages.reduce(0) { $0 + $1.count } == rate * 6 / 10)
                #expect(messages.allSatisfy { $0.count <= rate / 5 })
                #expect(messages.joined().contains { abs(Int($0)) > 1000 })
                let started = try #require(try await stream.first("call_started"))
                #expect(try WireVectors.parse(Data(started.data.utf8)).text("callSid") == "1234567890987654400")
                try await socket.hangUp()
                #expect(try await outcome(stream) == "caller_hung_up")
                try await rig.waitUntilEmpty()
                #expect(try await rig.metric("parley_marks_stray_total") == 0)
            }
        }

        @Test(arguments: [8000, 16_000])
        func whatTheCallerSaysIsAnsweredAndAnInterruptionBreaks(_ rate: Int) async throws {
            let long = (0..<100).map { "word\($0)" }.joined(separator: " ")
            let legs = EngineRig.legs(script: ["tell me everything", "stop"]) { turn in
                turn.number == 1 ? [.text(long + ".")] : [.text("Goodbye."), .action(.hangUp)]
            }
            let token = try await operatorToken()
            try await EngineRig.run(legs: legs) { rig in
                let stream = try await EventStream.open(rig, token: token)
                let socket = try await TestSocket.ringover(port: rig.port)
                try await socket.send(#"{"call_id":"7","rate":\#(rate)}"#)
                _ = try await socket.hear(samples: rate * 6 / 10)
                // The greeting plays on at the provider for the lead; the caller answers when it is over.
                try await socket.speakPCMInTime([UInt8](repeating: 0xFF, count: 4000), rate: rate)
                try await socket.speakPCM(TestSocket.utterance(), rate: rate)
                #expect(try await socket.hear(samples: 1).count == 1)
                let silence = [UInt8](repeating: 0xFF, count: 16_000)
                try await socket.speakPCMInTime(silence + TestSocket.utterance(), rate: rate)
                #expect(try await socket.event("break") != nil)
                let event = try #require(try await stream.first("call_interrupted"))
                let fields = try WireVectors.parse(Data(event.data.utf8))
                #expect(fields.flag("estimated"), "nothing came back that would prove what was heard")
                let heard = fields.text("heard").split(separator: " ").count
                #expect((10...60).contains(heard), "two to four seconds of words: \(heard)")
                #expect(try await socket.closeCode() == 1000)
                #expect(try await outcome(stream) == "agent_hung_up")
                try await rig.waitUntilEmpty()
            }
        }

        @Test func aTransferIsToldOverTheSocketBeforeItCloses() async throws {
            let legs = EngineRig.legs(script: ["a person please"]) { _ in
                [.text("One moment."), .action(.transfer(to: "+33184800001"))]
            }
            let token = try await operatorToken()
            try await EngineRig.run(legs: legs) { rig in
                let stream = try await EventStream.open(rig, token: token)
                let socket = try await TestSocket.ringover(port: rig.port)
                try await socket.send(#"{"call_id":"7"}"#)
                _ = try await socket.hear(samples: 4800)
                try await socket.speakPCMInTime([UInt8](repeating: 0xFF, count: 4000))
                try await socket.speakPCM(TestSocket.utterance())
                #expect(try await socket.event("transfer")?["data"]?.word == "33184800001")
                try await socket.hangUp()
                #expect(try await outcome(stream) == "transferred")
                try await rig.waitUntilEmpty()
            }
        }

        @Test func aPeerThatStaysAfterATransferIsClosed() async throws {
            let legs = EngineRig.legs(script: ["a person please"]) { _ in
                [.text("One moment."), .action(.transfer(to: "+33184800001"))]
            }
            try await EngineRig.run(legs: legs) { rig in
                let socket = try await TestSocket.ringover(port: rig.port)
                try await socket.send(#"{"call_id":"7"}"#)
                _ = try await socket.hear(samples: 4800)
                try await socket.speakPCMInTime([UInt8](repeating: 0xFF, count: 4000))
                try await socket.speakPCM(TestSocket.utterance())
                _ = try await socket.event("transfer")
                #expect(try await socket.closeCode() == 1000)
                try await rig.waitUntilEmpty()
            }
        }

        @Test func whoeverShowsNoGoodTokenIsRefused() async throws {
            try await EngineRig.run(EngineRig.ringover) { rig in
                let bad: [(String, [(String, String)])] = [
                    ("/ringover/ws", []), ("/ringover/ws/wrong", []), ("/ringover/ws?token=wrong", []),
                    ("/ringover/ws", [("Authorization", "Bearer wrong")]), ("/ringover/ws", [("X-Parley-Token", "")]),
                    ("/ringover/ws/\(Self.token)x", []), ("/ringover/ws/\(Self.token.dropLast())", []),
                ]
                for (path, headers) in bad {
                    let socket = try await TestSocket.ringover(port: rig.port, path: path, headers: headers)
                    #expect(socket.status == 403, "\(path)")
                    #expect(await socket.readBody().contains(#""code":"signature""#))
                }
                let good: [(String, [(String, String)])] = [
                    ("/ringover/ws/\(Self.token)", []), ("/ringover/ws?a=b&token=\(Self.token)", []),
                    ("/ringover/ws/the-next-token", []), ("/ringover/ws/s0me%2Dstreaming-token", []),
                    ("/ringover/ws", [("Authorization", "bearer \(Self.token)")]),
                    ("/ringover/ws", [("X-Parley-Token", Self.token)]),
                ]
                for (path, headers) in good {
                    let socket = try await TestSocket.ringover(port: rig.port, path: path, headers: headers)
                    #expect(socket.status == 101, "\(path)")
                    try await socket.drop()
                }
                #expect(try await rig.get("/ringover/ws").status == 426)
                #expect(try await rig.get("/ringover/ws/\(Self.token)").status == 426)
                try await rig.waitUntilEmpty()
            }
        }

        @Test func productionWithoutATokenRefusesEverySocket() async throws {
            var settings = EngineRig.ringover
            settings.ringover.streamingTokens = []
            try await EngineRig.run(settings) { rig in
                for path in ["/ringover/ws", "/ringover/ws/anything"] {
                    let socket = try await TestSocket.ringover(port: rig.port, path: path)
                    #expect(socket.status == 503)
                    #expect(await socket.readBody().contains("RINGOVER_STREAMING_TOKEN"))
                }
            }
        }

        @Test func theStreamingPortTakesSocketsAndNothingElse() async throws {
            var settings = EngineRig.ringover
            settings.ringover.streamingPort = try await EngineRig.freePort()
            let port = settings.ringover.streamingPort
            let token = try await operatorToken()
            try await EngineRig.run(settings) { rig in
                let socket = try await rig.waitForListener(port)
                try await socket.upgrade(path: "/ws/\(Self.token)")
                #expect(socket.status == 101)
                try await socket.send("57622f20-a020-4f9e-814c-62a6123412fa")
                #expect(try await socket.hear(samples: 4800).isEmpty == false)
                let refused = try await TestSocket.ringover(port: port, path: "/ws/wrong")
                #expect(refused.status == 403)
                let other = try await TestSocket.ringover(port: port, path: "/twilio/ws")
                #expect(other.status == 426)
                let status = try await rig.get(
                    "/api/v1/ringover/status",
                    headers: [("Authorization", "Bearer \(token)")]
                )
                #expect(status.status == 200)
                let streaming = status.json.object("streaming")
                #expect(streaming.text("listener") == "listening" && streaming.number("port") == port)
                #expect(streaming.number("sockets") == 1 && streaming.text("heardPositions") == "estimated")
                #expect(status.json.object("webhooks")["schemes"] as? [String] == ["hmac", "jwt", "v3"])
                for secret in [Self.token, EngineRig.ringoverKey] { #expect(!status.body.contains(secret)) }
                #expect(try await rig.get("/api/v1/ringover/status").status == 401)
                try await socket.hangUp()
            }
            #expect((try? await TestSocket.connect(port: port)) == nil, "the port is given back")
        }

        @Test func aCallOnTheStreamingPortIsDrainedAndItsCallerHandedOn() async throws {
            var settings = EngineRig.ringover
            settings.ringover.streamingPort = try await EngineRig.freePort()
            settings.drainSeconds = 1
            let port = settings.ringover.streamingPort
            try await EngineRig.run(settings) { rig in
                let socket = try await rig.waitForListener(port)
                try await socket.upgrade(path: "/ws/\(Self.token)")
                try await socket.send(#"{"call_id":"7"}"#)
                _ = try await socket.hear(samples: 1)
                await rig.group.triggerGracefulShutdown()
                #expect(try await socket.event("transfer")?["data"]?.word == "15550100")
                try await socket.hangUp()
            }
        }

        @Test func aPortThatIsTakenIsNamed() async throws {
            var settings = EngineRig.ringover
            let port = try await EngineRig.freePort()
            settings.ringover.streamingPort = port
            try await EngineRig.run(settings) { rig in
                _ = try await rig.waitForListener(port)
                do {
                    try await EngineRig.run(settings) { second in
                        while (try? await second.get("/health/live").status) == 200 { try Task.checkCancellation() }
                    }
                    Issue.record("two engines on one port")
                } catch {
                    #expect("\(error)".contains("RINGOVER_STREAMING_PORT: port \(port) on 127.0.0.1"), "\(error)")
                }
            }
        }

        @Test func hostileMessagesAreCountedAndTheCallGoesOn() async throws {
            try await EngineRig.run { rig in
                let socket = try await TestSocket.ringover(port: rig.port)
                for text in ["{", #"{"event":"x"}"#] { try await socket.send(text) }
                try await socket.send(#"{"call_id":"7"}"#)
                for text in ["{", "[]", "text", #"{"event":"x","data":null}"#] { try await socket.send(text) }
                for bytes in [[], [1], [1, 2, 3], [UInt8](repeating: 7, count: 20_001)] as [[UInt8]] {
                    try await socket.send(opcode: 2, bytes)
                }
                #expect(try await socket.hear(samples: 4800).isEmpty == false)
                try await socket.hangUp()
                try await rig.waitUntilEmpty()
            }
        }

        @Test func aRateThatChangesDuringTheCallIsCountedAndTheCallGoesOn() async throws {
            let legs = EngineRig.legs(script: ["more"]) { _ in [.text("Here is a little more of it.")] }
            try await EngineRig.run(legs: legs) { rig in
                let socket = try await TestSocket.ringover(port: rig.port)
                try await socket.send(#"{"call_id":"7","sampleRate":8000}"#)
                _ = try await socket.hear(samples: 4800)
                try await socket.send(#"{"call_id":"7","sampleRate":16000}"#)
                try await socket.send(#"{"call_id":"7","sampleRate":44100}"#)
                try await socket.speakPCMInTime([UInt8](repeating: 0xFF, count: 4000), rate: 16_000)
                try await socket.speakPCM(TestSocket.utterance(), rate: 16_000)
                let answer = try #require(try await socket.order())
                #expect(answer["data"]?["sampleRate"]?.word == "16000")
                let odd = #"parley_frames_rejected_total{provider="ringover",reason="wrong_format"}"#
                #expect(try await rig.metric("parley_media_rate_changes_total") == 1)
                #expect(try await rig.metric(odd) == 1)
                try await socket.hangUp()
                try await rig.waitUntilEmpty()
            }
        }

        @Test func anUnknownTenantAndAFormatNobodyDecodesAreClosed() async throws {
            var only = EngineRig.patient
            only.numbers = ["+1"]
            try await EngineRig.run(profiles: [only]) { rig in
                for (text, code) in [
                    (#"{"tenant":"nobody"}"#, 1008), (#"{"to":"33184800000"}"#, 1008), ("7", 1008),
                    (#"{"sampleRate":44100}"#, 1003),
                ] as [(String, UInt16)] {
                    let socket = try await TestSocket.ringover(port: rig.port)
                    try await socket.send(text)
                    #expect(try await socket.closeCode() == code, "\(text)")
                }
                try await rig.waitUntilEmpty()
            }
        }
    }
}
