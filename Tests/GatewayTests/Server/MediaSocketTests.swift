import Actors
import Engine
import Foundation
import Gateway
import TestSupport
import Testing

extension Loopback {
    @Suite("Media socket") struct MediaSocket {
        @Test func theGreetingComesAsFramesAndAMarkThatIsTakenBack() async throws {
            try await EngineRig.run { rig in
                let socket = try await TestSocket.open(port: rig.port)
                try await socket.start()
                var frames = 0
                var framesAtMarks: [Int] = []
                while framesAtMarks.count < 2, case .text(let text)? = try await socket.next() {
                    let message = try Received(text)
                    #expect(message.string(message.frame.streamSid) == "MZ1")
                    switch message.frame.event {
                    case .media:
                        #expect(try message.audio().count == 160)
                        frames += 1
                    case .mark:
                        #expect(message.markNumber != nil)
                        framesAtMarks.append(frames)
                        try await socket.send(text)
                    default: Issue.record("\(text)")
                    }
                }
                // Six words of 100 ms each; a mark every half second and at the end.
                #expect(framesAtMarks == [25, 30])
                try await socket.stop()
                #expect(try await socket.closeCode() == 1000)
                try await rig.waitUntilEmpty()
                #expect(try await rig.metric("parley_marks_stray_total") == 0)
                #expect(try await rig.metric(#"parley_calls_total{provider="twilio",outcome="caller_hung_up"}"#) == 1)
                #expect(try await rig.metric("parley_sockets_total") == 1)
            }
        }

        @Test(arguments: [EngineRig.settings.manySockets, 1])
        func whatTheCallerSaysIsAnsweredAndAnInterruptionClears(_ manySockets: Int) async throws {
            var settings = EngineRig.settings
            settings.manySockets = manySockets
            let long = (0..<100).map { "word\($0)" }.joined(separator: " ")
            let legs = EngineRig.legs(script: ["tell me everything", "stop"]) { turn in
                turn.number == 1 ? [.text(long + ".")] : [.text("Goodbye."), .action(.hangUp)]
            }
            try await EngineRig.run(settings, legs: legs) { rig in
                let socket = try await TestSocket.open(port: rig.port)
                socket.returnsMarks = true
                try await socket.start()
                for _ in 0..<2 { _ = try await socket.message("mark") }
                try await socket.speak(TestSocket.utterance())
                _ = try await socket.message("media")
                // The caller listens for two seconds, then talks over the answer.
                try await socket.speakInTime([UInt8](repeating: 0xFF, count: 16_000) + TestSocket.utterance())
                #expect(try await socket.message("clear") == #"{"event":"clear","streamSid":"MZ1"}"#)
                #expect(try await socket.closeCode() == 1000)
                try await rig.waitUntilEmpty()
                #expect(try await rig.metric(#"parley_calls_total{provider="twilio",outcome="agent_hung_up"}"#) == 1)
                #expect(try await rig.metric(#"parley_barge_in_seconds_count{stage="detect"}"#) ?? 0 >= 1)
                #expect(try await rig.metric(#"parley_barge_in_seconds_count{stage="clear"}"#) ?? 0 >= 1)
                #expect(try await rig.metric(#"parley_turn_seconds_count{stage="total"}"#) == 2)
            }
        }

        @Test func aKeyReachesTheDialogue() async throws {
            let legs = EngineRig.legs { turn in
                guard case .digit("5") = turn.cause else { return [.text("What?")] }
                return [.text("Five."), .action(.hangUp)]
            }
            try await EngineRig.run(legs: legs) { rig in
                let socket = try await TestSocket.open(port: rig.port)
                socket.returnsMarks = true
                try await socket.start()
                _ = try await socket.message("mark")
                try await socket.send(
                    #"{"event":"dtmf","streamSid":"MZ1","dtmf":{"track":"inbound_track","digit":"5"}}"#
                )
                #expect(try await socket.closeCode() == 1000)
            }
        }

