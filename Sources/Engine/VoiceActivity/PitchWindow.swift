/// The last 40 ms of the pitch band at 4 kHz, and whether they repeat at the pitch of a voice.
///
/// Vectors of four, not eight: the compiler turns these into plain vector instructions on every machine, wider ones into
/// shuffles where the machine has no wider registers.
package struct PitchWindow {
    private var blocks = [40 of SIMD4<Float>](repeating: SIMD4())

    package init() {}

    /// Appends 20 ms: 20 vectors.
    package mutating func append(_ newest: Span<SIMD4<Float>>) {
        precondition(newest.count == 20, "the pitch window takes 20 ms")
        var window = blocks.mutableSpan
        for index in 0..<20 {
            window[index] = window[index + 20]
            window[index + 20] = newest[index]
        }
    }

    /// The highest normalised correlation of the newest 22 ms with themselves one pitch period earlier, 0 to 1.
    ///
    /// The period runs from 12 samples (333 Hz) to 67 (60 Hz); the newest 88 samples, 22 vectors, are compared. Eight periods
    /// at a time share what they load of the newest samples.
    /// - Parameter enough: once a period repeats more than this, longer ones are not looked at: what is returned is then more
    ///   than this, though it need not be the highest.
    package mutating func periodicity(enough: Float = 1) -> Float {
        let window = blocks.span
        // Every square once: all energies below are sums of them.
        var squares = [40 of SIMD4<Float>](repeating: SIMD4())
        for index in 0..<40 { squares[index] = window[index] * window[index] }
        var energy = SIMD4<Float>()
        for index in 18..<40 { energy += squares[index] }
        let newestEnergy = energy.sum()
        guard newestEnergy > 0 else { return 0 }

        var pasts = [56 of SIMD4<Float>](repeating: SIMD4())
        let squared = squares.span
        unsafe squared.withUnsafeBytes { unsafe Self.addUp(ShiftedSamples(bytes: $0), into: &pasts) }
        // A little more than enough, so that its root is more, however it is rounded.
        let enoughShare = enough * enough * 1.000_01
        var best = SIMD4<Float>()
        var products = [8 of SIMD4<Float>](repeating: SIMD4())
        for period in stride(from: 12, to: 68, by: 8) {
            unsafe window.withUnsafeBytes { unsafe Self.multiply(ShiftedSamples(bytes: $0), period, into: &products) }
            Self.weigh(products.span, pasts.span, from: period &- 12, newestEnergy, &best)
            if best.max() > enoughShare { break }
        }
        return best.max().squareRoot()
    }

    /// The products of the newest samples with those each of eight periods earlier, four sums for each.
    @inline(__always)
    private static func multiply(_ window: ShiftedSamples, _ period: Int, into products: inout [8 of SIMD4<Float>]) {
        var (a, b, c, d) = (SIMD4<Float>(), SIMD4<Float>(), SIMD4<Float>(), SIMD4<Float>())
        var (e, f, g, h) = (a, b, c, d)
        for index in 18..<40 {
            let newest = window[index &* 4]
            let at = index &* 4 &- period
            a += newest * window[at]
            b += newest * window[at &- 1]
            c += newest * window[at &- 2]
            d += newest * window[at &- 3]
            e += newest * window[at &- 4]
            f += newest * window[at &- 5]
            g += newest * window[at &- 6]
            h += newest * window[at &- 7]
        }
        (products[0], products[1], products[2], products[3]) = (a, b, c, d)
        (products[4], products[5], products[6], products[7]) = (e, f, g, h)
    }

    /// Takes eight periods into `best`, the highest squared correlations so far.
    @inline(__always)
    private static func weigh(
        _ products: Span<SIMD4<Float>>,
        _ pasts: Span<SIMD4<Float>>,
        from first: Int,
        _ newestEnergy: Float,
        _ best: inout SIMD4<Float>
    ) {
        for four in stride(from: 0, to: 8, by: 4) {
            let (correlation, pastEnergy) = (sums(products, from: four), sums(pasts, from: first &+ four))
            let share = correlation * correlation / (newestEnergy * pastEnergy)
            // A swell of more than 20 dB within a period is no repetition.
            let counts = (correlation .> 0) .& (pastEnergy .> newestEnergy * 0.01) .& (share .> best)
            best.replace(with: share, where: counts)
        }
    }

    /// The energies of what the newest samples were multiplied with: four periods on, one vector enters and one leaves.
    @inline(__always)
    private static func addUp(_ squares: ShiftedSamples, into pasts: inout [56 of SIMD4<Float>]) {
        for shift in 0..<4 {
            var past = SIMD4<Float>()
            for index in 15..<37 { past += squares[index &* 4 &- shift] }
            for period in stride(from: 12 &+ shift, to: 68, by: 4) {
                pasts[period &- 12] = past
                past += squares[68 &- period] - squares[156 &- period]
            }
        }
    }

    /// The sums of four vectors, each added up from its first lane on.
    @inline(__always)
    private static func sums(_ vectors: Span<SIMD4<Float>>, from first: Int) -> SIMD4<Float> {
        SIMD4(sum(vectors[first]), sum(vectors[first &+ 1]), sum(vectors[first &+ 2]), sum(vectors[first &+ 3]))
    }

    @inline(__always)
    private static func sum(_ vector: SIMD4<Float>) -> Float { vector.x + vector.y + vector.z + vector.w }
}

/// Four samples at a time, from any of 160 on.
@safe private struct ShiftedSamples {
    private let bytes: UnsafeRawBufferPointer

    init(bytes: UnsafeRawBufferPointer) {
        precondition(bytes.count == 160 * 4, "a window holds 40 ms at 4 kHz")
        unsafe self.bytes = bytes
    }

    /// - Parameter first: 0...156, as all are above: the newest sample's 156, and 72 less 67 and less.
    subscript(first: Int) -> SIMD4<Float> {
        @inline(__always) get {
            // SAFETY: inside the 160 samples, as said; whoever made this keeps them alive while it is used.
            unsafe bytes.baseAddress.unsafelyUnwrapped.loadUnaligned(fromByteOffset: first &* 4, as: SIMD4<Float>.self)
        }
    }
}
