/// The last 20 ms of blocks under a raised cosine, and what a pair of keypad tones would look like in it.
///
/// The raised cosine keeps the neighbour group 30 dB down; a rectangle would leave 15 dB.
struct ToneWindow {
    static let blocks = 8
    /// Blocks between the two spectra that are compared for frequency: 7.5 ms, unambiguous to 66 Hz, which is beyond
    /// 3.5 % of 1633 Hz (57 Hz).
    static let phaseBlocks = 3

    /// A raised cosine of eight steps; the sum is 4.
    private static let weights: SIMD8<Float> = [
        0.038_060_234, 0.308_658_28, 0.691_341_7, 0.961_939_8, 0.961_939_8, 0.691_341_7, 0.308_658_28, 0.038_060_234,
    ]
    private static let weightSamples: Float = 4 * Float(ToneBank.blockSamples)

    private var ring = [8 of ToneBank.Block](repeating: ToneBank.Block())
    private var spectra = [4 of Spectrum](repeating: Spectrum())
    private var count = 0

    struct Spectrum {
        var real = SIMD8<Float>()
        var imaginary = SIMD8<Float>()
    }

    /// The strongest row and column of one window.
    struct Pair {
        var key: DTMFKey
        /// Mean squares on the 16-bit scale, corrected for the distance from the window's centre frequency.
        var row: Float
        var column: Float
        /// Of everything in the window.
        var total: Float
        /// Cosines of the phase each tone turned in `phaseBlocks` against its nominal frequency: 1 is on frequency.
        var rowTurn: Float
        var columnTurn: Float
    }

    /// - Parameter purity: share of the power that the two tones must have together; below it nothing more is computed.
    mutating func add(_ block: ToneBank.Block, purity: Float, floor: Float) -> Pair? {
        ring[count & 7] = block
        var spectrum = Spectrum()
        var energy: Float = 0
        let blocks = ring.span
        for age in 0..<Self.blocks {
            let slot = (count &- age) & 7
            let weight = Self.weights[age]
            spectrum.real += weight * blocks[slot].real
            spectrum.imaginary += weight * blocks[slot].imaginary
            energy += weight * blocks[slot].energy
        }
        spectra[count & 3] = spectrum
        let before = spectra[(count &- Self.phaseBlocks) & 3]
        count &+= 1

        let total = energy / Self.weightSamples
        guard total > floor else { return nil }
        // The mean square of a sine with the correlation X is 2 |X|^2 over the square of the window's sum.
        let scale = 2 / (Self.weightSamples * Self.weightSamples)
        let powers = (spectrum.real * spectrum.real + spectrum.imaginary * spectrum.imaginary) * scale
        let (rowLane, row) = Self.strongest(powers.lowHalf)
        let (columnLane, column) = Self.strongest(powers.highHalf)
        // 0.55: no tone within 2.5 % is corrected upwards by more than its inverse.
        guard row + column > 0.55 * purity * total else { return nil }
        let rowTurn = Self.turn(spectrum, before, lane: rowLane)
        let columnTurn = Self.turn(spectrum, before, lane: columnLane + 4)
        return Pair(
            key: DTMFKey(row: rowLane, column: columnLane),
            row: row * Self.correction(rowTurn),
            column: column * Self.correction(columnTurn),
            total: total,
            rowTurn: rowTurn,
            columnTurn: columnTurn
        )
    }

    mutating func clear() {
        ring = .init(repeating: ToneBank.Block())
        spectra = .init(repeating: Spectrum())
    }

    private static func strongest(_ powers: SIMD4<Float>) -> (lane: Int, power: Float) {
        var (lane, power) = (0, powers[0])
        for other in 1..<4 where powers[other] > power { (lane, power) = (other, powers[other]) }
        return (lane, power)
    }

    private static func turn(_ now: Spectrum, _ before: Spectrum, lane: Int) -> Float {
        let (a, b, c, d) = (now.real[lane], now.imaginary[lane], before.real[lane], before.imaginary[lane])
        let length = ((a * a + b * b) * (c * c + d * d)).squareRoot()
        return length > 0 ? (a * c + b * d) / length : -1
    }

    /// The raised cosine of 20 ms loses 1.29 d^2 of the power of a tone d bins (50 Hz) off its centre, and d is 0.42 times
    /// the phase turned in 7.5 ms; 1 - cos stands for half the phase's square. Within 5 % of the true loss up to 40 Hz.
    private static func correction(_ turn: Float) -> Float { 1 / (1 - 0.464 * min(1 - turn, 1.35)) }
}
