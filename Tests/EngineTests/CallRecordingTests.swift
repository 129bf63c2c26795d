import Codecs
import Engine
import TestSupport
import Testing

/// What the recorder gets: both sides as they were heard, 20 ms beside 20 ms.
@Suite("Both sides for the recording") struct CallRecordingTests {
    private static let silence = [UInt8](repeating: 0xFF, count: Frame.samples)

    private static var configuration: PipelineConfiguration {
        var configuration = PipelineConfiguration()
        configuration.isRecorded = true
        return configuration
    }

    /// Mu-law has two zeros, which sound alike.
    private func sound(_ bytes: FrameBytes) -> [UInt8] { sound((0..<Frame.samples).map { bytes[$0] }) }
    private func sound(_ bytes: [UInt8]) -> [UInt8] { bytes.map { $0 == 0x7F ? 0xFF : $0 } }

    /// Frames in which the recording's agent is not what the phone played in the same 20 ms. A caller's frame that arrives in
    /// one tick was spoken in the 20 ms before it.
    private func strays(_ rig: borrowing PipelineRig) -> [Int] {
        rig.ports.recorded.indices.dropFirst().filter {
            sound(rig.ports.recorded[$0].agent) != sound(rig.earpiece[$0 - 1])
        }
    }

    @Test func callerAndAgentLieBesideEachOther() throws {
        var rig = PipelineRig(Self.configuration)
        let speech = try Fixtures.bytes("speech/flite_slt_00.ulaw")
        rig.quiet(20)
        rig.reply(1, frames: 60)
        rig.quiet(30)
        rig.say(speech, silence: 40)
        let sent = Array(repeating: Self.silence, count: 50)
        for (index, frame) in sent.enumerated() { #expect(sound(rig.ports.recorded[index].caller) == frame) }
        for frame in 0..<speech.count / Frame.samples {
            let start = frame * Frame.samples
            #expect(sound(rig.ports.recorded[50 + frame].caller) == sound(Array(speech[start..<start + Frame.samples])))
        }
        #expect(rig.ports.recorded.indices.allSatisfy { rig.ports.recorded[$0].index == $0 })
        #expect(strays(rig).isEmpty)
        #expect(rig.ports.recorded.contains { sound($0.agent) != Self.silence }, "the agent was heard")
    }

    /// After a `clear` the provider plays nothing of what it had; the frame on the line when it came may be in either.
    @Test func whatWasTakenBackIsNotRecorded() {
        var rig = PipelineRig(Self.configuration)
        rig.reply(1, frames: 100)
        rig.quiet(40)
        rig.ports.commands.append(.stopSpeaking)
        rig.quiet(40)
        #expect(strays(rig).count <= 1)
        #expect(rig.ports.recorded.suffix(30).allSatisfy { sound($0.agent) == Self.silence })
        #expect(rig.ports.recorded.prefix(35).contains { sound($0.agent) != Self.silence })
    }

    /// A provider's clock that jumps by hours makes no recording of hours.
    @Test func aRecordingIsNoLongerThanItsCall() {
        var rig = PipelineRig(Self.configuration)
        var timestamp: Int64 = 0
        for number in 1...500 {
            if number % 50 == 0 { timestamp += 3600 * 8000 }
            var packet = MediaPacket(kind: .audio, value: Int64(number), count: 160, timestampSamples: timestamp)
            packet.bytes = FrameBytes(repeating: 0x80)
            rig.ports.packets.append(packet)
            timestamp += 160
            rig.step()
        }
        let repairs = rig.meters.repairs
        #expect(repairs.jumps.value == 10 && repairs.late.value == 0, "\(repairs.byKind)")
        let frames = rig.ports.recorded
        #expect(frames.count == 500, "every frame that came is there")
        #expect(zip(frames, frames.dropFirst()).allSatisfy { $0.index < $1.index })
        #expect((frames.last?.index ?? 0) < 500 + 100)
    }

    /// A pause the provider sent nothing for is as long in the recording as it was.
    @Test func aPauseThatWasNotSentIsRecordedAsSilence() {
        var rig = PipelineRig(Self.configuration)
        for number in 1...40 {
            let paused: Int64 = number > 20 ? 100 : 0
            let packet = MediaPacket(
                kind: .audio,
                value: Int64(number),
                count: 160,
                timestampSamples: (Int64(number - 1) + paused) * 160
            )
            if number == 21 { for _ in 0..<100 { rig.step() } }
            rig.ports.packets.append(packet)
            rig.step()
        }
        #expect(rig.ports.recorded.map(\.index) == Array(0..<20) + Array(120..<140))
    }
}
