import Foundation

func logarithm10(_ value: Double) -> Double { log10(value) }

extension Duration {
    /// Whole and fractional milliseconds.
    var milliseconds: Double {
        Double(components.seconds) * 1000 + Double(components.attoseconds) / 1e15
    }

    /// A duration as people write it on a command line: `1500ms`, `1.5s`, `2m`; a bare number is milliseconds.
    ///
    /// - Returns: nil when it is none of these, or negative.
    public init?(written text: String) {
        let units: [(suffix: String, milliseconds: Double)] = [("ms", 1), ("s", 1000), ("m", 60_000), ("", 1)]
        guard let unit = units.first(where: { text.hasSuffix($0.suffix) }),
            let value = Double(text.dropLast(unit.suffix.count)), value.isFinite, value >= 0, value < 1e9
        else { return nil }
        self = .microseconds(Int64((value * unit.milliseconds * 1000).rounded()))
    }
}
