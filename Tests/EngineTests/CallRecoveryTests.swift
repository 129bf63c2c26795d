import Codecs
import Engine
import TestSupport
import Testing

/// What the caller hears of the agent when something got in between.
@Suite("The agent's voice, interrupted and resumed") struct CallRecoveryTests {
    private func level(_ frame: FrameBytes) -> Float {
        var energy: Float = 0
        for index in 0..<Frame.samples {
            let sample = Float(MuLaw.linear(frame[index]))
            energy += sample * sample
        }
        return Decibels.ofPower(max(energy / Float(Frame.samples), 1))
    }

    private func starts(_ frame: FrameBytes) -> [Int16] { (0..<40).map { MuLaw.linear(frame[$0]) } }

    private func isPlayed(_ reply: Int32, _ rig: borrowing PipelineRig) -> Bool {
        rig.ports.events.contains { if case .replyPlayed(reply, _) = $0 { true } else { false } }
    }

    /// Half a second in which no tick ran: counted, nothing of the reply lost, and no click where it goes on.
    @Test func aWorkerThatStoodStillIsCountedAndTheReplyIsWhole() {
        let meters = PipelineMeters()
        var configuration = PipelineConfiguration()
        configuration.isRecorded = true
        var rig = PipelineRig(configuration, meters: meters)
        let silence = [UInt8](repeating: 0xFF, count: Frame.samples)
        rig.reply(1, frames: 100)
        rig.quiet(20)
        #expect(meters.underruns.value == 0)
        for _ in 0..<25 { rig.stand(caller: silence) }
        let before = rig.earpiece.count
        rig.quiet(130)
        #expect(meters.underruns.value == 1, "the caller heard one gap")
        #expect(rig.played.count == 100 && isPlayed(1, rig))
        let resumed = rig.earpiece[before]
        #expect(level(resumed) > 40, "it goes on at once")
        let start = starts(resumed)
        #expect(abs(Int(start[0])) < 100 && start.prefix(8).allSatisfy { abs(Int($0)) < 1000 })
        // What was recorded as the agent is what the phone played, in the gap and after it.
        for index in 1..<rig.ports.recorded.count {
            let (taken, heard) = (rig.ports.recorded[index].agent, rig.earpiece[index - 1])
            #expect((0..<Frame.samples).allSatisfy { taken[$0] == heard[$0] }, "frame \(index)")
        }
    }

    @Test func aSocketThatTookNothingIsCounted() {
        let meters = PipelineMeters()
        var rig = PipelineRig(meters: meters)
        rig.reply(1, frames: 100)
        rig.quiet(20)
        rig.ports.hasRoom = false
        rig.quiet(20)
        rig.ports.hasRoom = true
        rig.quiet(130)
        #expect(meters.underruns.value >= 10)
        #expect(rig.played.count == 100 && isPlayed(1, rig))
    }

    @Test func aReplyBeginsWithoutAClick() {
        var rig = PipelineRig()
        rig.reply(1, frames: 10)
        rig.quiet(30)
        let start = starts(rig.played[0])
        #expect(start[0] == 0)
        #expect(start.prefix(8).allSatisfy { abs(Int($0)) < 1000 }, "\(start)")
        #expect(level(rig.played[1]) > 60)
    }

    /// A cough: the agent lowers its voice by 12 dB, goes on, and is as loud as before.
    @Test func aShortSoundLowersTheVoiceAndNoMore() throws {
        let speech = try Fixtures.bytes("speech/flite_rms_05.ulaw")
        var rig = PipelineRig()
        rig.quiet(50)
        rig.reply(1, frames: 200)
        rig.quiet(40)
        let full = level(rig.played[20])
        rig.say(Array(speech[Self.cough]), silence: 100)
        let isStopped = rig.ports.sent.contains { $0.kind == .clear }
        #expect(!isStopped)
        let levels = rig.played.dropFirst(20).map { level($0) - full }
        #expect(levels.contains { abs($0 + 12) < 1 }, "\(levels)")
        #expect(levels.allSatisfy { $0 > -13 })
        #expect(levels.suffix(20).allSatisfy { abs($0) < 1 })
    }

    /// Frames of a vowel, fewer than stop the agent.
    private static let cough = 30 * 160..<37 * 160
}
