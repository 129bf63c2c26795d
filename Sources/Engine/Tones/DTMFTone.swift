import Glibc

/// A sequence of keypad tones as 8 kHz samples, made frame by frame.
///
/// - Units: linear samples on the scale of G.711, 8 000 per second.
/// - Source: ITU-T Q.23; the default times and levels are those of Q.24 receivers with room to spare.
/// - Cost: no allocation after `init`.
public struct DTMFTone: Sendable {
    public struct Timing: Equatable, Sendable {
        /// How long each tone lasts, edges included. Default 100.
        public var onMilliseconds: Int
        /// Silence after each tone. Default 100.
        public var offMilliseconds: Int
        /// Raised-cosine rise and fall at a tone's ends, so that nothing clicks. Default 2.
        public var edgeMilliseconds: Int

        public init(onMilliseconds: Int = 100, offMilliseconds: Int = 100, edgeMilliseconds: Int = 2) {
            self.onMilliseconds = onMilliseconds
            self.offMilliseconds = offMilliseconds
            self.edgeMilliseconds = edgeMilliseconds
        }
    }

    public struct Levels: Equatable, Sendable {
        /// dBm0 of the lower tone. Default -9, the level at which networks of the North American plan send.
        public var row: Double
        /// dBm0 of the upper tone. Default -7: lines lose more at higher frequencies.
        public var column: Double

        public init(row: Double = -9, column: Double = -7) {
            self.row = row
            self.column = column
        }
    }

    public let keys: [DTMFKey]
    private let timing: Timing
    private let rowAmplitude: Double
    private let columnAmplitude: Double
    private var position = 0

    /// - Precondition: times are not negative, and a tone is at least as long as its two edges.
    public init(_ keys: [DTMFKey], timing: Timing = Timing(), levels: Levels = Levels()) {
        precondition(timing.offMilliseconds >= 0 && timing.edgeMilliseconds >= 0, "times are not negative")
        precondition(timing.onMilliseconds >= max(1, 2 * timing.edgeMilliseconds), "a tone holds its two edges")
        self.keys = keys
        self.timing = timing
        rowAmplitude = TelephoneLevel.amplitude(dBm0: levels.row)
        columnAmplitude = TelephoneLevel.amplitude(dBm0: levels.column)
    }

    /// Of the whole sequence, the last pause included.
    public var sampleCount: Int { keys.count * (timing.onMilliseconds + timing.offMilliseconds) * 8 }
    public var isFinished: Bool { position >= sampleCount }

    /// Writes what comes next; after the last key silence.
    ///
    /// - Returns: samples of the sequence; fewer than `output.count` at its end.
    public mutating func write(into output: inout MutableSpan<Int16>) -> Int {
        let count = min(output.count, sampleCount - position)
        for index in output.indices { output[index] = index < count ? sample(position + index) : 0 }
        position += count
        return count
    }

    private func sample(_ place: Int) -> Int16 {
        let (number, time) = place.quotientAndRemainder(
            dividingBy: (timing.onMilliseconds + timing.offMilliseconds) * 8
        )
        let (length, edge) = (timing.onMilliseconds * 8, timing.edgeMilliseconds * 8)
        guard time < length else { return 0 }
        let key = keys[number]
        let step = 2 * Double.pi * Double(time) / Double(Frame.sampleRate)
        let value =
            rowAmplitude * sin(step * Double(key.rowFrequency)) + columnAmplitude
            * sin(step * Double(key.columnFrequency))
        let fromEnd = min(time, length - 1 - time)
        let gain = fromEnd < edge ? 0.5 - 0.5 * cos(.pi * (Double(fromEnd) + 0.5) / Double(edge)) : 1
        // Two tones above -3 dBm0 overload together: they clip, as the line would.
        return Int16(max(-32_636, min(32_636, (value * gain).rounded())))
    }
}
