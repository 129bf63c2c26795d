import Engine
import Foundation

/// A scenario through the stage, the real detector and the real barge-in machine.
public struct EchoRun: Sendable {
    public var reports: [EchoReport] = []
    public var cleaned: [Int16] = []
    /// Frames in which the agent was stopped. It starts again at once.
    public var stops: [Int] = []
    public var near: [Int16]

    public init(_ scenario: EchoScenario, configuration: EchoConfiguration = .init(), isGuarded: Bool = true) {
        near = scenario.near
        var stage = EchoStage(configuration: configuration)
        var detector = BandEnergyDetector(sampleRate: Frame.sampleRate)
        var bargeIn = BargeInMachine()
        for number in 0..<scenario.frames {
            var frame = scenario.frame(scenario.near, number)
            let report = stage.process(near: &frame, far: scenario.frame(scenario.far, number))
            reports.append(report)
            for index in 0..<Frame.samples { cleaned.append(frame[index]) }
            let isSpeech = detector.process(frame.span).isSpeechFrame
            let now = MediaInstant(milliseconds: Int64(number + 1) * 20)
            let output = bargeIn.handle(
                isSpeech: isSpeech && (report.mayBeCaller || !isGuarded),
                isProtected: false,
                now: now
            )
            if case .stop = output {
                stops.append(number)
                bargeIn.agentStarted()
            }
        }
    }

    /// Echo taken away in a stretch of the call, dB, over frames in which the near end is above `floor` dBFS.
    public func erle(seconds: Range<Double>, floor: Double = -52) -> Double {
        var (before, after) = (0.0, 0.0)
        for number in Int(seconds.lowerBound * 50)..<min(Int(seconds.upperBound * 50), near.count / Frame.samples) {
            let range = number * Frame.samples..<(number + 1) * Frame.samples
            let energy = Self.energy(near[range])
            guard 10 * log10(energy / (160 * 32768 * 32768) + 1e-12) > floor else { continue }
            before += energy
            after += Self.energy(cleaned[range])
        }
        return 10 * log10((before + 1) / (after + 1))
    }

    static func energy(_ samples: ArraySlice<Int16>) -> Double { samples.reduce(0) { $0 + Double($1) * Double($1) } }
}
