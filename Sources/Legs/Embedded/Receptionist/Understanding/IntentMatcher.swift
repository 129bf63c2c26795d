import Actors

/// Finds which of a tenant's intents an utterance means, or that it means none of them.
///
/// Each intent is scored by its best phrase, its keywords and its patterns. Evidence is always weighed against the words
/// that speak for nothing the tenant does, so that one keyword in an unrelated sentence is not enough. The figures
/// were set with the in-domain and out-of-domain sentences of `Tests/LegsTests/Receptionist`.
package struct IntentMatcher: Sendable {
    package enum Match: Sendable, Equatable {
        /// An index into the profile's intents; `score` 0...1.
        case intent(Int, score: Double)
        /// Two intents that fit about equally well, the better one first.
        case either(Int, Int)
        case none
    }

    /// Below this an utterance means none of the intents.
    package static let minimumScore = 0.5
    /// The best must be this much better than the second.
    package static let minimumMargin = 0.08
    /// From here the words alone are beyond doubt: enough to change the subject, or to believe a rejected transcript.
    package static let certainScore = 0.75

    private let intents: [IntentEvidence]
    private let domain: Set<String>

    package init(intents: [TenantProfile.Intent]) {
        let evidence = intents.map(IntentEvidence.init)
        self.intents = evidence
        domain = evidence.reduce(into: []) { $0.formUnion($1.vocabulary) }
    }

    /// - Parameters:
    ///   - words: as `SpokenWords.words` gives them.
    ///   - candidates: the intents to choose from; all of them when nil.
    package func match(_ words: [String], among candidates: [Int]? = nil) -> Match {
        let ranked = scores(words)
            .filter { candidates?.contains($0.index) ?? true }
            .sorted { ($0.score, $1.index) > ($1.score, $0.index) }
        guard let best = ranked.first, best.score >= Self.minimumScore else { return .none }
        if ranked.count > 1, ranked[1].score >= Self.minimumScore, best.score - ranked[1].score < Self.minimumMargin {
            return .either(best.index, ranked[1].index)
        }
        return .intent(best.index, score: best.score)
    }

    /// Every intent's score, in the profile's order.
    package func scores(_ words: [String]) -> [(index: Int, score: Double)] {
        let utterance = Utterance(words: words, domain: domain)
        guard !utterance.stems.isEmpty else { return [] }
        return intents.enumerated().map { ($0.offset, $0.element.score(utterance)) }
    }
}

/// An utterance with what each word weighs.
struct Utterance {
    let words: [String]
    let stems: [String]
    /// What a word says about the wish: 1 for a word of its own, less for small words, days and numbers.
    let weights: [Double]
    /// What a word outside the evidence counts against it: a word the tenant never uses counts in full.
    let costs: [Double]

    init(words: [String], domain: Set<String>) {
        self.words = words
        stems = words.map(WordStem.stem)
        weights = words.indices.map { Self.isName($0, in: words) ? 0 : Self.weight(words[$0]) }
        costs = zip(stems, weights).map { stem, weight in domain.contains(stem) ? weight * 0.5 : weight * 1.25 }
    }

    /// The two words after "name is" say who calls, not why.
    private static func isName(_ index: Int, in words: [String]) -> Bool {
        (1...2).contains { distance in
            let place = index - distance
            return place > 0 && words[place] == "is" && words[place - 1] == "name" && !StopWords.contains(words[index])
        }
    }

    static func weight(_ word: String) -> Double {
        if StopWords.contains(word) { return 0.12 }
        return CalendarWords.contains(word) ? 0.05 : 1
    }

    /// How much of the utterance the evidence explains, 0...1.
    func coverage(of used: Set<Int>) -> Double {
        var explained = 0.0
        var open = 0.0
        for index in words.indices {
            if used.contains(index) { explained += weights[index] } else { open += costs[index] }
        }
        return explained + open > 0 ? explained / (explained + open) : 0
    }
}

/// What speaks for one intent.
struct IntentEvidence: Sendable {
    private struct Phrase: Sendable {
        let stems: [String]
        let weights: [Double]
        let total: Double

