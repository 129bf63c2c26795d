import Codecs
import Engine
import Foundation
import TestSupport

/// An agent that talks, a line that gives some of it back, and perhaps a caller who talks too: both ends frame by frame.
public struct EchoScenario: Sendable {
    /// How the line returns the agent's voice.
    public struct Line: Sendable {
        /// Until the first of the echo, milliseconds; negative when the far end is known ahead.
        public var delay: Double
        /// Echo return loss, dB; nil for a line without echo.
        public var loss: Double?
        /// Over how many milliseconds the echo is smeared.
        public var dispersion: Double = 10
        /// The echo is clipped at this many dB below the far end's peak before it is attenuated.
        public var clipping: Double?
        /// The near end's clock is this much slow, parts per million.
        public var drift: Double = 0
        /// At a second of the call, the delay becomes another.
        public var jump: (second: Double, delay: Double)?
        /// At a second of the call, the loss changes by so many dB.
        public var change: (second: Double, decibels: Double)?
        /// Noise of the near end, dBFS.
        public var noise: Double = -65

        public init(delay: Double, loss: Double?) {
            self.delay = delay
            self.loss = loss
        }
    }

    /// Linear samples after mu-law.
    public private(set) var far: [Int16]
    public private(set) var near: [Int16]
    /// The caller alone, and where they talk, in frames.
    public private(set) var caller: [Double]
    public private(set) var talking: [Range<Int>]

    public var frames: Int { far.count / Frame.samples }

    public init(
        far: [Int16],
        line: Line,
        caller: [Double] = [],
        talking: [Range<Int>] = [],
        seed: UInt64 = 1
    ) {
        var random = SeededGenerator(seed: seed)
        let count = far.count / Frame.samples * Frame.samples
        self.far = Array(far[..<count])
        self.caller = (0..<count).map { $0 < caller.count ? caller[$0] : 0 }
        self.talking = talking
        var echo = [Double](repeating: 0, count: count)
        if line.loss != nil { echo = Self.echo(of: self.far, line: line, random: &random) }
        let noise = pow(10, line.noise / 20) * 32768 * 3.0.squareRoot()
        near = []
        near.reserveCapacity(count)
        for index in 0..<count {
            let sum = echo[index] + self.caller[index] + Double.random(in: -noise...noise, using: &random)
            near.append(MuLaw.linear(MuLaw.byte(Int16(max(-32768, min(32767, sum.rounded()))))))
        }
    }

    /// A recorded scenario.
    public init(far: [Int16], near: [Int16], caller: [Double] = [], talking: [Range<Int>] = []) {
        let count = min(far.count, near.count) / Frame.samples * Frame.samples
        self.far = Array(far[..<count])
        self.near = Array(near[..<count])
        self.caller = (0..<count).map { $0 < caller.count ? caller[$0] : 0 }
        self.talking = talking
    }

    private static func echo(of far: [Int16], line: Line, random: inout SeededGenerator) -> [Double] {
        let loss = line.loss ?? 100
        // A sparse, decaying path whose energy is 1: white sound comes back at exactly the loss.
        var taps: [(offset: Int, gain: Double)] = []
        for index in 0..<12 {
            let at = index == 0 ? 0 : Double.random(in: 0...1, using: &random)
            let sign: Double = index == 0 || Bool.random(using: &random) ? 1 : -1
            let gain = sign * exp(-3 * at) * (index == 0 ? 1 : Double.random(in: 0.1...0.6, using: &random))
            taps.append((Int(at * line.dispersion * 8), gain))
        }
        let scale = pow(10, -loss / 20) / taps.reduce(0) { $0 + $1.gain * $1.gain }.squareRoot()
        let peak = Double(far.map { abs(Int($0)) }.max() ?? 0)
        let limit = line.clipping.map { peak * pow(10, -$0 / 20) } ?? .infinity
        let source = far.map { max(-limit, min(limit, Double($0))) }
        return far.indices.map { index in
            let time = Double(index) / 8000
            var delay = line.delay
            if let jump = line.jump, time >= jump.second { delay = jump.delay }
            var gain = scale
            if let change = line.change, time >= change.second { gain *= pow(10, -change.decibels / 20) }
            let at = Double(index) * (1 - line.drift * 1e-6) - delay * 8
            let whole = Int(at.rounded(.down))
            let part = at - Double(whole)
            var sum = 0.0
            for tap in taps {
                let place = whole - tap.offset
                guard place >= 0, place + 1 < source.count else { continue }
                sum += tap.gain * (source[place] * (1 - part) + source[place + 1] * part)
            }
            return sum * gain
        }
    }

    public func frame(_ samples: [Int16], _ number: Int) -> FrameSamples {
        var frame = FrameSamples(repeating: 0)
        for index in 0..<Frame.samples { frame[index] = samples[number * Frame.samples + index] }
        return frame
    }
}
