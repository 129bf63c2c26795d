/// Power ratios and decibels without a maths library: the same bits in every build.
package enum Decibels {
    /// Ten times the decimal logarithm of a positive, finite power; within 0.001 dB.
    package static func ofPower(_ power: Float) -> Float {
        let clamped = max(power, Float.leastNormalMagnitude)
        let bits = clamped.bitPattern
        var exponent = Float(Int32(bits >> 23) - 127)
        var mantissa = Float(bitPattern: (bits & 0x007F_FFFF) | 0x3F80_0000)
        // Centre the mantissa on 1 so that the series below converges fast.
        if mantissa > 1.414_213_5 {
            mantissa *= 0.5
            exponent += 1
        }
        // ln m = 2 atanh((m - 1) / (m + 1))
        let t = (mantissa - 1) / (mantissa + 1)
        let square = t * t
        let naturalLog = 2 * t * (1 + square * (0.333_333_34 + square * (0.2 + square * 0.142_857_15)))
        return 3.010_299_9 * exponent + 4.342_944_8 * naturalLog
    }

    /// The same of four powers at once, to the same bits.
    @inline(__always)
    package static func ofPowers(_ powers: SIMD4<Float>) -> SIMD4<Float> {
        let least = SIMD4<Float>(repeating: Float.leastNormalMagnitude)
        let clamped = powers.replacing(with: least, where: powers .< least)
        // SAFETY: both are four words of 32 bits, and every pattern is a value of either.
        let bits = unsafe unsafeBitCast(clamped, to: SIMD4<UInt32>.self)
        var exponent = SIMD4<Int32>(truncatingIfNeeded: bits &>> 23) &- 127
        var mantissa = unsafe unsafeBitCast((bits & 0x007F_FFFF) | 0x3F80_0000, to: SIMD4<Float>.self)
        let isLarge = mantissa .> 1.414_213_5
        mantissa.replace(with: mantissa * 0.5, where: isLarge)
        exponent.replace(with: exponent &+ 1, where: isLarge)
        let t = (mantissa - 1) / (mantissa + 1)
        let square = t * t
        let naturalLog = 2 * t * (1 + square * (0.333_333_34 + square * (0.2 + square * 0.142_857_15)))
        return 3.010_299_9 * SIMD4<Float>(exponent) + 4.342_944_8 * naturalLog
    }

    /// The powers of four levels in decibels: 10^(level / 10); within 0.1 %, levels from -300 to 300.
    @inline(__always)
    package static func powers(of decibels: SIMD4<Float>) -> SIMD4<Float> {
        let exponent = decibels * 0.332_192_8
        // Beyond 2^23 a number has no fraction: adding and taking away rounds to the nearest whole one.
        let whole: Float = 12_582_912
        let nearest = (exponent + whole) - whole
        let below = nearest.replacing(with: nearest - 1, where: nearest .> exponent)
        let x = (exponent - below) * 0.693_147_2
        let high: SIMD4<Float> = 0.166_666_67 + x * (0.041_666_67 + x * 0.008_333_333)
        let fraction: SIMD4<Float> = 1 + x * (1 + x * (0.5 + x * high))
        // SAFETY: both are four words of 32 bits, and every pattern is a value of either. The last bits of such a number count.
        let count = unsafe unsafeBitCast(below + whole, to: SIMD4<UInt32>.self) &- whole.bitPattern
        let power = unsafe unsafeBitCast((count &+ 127) &<< 23, to: SIMD4<Float>.self)
        return fraction * power
    }
}

extension SIMD8<Float> {
    // The library's own of these take the lanes one by one.

    @inline(__always)
    func atLeast(_ other: Self) -> Self { replacing(with: other, where: self .< other) }

    @inline(__always)
    func atMost(_ other: Self) -> Self { replacing(with: other, where: self .> other) }
}
