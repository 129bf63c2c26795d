import Engine
import TestSupport
import Testing

/// When those who send are late, what was sent before must last longer.
@Suite("Playout under pressure")
struct PressureTests {
    private static let quiet = [UInt8](repeating: 0xFF, count: Frame.samples)

    private func speech(frames: Int) -> [SpeechChunk] {
        (0..<frames).map { index in
            var chunk = SpeechChunk(reply: 1, piece: 0, offset: Int32(index * Frame.samples))
            chunk.count = UInt8(Frame.samples)
            chunk.endsReply = index == frames - 1
            for sample in 0..<Frame.samples { chunk.samples[sample] = 4000 }
            return chunk
        }
    }

    private func rig(_ configuration: PipelineConfiguration = .init()) -> PipelineRig {
        var rig = PipelineRig(configuration)
        rig.ports.commands = [.beginReply(1)]
        rig.ports.speech = speech(frames: 1000)
        return rig
    }

    /// Milliseconds of audio that lie at the provider after each of so many ticks. The first tick's audio plays from then on.
    private func leads(_ rig: inout PipelineRig, ticks: Int) -> [Int] {
        (0..<ticks).map { _ in
            rig.step(caller: Self.quiet)
            let sent = rig.ports.sent.count { $0.kind == .audio }
            return 20 * (sent - rig.played.count)
        }
    }

    @Test func withoutItTheLeadIsAsConfigured() {
        var rig = rig()
        #expect(leads(&rig, ticks: 100).dropFirst(5).allSatisfy { (60...100).contains($0) })
    }

    @Test func theQueueGrowsFrameByFrame() {
        var rig = rig()
        _ = leads(&rig, ticks: 20)
        rig.ports.isPressed = true
        let growing = leads(&rig, ticks: 40)
        for (before, after) in zip(growing, growing.dropFirst()) { #expect(after - before <= 40, "no burst") }
        #expect(growing.prefix(6).allSatisfy { $0 <= 180 })
        #expect(growing.suffix(10).allSatisfy { (200...240).contains($0) })
    }

    @Test func fiveSecondsAfterItTheQueueRunsDownToWhatItWas() {
        var rig = rig()
        rig.ports.isPressed = true
        _ = leads(&rig, ticks: 50)
        rig.ports.isPressed = false
        let after = leads(&rig, ticks: 280)
        #expect(after[..<249].allSatisfy { (200...240).contains($0) })
        #expect(after[260...].allSatisfy { (60...100).contains($0) })
        // Nothing was torn on the way.
        #expect(rig.meters.underruns.value == 0)
    }

    /// One tick is enough: the next ones may never come to say so.
    @Test func aWorkerThatStandsStillThenIsNotHeard() {
        for (isPressed, gaps) in [(false, 1), (true, 0)] {
            var rig = rig()
            _ = leads(&rig, ticks: 20)
            rig.ports.isPressed = isPressed
            _ = leads(&rig, ticks: 1)
            rig.ports.isPressed = false
            _ = leads(&rig, ticks: 40)
            for _ in 0..<9 { rig.stand(caller: Self.quiet) }
            _ = leads(&rig, ticks: 20)
            #expect(rig.meters.underruns.value == gaps, "180 ms with pressure \(isPressed)")
        }
    }

    @Test func anInterruptionStillStopsAtOnce() {
        var rig = rig()
        rig.ports.isPressed = true
        _ = leads(&rig, ticks: 60)
        rig.ports.commands = [.stopSpeaking]
        rig.step(caller: Self.quiet)
        #expect(rig.ports.sent.last?.kind == .clear)
        let sent = rig.ports.sent.count
        for _ in 0..<20 { rig.step(caller: Self.quiet) }
        #expect(rig.ports.sent.count == sent)
    }

    /// A configuration that asks for less under pressure than without gets what it has without.
    @Test func lessThanTheLeadIsTheLead() {
        var configuration = PipelineConfiguration()
        configuration.leadUnderPressure = .milliseconds(40)
        var rig = rig(configuration)
        rig.ports.isPressed = true
        #expect(leads(&rig, ticks: 100).dropFirst(5).allSatisfy { (60...100).contains($0) })
    }
}
