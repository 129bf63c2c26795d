import Foundation

/// A regular expression over normalised words, as a profile's `patterns` write it.
///
/// ICU syntax; it sees the caller's words in lower case, contractions opened, joined by one space. One type for the
/// profile reader, which must refuse a broken expression, and for the receptionist, which matches it.
public struct SpokenPattern: Sendable {
    /// Longer expressions are refused: a profile is not the place for a program.
    public static let maximumLength = 200

    private let expression: NSRegularExpression

    /// Nil when the expression cannot be compiled or is longer than `maximumLength`.
    public init?(_ source: String) {
        guard source.count <= Self.maximumLength, let expression = try? NSRegularExpression(pattern: source) else {
            return nil
        }
        self.expression = expression
    }

    /// - Parameter words: as `SpokenWords.words` gives them.
    public func matches(_ words: [String]) -> Bool {
        let text = words.joined(separator: " ")
        return expression.firstMatch(in: text, range: NSRange(location: 0, length: text.utf16.count)) != nil
    }

    /// The indices of the words that the first match touches; empty when there is none.
    public func covered(_ words: [String]) -> Range<Int> {
        let text = words.joined(separator: " ")
        let whole = NSRange(location: 0, length: text.utf16.count)
        guard let match = expression.firstMatch(in: text, range: whole)?.range, match.length > 0 else { return 0..<0 }
        var start = 0
        var covered: [Int] = []
        for (index, word) in words.enumerated() {
            let end = start + word.utf16.count
            if start < match.location + match.length, end > match.location { covered.append(index) }
            start = end + 1
        }
        return covered.first.map { $0..<(covered[covered.count - 1] + 1) } ?? 0..<0
    }
}
