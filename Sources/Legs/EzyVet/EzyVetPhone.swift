/// A telephone number as a practice may have written it into a record.
///
/// Records hold what a person typed: with or without the country, with spaces, hyphens or brackets. The site compares texts,
/// so it is asked for the usual ways to write a number at once, and what it finds is compared by digits.
struct EzyVetPhone: Sendable, Equatable {
    /// Without the plus.
    private let international: String
    /// Without country and trunk prefix; nil for a number of another country.
    private let national: String?

    /// - Parameters:
    ///   - number: E.164.
    ///   - countryCode: the practice's own, without a plus.
    init(_ number: String, countryCode: String) {
        international = String(number.dropFirst())
        national = international.hasPrefix(countryCode) ? String(international.dropFirst(countryCode.count)) : nil
        self.countryCode = countryCode
    }

    private let countryCode: String

    /// At most 16.
    var spellings: [String] {
        var spellings = ["+" + international, international]
        if let national {
            spellings += ["+\(countryCode) \(national)", national]
            if countryCode == "1", national.count == 10 {
                let area = national.prefix(3)
                let office = national.dropFirst(3).prefix(3)
                let line = national.suffix(4)
                spellings += [
                    "(\(area)) \(office)-\(line)", "(\(area))\(office)-\(line)", "\(area)-\(office)-\(line)",
                    "\(area) \(office) \(line)", "\(area).\(office).\(line)", "1-\(area)-\(office)-\(line)",
                    "+1 \(area)-\(office)-\(line)", "+1 (\(area)) \(office)-\(line)",
                ]
            } else {
                spellings += ["0" + national, "+\(countryCode) (0)\(national)", "+\(countryCode)(0)\(national)"]
                for head in [2, 3, 4] where national.count > head + 3 {
                    spellings.append("0\(national.prefix(head)) \(national.dropFirst(head))")
                }
            }
        }
        return spellings
    }

    /// Whether a text of a record is this number.
    func isSame(as text: String) -> Bool {
        let digits = text.filter { $0.isASCII && $0.isNumber }
        if digits == international || digits == "00" + international { return true }
        guard let national else { return false }
        return digits == national || digits == "0" + national || digits == countryCode + "0" + national
    }
}
