/// Eight filters run side by side in the lanes of one vector: six speech bands, the level band and the pitch band.
///
/// Each lane is a second-order Butterworth high-pass followed by a second-order Butterworth low-pass (bilinear transform), in
/// transposed direct form 2, whose chain from sample to sample is the shortest. The zeros of all high-passes are the same second
/// difference of the input, computed once as a scalar, and the gains are left out of the sample loop and applied to the powers.
package struct VoiceBandFilters {
    static let bandCount = 6
    static let levelLane = 6
    /// Roughly equal on the ear's scale between the edges of the telephone band, 200 and 3600 Hz; then level and pitch,
    /// which start at 200 Hz too: harmonics carry the pitch, and rumble and hum lie below.
    static let lowEdges: SIMD8<Float> = [200, 400, 700, 1100, 1700, 2500, 200, 200]
    static let highEdges: SIMD8<Float> = [400, 700, 1100, 1700, 2500, 3600, 3600, 900]

    /// Keeps the filters out of denormal numbers in digital silence; about -180 dBFS.
    private static var bias: Float { 1e-8 }

    private typealias Coefficients = (a1: SIMD8<Float>, a2: SIMD8<Float>)

    private let highPass: Coefficients
    private let lowPass: Coefficients
    private let powerGain: SIMD8<Float>
    private let decimation: Int
    let frameSamples: Int

    private var state = State()

    package init(sampleRate: Int) {
        var high = (a1: SIMD8<Float>(), a2: SIMD8<Float>())
        var low = (a1: SIMD8<Float>(), a2: SIMD8<Float>())
        var gain = SIMD8<Float>()
        for lane in 0..<8 {
            let first = Butterworth(edge: Double(Self.lowEdges[lane]), sampleRate: Double(sampleRate))
            let second = Butterworth(edge: Double(Self.highEdges[lane]), sampleRate: Double(sampleRate))
            high.a1[lane] = Float(first.a1)
            high.a2[lane] = Float(first.a2)
            low.a1[lane] = Float(second.a1)
            low.a2[lane] = Float(second.a2)
            let amplitude = first.highPassGain * second.lowPassGain / 32768
            gain[lane] = Float(amplitude * amplitude)
        }
        highPass = high
        lowPass = low
        frameSamples = sampleRate / 50
        powerGain = gain / Float(frameSamples)
        decimation = sampleRate / 4000
    }

    /// - Parameter pitchBand: gets the pitch band at 4 kHz, oldest first: 80 samples in 20 vectors, in no particular unit.
    /// - Returns: the mean square per lane; 1 is the square of full scale.
    package mutating func process(_ frame: Span<Int16>, pitchBand: inout [20 of SIMD4<Float>]) -> SIMD8<Float> {
        decimation == 2
            ? run(frame, decimation: 2, pitchBand: &pitchBand) : run(frame, decimation: 4, pitchBand: &pitchBand)
    }

    /// Inlined with a constant decimation: the state then stays in registers for the whole frame.
    @inline(__always)
    private mutating func run(
        _ frame: Span<Int16>,
        decimation: Int,
        pitchBand: inout [20 of SIMD4<Float>]
    ) -> SIMD8<Float> {
        precondition(frame.count == 80 * decimation, "the filters take frames of 20 ms")
        // Whole vectors, of which one lane is wanted: taken apart here, it would split the filters' vectors too.
        var upper = [80 of SIMD4<Float>](repeating: SIMD4())
        var passing = state
        let (highPass, lowPass) = (self.highPass, self.lowPass)
        var sums = SIMD8<Float>()
        for index in 0..<80 {
            var output = SIMD8<Float>()
            for step in 0..<decimation {
                output = passing.advance(Float(frame[index &* decimation &+ step]), highPass, lowPass)
                sums += output * output
            }
            upper[index] = output.highHalf
        }
        state = passing
        for block in 0..<20 {
            let first = 4 &* block
            // The pitch band is the last lane.
            pitchBand[block] = SIMD4(upper[first].w, upper[first &+ 1].w, upper[first &+ 2].w, upper[first &+ 3].w)
        }
        return sums * powerGain
    }

    /// What is carried over from sample to sample.
    private struct State {
        private var input1: Float = 0
        private var input2: Float = 0
        /// What the high-pass and the low-pass carry over to the next sample and to the one after it.
        private var high1 = SIMD8<Float>()
        private var high2 = SIMD8<Float>()
        private var low1 = SIMD8<Float>()
        private var low2 = SIMD8<Float>()

        /// Filters one sample.
        @inline(__always)
        mutating func advance(_ x: Float, _ highPass: Coefficients, _ lowPass: Coefficients) -> SIMD8<Float> {
            let difference = SIMD8<Float>(repeating: x - 2 * input1 + input2 + VoiceBandFilters.bias)
            (input2, input1) = (input1, x)
            let middle = difference - high1
            high1 = highPass.a1 * middle + high2
            high2 = highPass.a2 * middle
            let output = middle + low1
            low1 = ((middle + middle) + low2) - lowPass.a1 * output
            low2 = middle - lowPass.a2 * output
            return output
        }
    }
}

/// The shared denominator of a second-order Butterworth low-pass and high-pass with one edge (-3 dB) frequency.
private struct Butterworth {
    let a1: Double
    let a2: Double
    /// Factor that makes `1 + 2 z^-1 + z^-2` over this denominator unity at 0 Hz.
    let lowPassGain: Double
    /// Factor that makes `1 - 2 z^-1 + z^-2` over this denominator unity at half the sample rate.
    let highPassGain: Double

    init(edge: Double, sampleRate: Double) {
        let k = Self.tangent(Double.pi * edge / sampleRate)
        let scale = 1 / (1 + 2.0.squareRoot() * k + k * k)
        a1 = 2 * (k * k - 1) * scale
        a2 = (1 - 2.0.squareRoot() * k + k * k) * scale
        lowPassGain = k * k * scale
        highPassGain = scale
    }

    /// Tangent for 0 up to just under pi / 2, by the Taylor series of sine and cosine.
    private static func tangent(_ angle: Double) -> Double {
        var (sine, cosine, term) = (0.0, 0.0, 1.0)
        for order in 0..<24 {
            switch order & 3 {
            case 0: cosine += term
            case 1: sine += term
            case 2: cosine -= term
            default: sine -= term
            }
            term *= angle / Double(order + 1)
        }
        return sine / cosine
    }
}
