import Actors
import Codecs
import Foundation
import Gateway
import TestSupport
import Testing

extension Loopback {
    @Suite("Ringover hand-overs") struct RingoverHandOvers {
        private func run(
            _ change: (inout EngineSettings) -> Void = { _ in },
            _ body: (EngineRig, TestSocket) async throws -> Void
        ) async throws {
            let legs = EngineRig.legs(script: ["a person please"]) { _ in
                [.text("One moment."), .action(.transfer(to: "+33184800001"))]
            }
            var tenant = EngineRig.patient
            tenant.sound.holdMusic = Fixtures.repository.appendingPathComponent("profiles/sounds/hold.wav").path
            var settings = EngineRig.settings
            change(&settings)
            try await EngineRig.run(settings, profiles: [tenant], legs: legs) { rig in
                let socket = try await TestSocket.ringover(port: rig.port)
                try await socket.send(#"{"call_id":"7"}"#)
                _ = try await socket.hear(samples: 4800)
                try await socket.speakPCMInTime([UInt8](repeating: 0xFF, count: 4000))
                try await socket.speakPCM(TestSocket.utterance())
                try await body(rig, socket)
                try await rig.waitUntilEmpty()
                let series = #"parley_calls_total{provider="ringover",outcome="transferred"}"#
                #expect(try await rig.metric(series) == 1)
            }
        }

        @Test func theCallerHearsMusicUntilRingoverClosesTheSocket() async throws {
            try await run { _, socket in
                #expect(try await socket.event("transfer")?["data"]?.word == "33184800001")
                let music = try await socket.hear(samples: 16_000).joined()
                #expect(music.count >= 16_000 && music.contains { $0 > 200 })
                try await socket.hangUp()
            }
        }

        @Test func aPeerThatStaysIsClosedAfterTheLimit() async throws {
            try await run({ $0.handOverSeconds = 1 }) { _, socket in
                #expect(try await socket.event("transfer") != nil)
                var transfers = 1
                var code: UInt16?
                while code == nil, let event = try await socket.next() {
                    switch event {
                    case .text(let text) where text.contains(#""transfer""#): transfers += 1
                    case .close(let given): code = given
                    default: break
                    }
                }
                #expect(code == 1000 && transfers == 1, "told once")
                try await socket.drop()
            }
        }
    }
}
