/// Day numbers: `twenty first`, `third`, `21st`.
enum SpokenOrdinal {
    /// 1 to 31 and how many words it takes.
    static func dayNumber(in words: ArraySlice<String>) -> (value: Int, length: Int)? {
        guard let first = words.first else { return nil }
        if let value = simple[first] { return (value, 1) }
        if let tens = ["twenty": 20, "thirty": 30][first], let second = words.dropFirst().first,
            let unit = simple[second], unit < 10, tens + unit <= 31
        {
            return (tens + unit, 2)
        }
        guard ["st", "nd", "rd", "th"].contains(where: first.hasSuffix), let value = Int(first.dropLast(2)) else {
            return nil
        }
        return (1...31).contains(value) ? (value, 1) : nil
    }

    /// `1` -> `1st`, `12` -> `12th`, `23` -> `23rd`.
    static func text(_ value: Int) -> String {
        let suffix =
            switch (value % 100, value % 10) {
            case (11...13, _): "th"
            case (_, 1): "st"
            case (_, 2): "nd"
            case (_, 3): "rd"
            default: "th"
            }
        return "\(value)\(suffix)"
    }

    private static let simple: [String: Int] = [
        "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9,
        "tenth": 10, "eleventh": 11, "twelfth": 12, "thirteenth": 13, "fourteenth": 14, "fifteenth": 15,
        "sixteenth": 16, "seventeenth": 17, "eighteenth": 18, "nineteenth": 19, "twentieth": 20, "thirtieth": 30,
    ]
}
