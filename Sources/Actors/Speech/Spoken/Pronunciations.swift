/// How a tenant wants words and phrases said, whatever the voice makes of their spelling.
///
/// Whole words, whatever their case, the longest phrase first. `Oakfield's` is `Oakfield` with its ending kept. Made once
/// for a call; asking it costs one look-up a word.
public struct Pronunciations: Sendable, Hashable {
    public static let none = Pronunciations([:])
    /// More entries are left out, in the order of their spelling.
    public static let maximumEntries = 1_000
    /// Longer words, phrases and sayings are left out.
    public static let maximumBytes = 200

    private struct Entry: Sendable {
        let words: [String]
        let saying: String
    }

    public let sayings: [String: String]
    /// By the first word, the longest first.
    private let entries: [String: [Entry]]
    private let hash: Int

    /// - Parameter sayings: words or phrases as they are written, and how they are said. Entries without a word on either
    ///   side are left out.
    public init(_ sayings: [String: String]) {
        let kept = sayings.sorted { $0.key < $1.key }.filter { entry in
            entry.key.utf8.count <= Self.maximumBytes && entry.value.utf8.count <= Self.maximumBytes
                && entry.value.contains { $0.isLetter || $0.isNumber }
        }.prefix(Self.maximumEntries)
        self.sayings = Dictionary(uniqueKeysWithValues: kept.map { ($0.key, $0.value) })
        var entries: [String: [Entry]] = [:]
        for (phrase, saying) in kept {
            let words = SpokenToken.tokens(of: phrase).enumerated().map { $0.element.folded(isLast: false) }
            let last = SpokenToken.tokens(of: phrase).last?.folded(isLast: true) ?? ""
            guard let first = words.first, !last.isEmpty else { continue }
            let all = words.dropLast() + [last]
            entries[all.count == 1 ? last : first, default: []].append(Entry(words: Array(all), saying: saying))
        }
        self.entries = entries.mapValues { $0.sorted { $0.words.count > $1.words.count } }
        hash = self.sayings.hashValue
    }

    public var isEmpty: Bool { entries.isEmpty }

    public static func == (left: Pronunciations, right: Pronunciations) -> Bool {
        left.hash == right.hash && left.sayings == right.sayings
    }

    public func hash(into hasher: inout Hasher) { hasher.combine(hash) }

    /// The phrase that begins at a token.
    /// - Returns: what is replaced, and how many tokens that are.
    func match(_ tokens: [SpokenToken], at index: Int) -> (replacement: SpokenReplacement, count: Int)? {
        guard !entries.isEmpty else { return nil }
        let token = tokens[index]
        let last = token.folded(isLast: true)
        let stem = Self.stem(of: last)
        let firsts = Set([token.folded(isLast: false), last, stem])
        let candidates = firsts.flatMap { entries[$0] ?? [] }.sorted { $0.words.count > $1.words.count }
        for entry in candidates {
            let count = entry.words.count
            guard index + count <= tokens.count else { continue }
            let matches = entry.words.dropLast().indices.allSatisfy { place in
                tokens[index + place].folded(isLast: false) == entry.words[place]
            }
            let end = tokens[index + count - 1]
            let ending = end.folded(isLast: true)
            guard matches else { continue }
            var upper = end.core.upperBound
            if ending != entry.words[count - 1] {
                guard Self.stem(of: ending) == entry.words[count - 1] else { continue }
                upper = end.core.lowerBound + Self.stem(of: end.text).utf8.count
            }
            return (SpokenReplacement(range: token.core.lowerBound..<upper, text: entry.saying), count)
        }
        return nil
    }

    /// Without the ending of an English genitive.
    private static func stem(of word: String) -> String {
        for ending in ["'s", "\u{2019}s", "'S", "\u{2019}S"] where word.hasSuffix(ending) {
            return String(word.dropLast(2))
        }
        return word
    }
}
