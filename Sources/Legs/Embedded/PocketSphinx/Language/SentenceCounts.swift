/// Counts of one, two and three tokens in a row over weighted sentences; a token is a word or the name of a word class.
package struct SentenceCounts {
    static let start = "<s>"
    static let end = "</s>"

    private(set) var single: [[String]: Double] = [:]
    private(set) var pair: [[String]: Double] = [:]
    private(set) var triple: [[String]: Double] = [:]

    init() {}

    /// The sentences share a weight of 1.
    package init(_ sentences: [[String]]) {
        guard !sentences.isEmpty else { return }
        let weight = 1 / Double(sentences.count)
        for sentence in sentences {
            let tokens = [Self.start] + sentence + [Self.end]
            for i in 1..<tokens.count {
                single[[tokens[i]], default: 0] += weight
                pair[[tokens[i - 1], tokens[i]], default: 0] += weight
                if i > 1 { triple[[tokens[i - 2], tokens[i - 1], tokens[i]], default: 0] += weight }
            }
        }
    }

    mutating func add(_ other: SentenceCounts, times weight: Double) {
        guard weight > 0 else { return }
        single.merge(other.single.mapValues { $0 * weight }, uniquingKeysWith: +)
        pair.merge(other.pair.mapValues { $0 * weight }, uniquingKeysWith: +)
        triple.merge(other.triple.mapValues { $0 * weight }, uniquingKeysWith: +)
    }
}
