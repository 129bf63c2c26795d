import CFloor
import Cases
import Engine

/// How long a captured call takes to be run again.
enum ReplaySpeed {
    /// 25.6 s, of which every frame is the busiest there is.
    private static let frames = 5 * Conversation.frameCount
    private static let rounds = 5

    /// The replay's CPU time; reading the file is not in it. A replay that differs ends the run.
    static func measure(limits: Limits) -> Fact {
        let bytes = TalkingCall.capture(frames: frames)
        var thousandths: [Double] = []
        var last = CaptureReplay.Report()
        for _ in 0..<rounds {
            let start = floor_thread_cpu_ns()
            last = replay(bytes)
            let taken = Double(floor_thread_cpu_ns() - start)
            thousandths.append(taken / Double(last.length.nanoseconds) * 1000)
        }
        let time = Timing(thousandths)
        return Fact(
            name: "Engine:CaptureReplay:speed",
            value: time.median,
            unit: "1/1000",
            limit: limits.replayThousandths,
            note: "of a captured call's length to replay it: \(Int(1000 / time.median)) times faster; "
                + "\(Table.fixed(Double(last.length.nanoseconds) / 1e9, 1)) s of both sides talking, "
                + "all \(last.checkpoints) digests agree",
            isTime: true
        )
    }

    private static func replay(_ bytes: [UInt8]) -> CaptureReplay.Report {
        do throws(CaptureError) {
            var replay = try CaptureReplay(bytes)
            let report = replay.run()
            guard report.isIdentical, report.ending == .complete, report.checkpoints * 50 >= frames else {
                Comparison.fail("the replay of a captured call differs: \(report)")
            }
            return report
        } catch {
            Comparison.fail("a captured call cannot be replayed: \(error)")
        }
    }
}
