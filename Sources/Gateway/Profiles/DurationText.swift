/// A duration as profiles write it: a whole number and its unit, `200ms`, `7s`, `15min`.
enum DurationText {
    /// Milliseconds; nil when the text is no duration or too large to be one.
    static func milliseconds(_ text: String) -> Int? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard let count = Int(digits), digits.count <= 9 else { return nil }
        switch text.dropFirst(digits.count).drop(while: { $0 == " " }) {
        case "ms": return count
        case "s": return count * 1000
        case "min": return count * 60_000
        default: return nil
        }
    }

    /// The shortest way to write it: `90000` -> `90s`, `60000` -> `1min`.
    static func text(milliseconds: Int) -> String {
        if milliseconds > 0, milliseconds % 60_000 == 0 { return "\(milliseconds / 60_000)min" }
        if milliseconds > 0, milliseconds % 1000 == 0 { return "\(milliseconds / 1000)s" }
        return "\(milliseconds)ms"
    }
}