        @Test func theTenantIsTheOneTheStreamNames() async throws {
            var other = EngineRig.patient
            other.id = "other"
            other.numbers = ["+1"]
            other.greeting = "One."
            try await EngineRig.run(profiles: [EngineRig.patient, other]) { rig in
                let socket = try await TestSocket.open(port: rig.port)
                try await socket.start(tenant: "other")
                var frames = 0
                while case .text(let text)? = try await socket.next(), text.contains(#""event":"media""#) {
                    frames += 1
                }
                #expect(frames == 5, "one word of 100 ms")
                let sessions = try await rig.get("/twilio/sessions").json
                #expect((sessions["items"] as? [[String: Any]])?.first?.text("tenant") == "other")
                try await socket.drop()
            }
        }

        @Test func pingsAreAnsweredAndMessagesMayBeInPieces() async throws {
            try await EngineRig.run { rig in
                let socket = try await TestSocket.open(port: rig.port)
                try await socket.send(opcode: 9, Array("are you there".utf8))
                #expect(try await socket.next() == .pong(Array("are you there".utf8)))
                let start = Array(TestSocket.startMessage().utf8)
                try await socket.send(opcode: 1, Array(start[..<50]), fin: false)
                try await socket.send(opcode: 9, [1])
                try await socket.send(opcode: 0, Array(start[50..<120]), fin: false)
                try await socket.send(opcode: 0, Array(start[120...]))
                #expect(try await socket.next() == .pong([1]))
                #expect(try await socket.greeting() != nil)
                try await socket.stop()
                #expect(try await socket.closeCode() == 1000)
            }
        }

        /// Every byte on its own, as a slow network may bring it.
        @Test func aMessageMayArriveByteByByte() async throws {
            try await EngineRig.run { rig in
                let socket = try await TestSocket.open(port: rig.port)
                for byte in TestSocket.frame(opcode: 1, Array(TestSocket.startMessage().utf8)) {
                    try await socket.send(raw: [byte])
                }
                #expect(try await socket.greeting() != nil)
                try await socket.drop()
            }
        }

        @Test func aPeerThatAnswersNoPingIsLetGo() async throws {
            var settings = EngineRig.settings
            settings.pingSeconds = 1
            try await EngineRig.run(settings) { rig in
                let socket = try await TestSocket.open(port: rig.port)
                try await socket.start()
                var pings = 0
                while let event = try await socket.next() { if case .ping = event { pings += 1 } }
                #expect(pings == 3)
                try await rig.waitUntilEmpty()
                #expect(try await rig.metric(#"parley_calls_total{provider="twilio",outcome="connection_lost"}"#) == 1)
            }
        }

        @Test func aPeerThatStopsAndStaysOpenIsClosed() async throws {
            try await EngineRig.run { rig in
                for begins in [true, false] {
                    let socket = try await TestSocket.open(port: rig.port)
                    if begins {
                        try await socket.start()
                        _ = try await socket.greeting()
                    }
                    try await socket.stop()
                    // The close frame is not answered, and the connection ends all the same.
                    var code: UInt16?
                    while let event = try await socket.next() { if case .close(let given) = event { code = given } }
                    #expect(code == 1000)
                    try await rig.waitUntilEmpty()
                }
            }
        }

        @Test func aPeersCloseIsAnsweredInKind() async throws {
            try await EngineRig.run { rig in
                let socket = try await TestSocket.open(port: rig.port)
                try await socket.start()
                _ = try await socket.greeting()
                try await socket.send(opcode: 8, [0x03, 0xE8])
                #expect(try await socket.first { if case .close = $0 { true } else { false } } == .close(1000))
                #expect(try await socket.next() == nil)
                try await rig.waitUntilEmpty()
            }
        }

        @Test func theCataloguesBinaryFrameIsCountedAndTheCallGoesOn() async throws {
            let message = try #require(
                WireVectors.list("twilio-stream-messages.json", "messages").first {
                    $0.text("dir") == "from_provider" && $0.text("frame") == "binary"
                }
            )
            #expect(message.object("expect").flag("session_survives"))
            try await EngineRig.run { rig in
                let socket = try await TestSocket.open(port: rig.port)
                try await socket.send(opcode: 2, [0x00, 0xFF, 0x00, 0xFF])
                try await socket.start()
                #expect(try await socket.greeting() != nil)
                #expect(try await rig.metric(#"parley_frames_rejected_total{provider="twilio",reason="binary"}"#) == 1)
                try await socket.drop()
            }
        }
    }
}
