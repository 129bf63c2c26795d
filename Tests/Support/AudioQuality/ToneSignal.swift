import Codecs
import Engine
import Foundation
import TestSupport

/// Keypad tones made for a test: any level, deviation, twist, length, alignment and noise, through mu-law.
public struct ToneSignal: Sendable {
    public var keys: [DTMFKey]
    public var onMilliseconds = 40.0
    public var offMilliseconds = 40.0
    /// dBm0 of the stronger tone.
    public var level = -10.0
    /// Decibels by which the row is stronger than the column.
    public var twist = 0.0
    /// Factors on the nominal frequencies.
    public var rowFactor = 1.0
    public var columnFactor = 1.0
    /// Samples of silence before the first tone, beyond 100 ms.
    public var alignment = 0
    /// White noise, in decibels under the two tones' power. `nil` is none.
    public var noiseRatio: Double?
    /// A hole in the middle of each tone.
    public var dropoutMilliseconds = 0.0
    public var seed: UInt64 = 1

    public init(_ keys: [DTMFKey]) { self.keys = keys }

    public var samples: [Int16] {
        var random = SeededGenerator(seed: seed)
        let (on, off) = (Int(onMilliseconds * 8), Int(offMilliseconds * 8))
        let row = TelephoneLevel.amplitude(dBm0: level + min(0, twist))
        let column = TelephoneLevel.amplitude(dBm0: level - max(0, twist))
        let power = (row * row + column * column) / 2
        let noise = noiseRatio.map { (power * pow(10, -$0 / 10)).squareRoot() } ?? 0
        var output = [Double](repeating: 0, count: 800 + alignment)
        for key in keys {
            let (first, second) = (
                Double.random(in: 0..<6.28, using: &random), Double.random(in: 0..<6.28, using: &random)
            )
            let hole = (on - Int(dropoutMilliseconds * 8)) / 2..<(on + Int(dropoutMilliseconds * 8)) / 2
            for n in 0..<on {
                let step = 2 * Double.pi * Double(n) / 8_000
                let value =
                    row * sin(step * Double(key.rowFrequency) * rowFactor + first)
                    + column * sin(step * Double(key.columnFrequency) * columnFactor + second)
                output.append(hole.contains(n) ? 0 : value)
            }
            output += [Double](repeating: 0, count: off)
        }
        output += [Double](repeating: 0, count: 800)
        return output.map { value in
            var value = value
            if noise > 0 {
                let uniform = Double.random(in: 1e-12..<1, using: &random)
                value +=
                    noise * (-2 * log(uniform)).squareRoot() * cos(Double.random(in: 0..<(2 * .pi), using: &random))
            }
            return MuLaw.linear(MuLaw.byte(Int16(max(-32_768, min(32_767, value.rounded())))))
        }
    }
}

/// A detector run over a whole recording.
public struct ToneHearing: Sendable {
    public private(set) var pressed: [DTMFKey] = []
    public private(set) var released: [DTMFPress] = []
    /// End of the frame that made each key certain.
    public private(set) var certainAtMilliseconds: [Int] = []

    /// - Parameter samples: the last partial frame is filled with silence.
    public init(_ samples: [Int16], limits: DTMFLimits = DTMFLimits()) {
        var detector = DTMFDetector(limits: limits)
        var frame = FrameSamples(repeating: 0)
        for start in stride(from: 0, to: samples.count, by: Frame.samples) {
            for index in 0..<Frame.samples { frame[index] = start + index < samples.count ? samples[start + index] : 0 }
            let report = detector.process(frame)
            if let press = report.released { released.append(press) }
            if let key = report.pressed {
                pressed.append(key)
                certainAtMilliseconds.append((start + Frame.samples) / 8)
            }
        }
    }
}
