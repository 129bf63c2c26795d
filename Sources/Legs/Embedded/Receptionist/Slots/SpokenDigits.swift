/// A number spoken digit by digit: `five five five one two three four`, `double five oh one`, `555 1234`.
package enum SpokenDigits {
    /// The longest run of digits in the words.
    /// - Returns: the digits, and the words they take; nil when no digit was said.
    package static func run(in words: [String]) -> (digits: String, words: Range<Int>)? {
        var best: (digits: String, words: Range<Int>)?
        var index = 0
        while index < words.count {
            let start = index
            var digits = ""
            while index < words.count, let (part, length) = part(at: index, in: words) {
                digits += part
                index += length
            }
            if digits.count > best?.digits.count ?? 0 { best = (digits, start..<index) }
            index = max(index, start + 1)
        }
        return best
    }

    private static func part(at index: Int, in words: [String]) -> (String, Int)? {
        let word = words[index]
        if let times = ["double": 2, "triple": 3][word] {
            guard index + 1 < words.count, let digit = SpokenNumber.digit(words[index + 1]) else { return nil }
            return (String(repeating: String(digit), count: times), 2)
        }
        if let digit = SpokenNumber.digit(word) { return (String(digit), 1) }
        if word.count <= 20, !word.isEmpty, word.allSatisfy({ $0.isASCII && $0.isNumber }) { return (word, 1) }
        guard let (value, length) = SpokenNumber.cardinal(in: words[index...]), value < 100, length <= 2 else {
            return nil
        }
        return (String(value), length)
    }

    /// Read back in groups as telephone numbers are read: `five five five, one two three four`.
    package static func spoken(_ digits: String) -> String {
        groups(of: digits)
            .map { group in
                group.compactMap { $0.wholeNumberValue.map { SpokenNumber.unitNames[$0] } }.joined(separator: " ")
            }
            .joined(separator: ", ")
    }

    /// Threes, and what is left at the end: 7 -> 3 4, 10 -> 3 3 4, 6 -> 3 3, 4 and fewer -> one group.
    static func groups(of digits: String) -> [Substring] {
        var rest = digits[...]
        var groups: [Substring] = []
        while rest.count > 4 {
            groups.append(rest.prefix(3))
            rest = rest.dropFirst(3)
        }
        return rest.isEmpty ? groups : groups + [rest]
    }
}
