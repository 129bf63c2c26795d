import Foundation

/// A trigram model over a small vocabulary, in which any word may still follow any other.
///
/// Probabilities are interpolated (Jelinek-Mercer): a history's own counts get a fixed share, the shorter history the
/// rest. In a back-off file the rest is exactly the history's back-off weight, so nothing is approximated.
///
/// Histories of two words that say little more than their second word alone are left out: the expansion of classes
/// makes many of those, and they only cost loading time.
package struct TrigramModel {
    package struct Parameters: Sendable {
        var pairShare = 0.9
        var tripleShare = 0.93
        /// Part of the single-word probability given to `background`.
        var backgroundShare = 0.1
        /// Least gain, in bits times probability, for a two-word history to be kept.
        var leastGain = 2e-5

        package init() {}
    }

    private typealias Word = UInt64

    private let words: [String]
    private var singles: [Double]
    private var pairs: [Word: Double] = [:]
    private var triples: [Word: Double] = [:]
    private var pairHistories: Set<Word> = []
    private var tripleHistories: Set<Word> = []
    private let parameters: Parameters

    /// - Parameter background: words outside the sentences, most frequent first.
    package init(_ counts: SentenceCounts, background: [String], parameters: Parameters = Parameters()) {
        self.parameters = parameters
        let tokens = Set(counts.single.keys.joined())
        words = Set([SentenceCounts.start] + background + tokens.flatMap(WordClass.members)).sorted()
        let index = Dictionary(uniqueKeysWithValues: words.enumerated().map { ($1, Word($0)) })
        var members: [String: [Word]] = [:]
        for token in tokens.union([SentenceCounts.start]) {
            members[token] = WordClass.members(token).compactMap { index[$0] }
        }

        let singleCounts = Self.spread(counts.single, members)
        let total = counts.single.values.reduce(0, +)
        singles = words.indices.map { (1 - parameters.backgroundShare) * (singleCounts[Word($0)] ?? 0) / total }
        // Zipf's law for the ranks.
        let mass = (0..<background.count).reduce(0) { $0 + 1 / Double($1 + 20) }
        for (rank, word) in background.enumerated() {
            guard let word = index[word] else { continue }
            singles[Int(word)] += parameters.backgroundShare / Double(rank + 20) / mass
        }
        addPairs(Self.spread(counts.pair, members))
        addTriples(Self.spread(counts.triple, members), total: total)
    }

    private mutating func addPairs(_ counts: [Word: Double]) {
        let sums = Self.sums(counts)
        pairHistories = Set(sums.keys)
        for (pair, count) in counts {
            pairs[pair] =
                parameters.pairShare * count / (sums[pair >> 20] ?? count)
                + (1 - parameters.pairShare) * singles[Int(pair & 0xFFFFF)]
        }
    }

    private mutating func addTriples(_ counts: [Word: Double], total: Double) {
        let sums = Self.sums(counts)
        var gains: [Word: Double] = [:]
        for (triple, count) in counts.sorted(by: { $0.key < $1.key }) {
            let share = count / (sums[triple >> 20] ?? count)
            gains[triple >> 20, default: 0] += count / total * log2(share / shorter(triple))
        }
        tripleHistories = Set(gains.filter { $0.value > parameters.leastGain }.keys)
        for (triple, count) in counts where tripleHistories.contains(triple >> 20) {
            triples[triple] =
                parameters.tripleShare * count / (sums[triple >> 20] ?? count)
                + (1 - parameters.tripleShare) * shorter(triple)
        }
    }

    /// How often each history occurs. Summed in a fixed order: the same last digit every time.
    private static func sums(_ counts: [Word: Double]) -> [Word: Double] {
        var sums: [Word: Double] = [:]
        for (gram, count) in counts.sorted(by: { $0.key < $1.key }) { sums[gram >> 20, default: 0] += count }
        return sums
    }

    /// Counts of words from counts of tokens: a class's count is shared by its words.
    private static func spread(_ counts: [[String]: Double], _ members: [String: [Word]]) -> [Word: Double] {
        var spread: [Word: Double] = [:]
        for (tokens, count) in counts.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
            var grams: [Word] = [0]
            for token in tokens {
                let options = members[token] ?? []
                grams = grams.flatMap { gram in options.map { gram << 20 | $0 } }
            }
            let share = count / Double(grams.count)
            for gram in grams { spread[gram, default: 0] += share }
        }
        return spread
    }

    /// The last word's probability after the middle one.
    private func shorter(_ triple: Word) -> Double {
        let pair = triple & 0xFF_FFFF_FFFF
        return pairs[pair] ?? (pairHistories.contains(pair >> 20) ? 1 - parameters.pairShare : 1)
            * singles[Int(pair & 0xFFFFF)]
    }

    /// The model as ARPA text, the format every recogniser of this family reads.
    package var arpa: String {
        let spoken = words.indices.filter { words[$0] != SentenceCounts.start }
        var text =
            "\\data\\\nngram 1=\(spoken.count + 1)\nngram 2=\(pairs.count)\nngram 3=\(triples.count)\n\n\\1-grams:\n"
        text += "-99.0000 <s> \(decimal(1 - parameters.pairShare))\n"
        for index in spoken {
            let backOff = pairHistories.contains(Word(index)) ? decimal(1 - parameters.pairShare) : "0.0000"
            text += "\(decimal(singles[index])) \(words[index]) \(backOff)\n"
        }
        text += "\n\\2-grams:\n"
        for (pair, probability) in pairs.sorted(by: { $0.key < $1.key }) {
            let backOff = tripleHistories.contains(pair) ? decimal(1 - parameters.tripleShare) : "0.0000"
            text += "\(decimal(probability)) \(word(pair, 1)) \(word(pair, 0)) \(backOff)\n"
        }
        text += "\n\\3-grams:\n"
        for (triple, probability) in triples.sorted(by: { $0.key < $1.key }) {
            text += "\(decimal(probability)) \(word(triple, 2)) \(word(triple, 1)) \(word(triple, 0))\n"
        }
        return text + "\n\\end\\\n"
    }

    private func word(_ gram: Word, _ place: Int) -> String { words[Int(gram >> (20 * Word(place)) & 0xFFFFF)] }

    /// log10 with four places, without a locale or a format parser: there are some 20 000 of them.
    private func decimal(_ probability: Double) -> String {
        let scaled = Int((log10(max(probability, 1e-9)) * 10_000).rounded())
        let fraction = String(abs(scaled) % 10_000)
        return (scaled < 0 ? "-" : "") + "\(abs(scaled) / 10_000)." + String(repeating: "0", count: 4 - fraction.count)
            + fraction
    }
}
