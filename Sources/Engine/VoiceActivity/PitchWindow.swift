/// The last 40 ms of the pitch band at 4 kHz, and whether they repeat at the pitch of a voice.
///
/// Vectors of four, not eight: the compiler turns these into plain vector instructions on every machine, wider ones into
/// shuffles where the machine has no wider registers.
struct PitchWindow {
    private var blocks = [40 of SIMD4<Float>](repeating: SIMD4())

    /// Appends 20 ms.
    mutating func append(_ newest: borrowing [20 of SIMD4<Float>]) {
        var window = blocks.mutableSpan
        let arrived = newest.span
        for index in 0..<20 {
            window[index] = window[index + 20]
            window[index + 20] = arrived[index]
        }
    }

    /// The highest normalised correlation of the newest 22 ms with themselves one pitch period earlier, 0 to 1.
    ///
    /// The period runs from 12 samples (333 Hz) to 67 (60 Hz); the newest 88 samples, 22 vectors, are compared. Eight periods
    /// at a time share what they load of the newest samples.
    mutating func periodicity() -> Float {
        let window = blocks.span
        // Every square once: all energies below are sums of them.
        var squares = [40 of SIMD4<Float>](repeating: SIMD4())
        for index in 0..<40 { squares[index] = window[index] * window[index] }
        var energy = SIMD4<Float>()
        for index in 18..<40 { energy += squares[index] }
        let newestEnergy = energy.sum()
        guard newestEnergy > 0 else { return 0 }

        var products = [56 of SIMD4<Float>](repeating: SIMD4())
        var pasts = [56 of SIMD4<Float>](repeating: SIMD4())
        let squared = squares.span
        unsafe window.withUnsafeBytes { unsafe Self.multiply(ShiftedSamples(bytes: $0), into: &products) }
        unsafe squared.withUnsafeBytes { unsafe Self.addUp(ShiftedSamples(bytes: $0), into: &pasts) }
        return Self.best(products.span, pasts.span, newestEnergy: newestEnergy)
    }

    /// The products of the newest samples with those each period earlier, four sums for each.
    @inline(__always)
    private static func multiply(_ window: ShiftedSamples, into products: inout [56 of SIMD4<Float>]) {
        for period in stride(from: 12, to: 68, by: 8) {
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
            let first = period &- 12
            (products[first], products[first &+ 1], products[first &+ 2], products[first &+ 3]) = (a, b, c, d)
            (products[first &+ 4], products[first &+ 5], products[first &+ 6], products[first &+ 7]) = (e, f, g, h)
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

    @inline(__always)
    private static func best(
        _ products: Span<SIMD4<Float>>,
        _ pasts: Span<SIMD4<Float>>,
        newestEnergy: Float
    ) -> Float {
        var best = SIMD4<Float>()
        for first in stride(from: 0, to: 56, by: 4) {
            let (correlation, pastEnergy) = (sums(products, from: first), sums(pasts, from: first))
            let share = correlation * correlation / (newestEnergy * pastEnergy)
            // A swell of more than 20 dB within a period is no repetition.
            let counts = (correlation .> 0) .& (pastEnergy .> newestEnergy * 0.01) .& (share .> best)
            best.replace(with: share, where: counts)
        }
        return best.max().squareRoot()
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
