import Codecs
import Engine
import TestSupport
import Testing

@Suite("Comfort noise while the agent thinks")
struct WaitingNoiseTests {
    private func level(_ frame: FrameBytes) -> Double {
        let energy = (0..<Frame.samples).reduce(0.0) {
            $0 + Double(MuLaw.linear(frame[$1])) * Double(MuLaw.linear(frame[$1]))
        }
        return (energy / Double(Frame.samples)).squareRoot()
    }

    @Test func aCallerWhoWaitsHearsNoiseAndThenTheReply() {
        var configuration = PipelineConfiguration()
        configuration.comfortNoise = 40
        var rig = PipelineRig(configuration)
        rig.quiet(10)
        #expect(rig.played.isEmpty)
        rig.ports.commands.append(.beginReply(1))
        rig.quiet(50)
        let waiting = rig.played.count
        #expect(waiting > 40)
        #expect(rig.played.allSatisfy { (10...90).contains(level($0)) })
        rig.reply(1, frames: 50)
        rig.quiet(100)
        #expect(rig.pipeline.heard.samples == Int32(50 * Frame.samples))
        #expect(rig.played.contains { level($0) > 1000 })
        // Nobody is waited for any more: the line is silent again.
        let ended = rig.played.count
        rig.quiet(50)
        #expect(rig.played.count <= ended + 5)
    }

    @Test func withoutALevelNothingIsSent() {
        var rig = PipelineRig()
        rig.ports.commands.append(.beginReply(1))
        rig.quiet(50)
        #expect(rig.played.isEmpty)
    }
}
