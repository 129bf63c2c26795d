import Glibc

/// Correlates blocks of 2.5 ms with the eight DTMF frequencies, all in the lanes of one vector.
///
/// This is Goertzel's sum taken as a dot product: without the recursion the sums do not wait for each other, and blocks can
/// be added up to any window afterwards. Both halves of a block meet in the middle (cosine is even, sine is odd), which
/// halves the multiplications. Phases are referred to one running time, so a tone exactly on its frequency stands still.
struct ToneBank {
    static let blockSamples = 20
    /// Rows in lanes 0...3, columns in lanes 4...7.
    static let frequencies = SIMD8<Float>(lowHalf: DTMFKey.rows, highHalf: DTMFKey.columns)

    /// One block against all frequencies.
    struct Block {
        var real = SIMD8<Float>()
        var imaginary = SIMD8<Float>()
        /// Sum of squares of the samples.
        var energy: Float = 0
    }

    private var cosines = [10 of SIMD8<Float>](repeating: SIMD8())
    private var sines = [10 of SIMD8<Float>](repeating: SIMD8())
    private let turnReal: SIMD8<Float>
    private let turnImaginary: SIMD8<Float>
    private var phaseReal = SIMD8<Float>(repeating: 1)
    private var phaseImaginary = SIMD8<Float>()

    init() {
        var (real, imaginary) = (SIMD8<Float>(), SIMD8<Float>())
        for lane in 0..<8 {
            let step = 2 * Double.pi * Double(Self.frequencies[lane]) / Double(Frame.sampleRate)
            for pair in 0..<10 {
                let angle = step * (Double(Self.blockSamples - 1) / 2 - Double(pair))
                cosines[pair][lane] = Float(cos(angle))
                sines[pair][lane] = Float(sin(angle))
            }
            real[lane] = Float(cos(step * Double(Self.blockSamples)))
            imaginary[lane] = Float(-sin(step * Double(Self.blockSamples)))
        }
        turnReal = real
        turnImaginary = imaginary
    }

    mutating func correlate(_ frame: Span<Int16>, from start: Int) -> Block {
        var (even, odd) = (SIMD8<Float>(), SIMD8<Float>())
        var energy: Float = 0
        let (cosines, sines) = (self.cosines.span, self.sines.span)
        // One check for the block instead of one for each sample.
        let samples = frame.extracting(start..<start + Self.blockSamples)
        for pair in 0..<10 {
            let first = Float(samples[pair])
            let second = Float(samples[Self.blockSamples - 1 - pair])
            even += (first + second) * cosines[pair]
            odd += (first - second) * sines[pair]
            energy += first * first + second * second
        }
        let block = Block(
            real: even * phaseReal - odd * phaseImaginary,
            imaginary: even * phaseImaginary + odd * phaseReal,
            energy: energy
        )
        let real = phaseReal * turnReal - phaseImaginary * turnImaginary
        phaseImaginary = phaseReal * turnImaginary + phaseImaginary * turnReal
        phaseReal = real
        return block
    }

    /// Brings the phasors' length, which rounding moves by about 1e-7 a block, back to one. Once a frame is plenty.
    mutating func normalize() {
        let gain = 1.5 - 0.5 * (phaseReal * phaseReal + phaseImaginary * phaseImaginary)
        phaseReal *= gain
        phaseImaginary *= gain
    }
}
