import Foundation

/// How unlike two pieces of sound are: the log-spectral distance.
public enum JitterSpectrum {
    /// Root mean square difference in dB of 16 bands of 250 Hz, of one frame of 160 samples. Levels below -60 dBFS count as -60.
    public static func distance(_ left: ArraySlice<Int16>, _ right: ArraySlice<Int16>) -> Double {
        let (a, b) = (bands(left), bands(right))
        let sum = zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
        return (sum / Double(a.count)).squareRoot()
    }

    private static func bands(_ samples: ArraySlice<Int16>) -> [Double] {
        let values = samples.enumerated().map { index, sample in
            Double(sample) * (0.5 - 0.5 * cos(2 * .pi * (Double(index) + 0.5) / Double(samples.count)))
        }
        var result = [Double](repeating: 0, count: 16)
        for bin in 0..<80 {
            var (real, imaginary) = (0.0, 0.0)
            let step = 2 * Double.pi * Double(bin) / 160
            for (index, value) in values.enumerated() {
                real += value * cos(step * Double(index))
                imaginary += value * sin(step * Double(index))
            }
            result[bin / 5] += (real * real + imaginary * imaginary) / (160 * 60)
        }
        return result.map { max(10 * log10($0 + 1e-9), 30) }
    }
}
