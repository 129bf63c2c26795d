/// The longest common subsequence of two word lists, as pairs of positions; the earliest where there are several.
///
/// - Cost: a table of `a.count * b.count` cells; none, and no pairs, above `cellLimit`.
package struct CommonSubsequence: Sendable {
    package private(set) var pairs: [(Int, Int)] = []

    package init(_ first: [String], _ second: [String], cellLimit: Int) {
        guard !first.isEmpty, !second.isEmpty, first.count <= cellLimit / second.count else { return }
        var numbers: [String: Int] = [:]
        func number(_ word: String) -> Int {
            if let known = numbers[word] { return known }
            numbers[word] = numbers.count
            return numbers.count - 1
        }
        let a = first.map(number)
        let b = second.map(number)
        let width = b.count + 1
        // lengths[i * width + j]: of the longest one of a[i...] and b[j...].
        var lengths = [UInt16](repeating: 0, count: (a.count + 1) * width)
        for i in a.indices.reversed() {
            for j in b.indices.reversed() {
                let cell = i * width + j
                lengths[cell] =
                    a[i] == b[j] ? lengths[cell + width + 1] &+ 1 : max(lengths[cell + width], lengths[cell + 1])
            }
        }
        var (i, j) = (0, 0)
        while i < a.count, j < b.count {
            if a[i] == b[j] {
                pairs.append((i, j))
                (i, j) = (i + 1, j + 1)
            } else if lengths[i * width + j + 1] >= lengths[(i + 1) * width + j] {
                j += 1
            } else {
                i += 1
            }
        }
    }
}
