/// Numbers as a recogniser writes them: `forty five`, `one hundred and twenty`, `a dozen`, `45`.
package enum SpokenNumber {
    /// The cardinal that begins at `index`, as long as it goes.
    /// - Returns: its value (0 to 999 999) and how many words it takes; nil when no number begins there.
    package static func cardinal(in words: ArraySlice<String>) -> (value: Int, length: Int)? {
        guard let first = words.first else { return nil }
        if let value = digits(first) { return (value, 1) }
        if first == "a" || first == "half" { return counted(words) }
        if first == "dozen" { return (12, 1) }
        var reader = Reader()
        for word in words where !reader.isDone { reader.take(word) }
        return reader.result
    }

    /// The value of one digit word; `oh` counts as zero.
    static func digit(_ word: String) -> Int? {
        if word == "oh" || word == "o" { return 0 }
        if let unit = units[word], unit < 10 { return unit }
        return word.count == 1 ? word.first?.wholeNumberValue : nil
    }

    /// `a hundred`, `a dozen`, `half a dozen`, `a couple of`.
    private static func counted(_ words: ArraySlice<String>) -> (value: Int, length: Int)? {
        let words = Array(words.prefix(6))
        if words.starts(with: ["half", "a", "dozen"]) { return (6, 3) }
        guard words.first == "a", words.count > 1 else { return nil }
        if words[1] == "dozen" { return (12, 2) }
        guard words[1] == "hundred" || words[1] == "thousand" else { return nil }
        return cardinal(in: ["one"] + words[1...])
    }

    static func digits(_ word: String) -> Int? {
        guard !word.isEmpty, word.count <= 6, word.allSatisfy({ $0.isASCII && $0.isNumber }) else { return nil }
        return Int(word)
    }

    /// 0 to 999 999 in words, as one says them: `one hundred and twenty`.
    package static func words(_ value: Int) -> String {
        switch value {
        case ..<0: return "minus " + words(-value)
        case ..<20: return unitNames[value]
        case ..<100:
            let rest = value % 10
            return tenNames[value / 10] + (rest == 0 ? "" : " " + unitNames[rest])
        case ..<1000:
            let rest = value % 100
            return unitNames[value / 100] + " hundred" + (rest == 0 ? "" : " and " + words(rest))
        case ..<1_000_000:
            let rest = value % 1000
            let joint = rest < 100 ? " and " : " "
            return words(value / 1000) + " thousand" + (rest == 0 ? "" : joint + words(rest))
        default: return String(value)
        }
    }

    /// Reads number words from left to right until one does not fit.
    fileprivate struct Reader {
        private var total = 0
        private var group = 0
        private var last = Kind.none
        private var taken = 0
        private var pendingAnd = false
        private(set) var isDone = false

        fileprivate enum Kind { case none, unit, teen, ten, hundred, thousand }

        var result: (value: Int, length: Int)? {
            last == .none ? nil : (total + group, taken - (pendingAnd ? 1 : 0))
        }

        mutating func take(_ word: String) {
            if word == "and", last == .hundred || last == .thousand, !pendingAnd {
                pendingAnd = true
                taken += 1
                return
            }
            guard let (value, kind) = SpokenNumber.part(word), fits(kind) else {
                isDone = true
                return
            }
            pendingAnd = false
            taken += 1
            add(value, kind)
        }

        private func fits(_ kind: Kind) -> Bool {
            switch kind {
            case .none: false
            case .unit: last == .none || last == .ten || last == .hundred || last == .thousand
            case .teen, .ten: last == .none || last == .hundred || last == .thousand
            case .hundred: last == .unit
            case .thousand: total == 0 && group > 0
            }
        }

        private mutating func add(_ value: Int, _ kind: Kind) {
            switch kind {
            case .none: break
            case .unit, .teen, .ten: group += value
            case .hundred: group *= 100
            case .thousand:
                total = group * 1000
                group = 0
            }
            last = kind
        }
    }

    private static func part(_ word: String) -> (Int, Reader.Kind)? {
        if word == "hundred" { return (100, .hundred) }
        if word == "thousand" { return (1000, .thousand) }
        if let ten = tens[word] { return (ten, .ten) }
        if let unit = units[word] { return (unit, unit == 0 || unit > 9 ? .teen : .unit) }
        return nil
    }

    static let unitNames = [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
        "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
    ]
    static let tenNames = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
    private static let units = Dictionary(uniqueKeysWithValues: unitNames.enumerated().map { ($1, $0) })
    private static let tens = Dictionary(uniqueKeysWithValues: tenNames.enumerated().dropFirst(2).map { ($1, $0 * 10) })
}
