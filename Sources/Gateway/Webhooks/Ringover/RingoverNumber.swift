/// Telephone numbers as Ringover writes them: digits without a plus sign, as text or as a number.
package enum RingoverNumber {
    /// E.164; nil for an extension, a withheld number, and anything that is no number.
    package static func e164(_ text: String) -> String? {
        var digits = ""
        for (index, character) in text.unicodeScalars.enumerated() {
            switch character {
            case "0"..."9": digits.unicodeScalars.append(character)
            case "+" where index == 0: continue
            case " ", "-", ".", "(", ")": continue
            default: return nil
            }
        }
        if digits.hasPrefix("00") { digits.removeFirst(2) }
        // ITU-T E.164: at most 15 digits, and a country code never begins with 0. Shorter ones are extensions.
        guard 7...15 ~= digits.count, !digits.hasPrefix("0") else { return nil }
        return "+" + digits
    }

    /// The vendor's own writing: a bare number.
    package static func bare(_ number: String) -> Int64? { e164(number).flatMap { Int64($0.dropFirst()) } }
}
