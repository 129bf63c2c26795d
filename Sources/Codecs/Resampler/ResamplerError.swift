/// Why a resampler could not be made, or did nothing.
public enum ResamplerError: Error, Equatable, Sendable, CustomStringConvertible {
    case unsupportedRate(Int)
    case unsupportedQuality(Int)
    /// No input was consumed.
    case outputTooSmall(needed: Int, capacity: Int)
    /// speexdsp refused: memory ran out while it built its filter.
    case outOfMemory

    public var description: String {
        switch self {
        case .unsupportedRate(let rate):
            "cannot resample \(rate) Hz: use a rate from \(Resampler.rates.lowerBound) to \(Resampler.rates.upperBound)"
        case .unsupportedQuality(let quality):
            "resampler quality \(quality) does not exist: use 0 (fastest) to 10 (best)"
        case .outputTooSmall(let needed, let capacity):
            "resampler output holds \(capacity) samples, \(needed) are needed: size it with outputCapacity(for:)"
        case .outOfMemory:
            "no memory for the resampler's filter"
        }
    }
}