        init(_ text: String) {
            let words = SpokenWords.words(text)
            stems = words.map(WordStem.stem)
            weights = words.map(Utterance.weight)
            total = weights.reduce(0, +)
        }
    }

    private let phrases: [Phrase]
    private let keywords: [[String]]
    private let patterns: [SpokenPattern]
    /// The stems of its telling words.
    let vocabulary: Set<String>

    init(_ intent: TenantProfile.Intent) {
        phrases = intent.phrases.map(Phrase.init).filter { !$0.stems.isEmpty }
        keywords = intent.keywords.map { SpokenWords.words($0).map(WordStem.stem) }.filter { !$0.isEmpty }
        patterns = intent.patterns.compactMap(SpokenPattern.init)
        let texts = intent.phrases + intent.keywords + intent.slots.flatMap(\.options) + [intent.title]
        vocabulary = Set(
            texts.flatMap { SpokenWords.words($0) }.filter { !StopWords.contains($0) }.map(WordStem.stem)
        )
    }

    func score(_ utterance: Utterance) -> Double {
        let evidence = [
            phrases.map { score($0, utterance) }.max() ?? 0, keywordScore(utterance), patternScore(utterance),
        ].sorted(by: >)
        // A second kind of evidence supports the first a little.
        return min(1, evidence[0] * (1 + 0.15 * evidence[1]))
    }

    /// The words of the phrase in their order, close together, and little else.
    private func score(_ phrase: Phrase, _ utterance: Utterance) -> Double {
        let used = common(phrase, utterance)
        guard let first = used.first, let last = used.last else { return 0 }
        let said = used.map { utterance.weights[$0] }.reduce(0, +)
        guard said >= 0.3 || used.count == phrase.stems.count else { return 0 }  // small words alone are no evidence
        let recall = min(1, said / phrase.total)
        let span = Double(last - first + 1)
        let closeness = min(1, Double(phrase.stems.count + 2) / span)
        return recall * closeness * (0.2 + 0.8 * utterance.coverage(of: Set(used)))
    }

    /// The utterance's indices of the longest common subsequence, by weight.
    private func common(_ phrase: Phrase, _ utterance: Utterance) -> [Int] {
        let rows = utterance.stems.count
        let columns = phrase.stems.count
        var best = Array(repeating: Array(repeating: 0.0, count: columns + 1), count: rows + 1)
        for row in stride(from: rows - 1, through: 0, by: -1) {
            for column in stride(from: columns - 1, through: 0, by: -1) {
                let skip = max(best[row + 1][column], best[row][column + 1])
                let isSame = utterance.stems[row] == phrase.stems[column]
                best[row][column] = isSame ? max(skip, best[row + 1][column + 1] + phrase.weights[column]) : skip
            }
        }
        var used: [Int] = []
        var (row, column) = (0, 0)
        while row < rows, column < columns {
            let isSame = utterance.stems[row] == phrase.stems[column]
            if isSame, best[row][column] == best[row + 1][column + 1] + phrase.weights[column] {
                used.append(row)
                (row, column) = (row + 1, column + 1)
            } else if best[row + 1][column] >= best[row][column + 1] {
                row += 1
            } else {
                column += 1
            }
        }
        return used
    }

    private func keywordScore(_ utterance: Utterance) -> Double {
        var used: Set<Int> = []
        for keyword in keywords {
            for start in utterance.stems.indices where utterance.stems[start...].starts(with: keyword) {
                used.formUnion(start..<(start + keyword.count))
            }
        }
        return used.isEmpty ? 0 : 0.1 + 0.9 * utterance.coverage(of: used)
    }

    /// A pattern speaks for the words it covers and for the tenant's own words around them.
    private func patternScore(_ utterance: Utterance) -> Double {
        var used: Set<Int> = []
        for pattern in patterns { used.formUnion(pattern.covered(utterance.words)) }
        guard !used.isEmpty else { return 0 }
        for (index, stem) in utterance.stems.enumerated() where vocabulary.contains(stem) { used.insert(index) }
        return 0.15 + 0.85 * utterance.coverage(of: used)
    }
}
