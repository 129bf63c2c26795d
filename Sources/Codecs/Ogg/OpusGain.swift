import Glibc

/// The output gain of RFC 7845 section 5.1, which a decoder must apply.
enum OpusGain {
    /// - Parameter gain: in 1/256 dB.
    static func apply(_ gain: Int, to samples: [Int16]) -> [Int16] {
        let factor = pow(10, Double(gain) / (20 * 256))
        return samples.map { Int16(max(-32_768, min(32_767, (Double($0) * factor).rounded()))) }
    }
}
