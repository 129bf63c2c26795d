import Actors

/// One of a list: `a birthday party please`, `the second one`, `birthday`.
package enum SpokenChoice {
    /// - Parameter isAsked: the list was just read out, so part of an option and its place count too.
    /// - Returns: the index of the only option that fits best; nil when none or several do.
    package static func option(in words: [String], of options: [String], isAsked: Bool) -> Int? {
        let said = Set(words.map(WordStem.stem))
        let scores = options.map { score(of: SpokenWords.words($0).map(WordStem.stem), said: said) }
        let best = scores.max() ?? 0
        if best >= (isAsked ? 0.5 : 0.99), scores.filter({ $0 == best }).count == 1 {
            return scores.firstIndex(of: best)
        }
        return isAsked ? place(in: words, count: options.count) : nil
    }

    /// The share of an option's telling words that were said.
    private static func score(of option: [String], said: Set<String>) -> Double {
        let telling = option.filter { !StopWords.contains($0) }
        let needed = telling.isEmpty ? option : telling
        guard !needed.isEmpty else { return 0 }
        return Double(needed.filter(said.contains).count) / Double(needed.count)
    }

    private static func place(in words: [String], count: Int) -> Int? {
        for (index, word) in words.enumerated() {
            if word == "last" || word == "latter" { return count - 1 }
            if word == "former" { return 0 }
            let number = SpokenOrdinal.dayNumber(in: words[index...])?.value ?? afterNumber(index, in: words)
            if let number, (1...count).contains(number) { return number - 1 }
        }
        return nil
    }

    /// `number two`, or `two` alone.
    private static func afterNumber(_ index: Int, in words: [String]) -> Int? {
        guard words.count == 1 || (index > 0 && ["number", "option"].contains(words[index - 1])) else { return nil }
        return SpokenNumber.cardinal(in: words[index...])?.value
    }
}
