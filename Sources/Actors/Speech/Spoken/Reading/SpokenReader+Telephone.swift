extension SpokenReader {
    /// Fewest and most figures of a telephone number: ITU-T E.164 allows 15.
    private static let figures = 7...15

    /// Telephone numbers, figure by figure in the groups they are written in.
    func telephone(at index: Int) -> Reading? {
        guard let first = groups(of: tokens[index]) else { return nil }
        var groups = [first]
        while let next = token(index + groups.count), let more = self.groups(of: next), !next.text.hasPrefix("+") {
            let closing = tokens[index + groups.count - 1].closing
            guard closing.isEmpty || closing == ")", groups.count < 8 else { break }
            groups.append(more)
        }
        // A figure behind it may belong to what follows.
        while !groups.isEmpty {
            if isTelephone(groups, at: index) { return reading(groups, at: index) }
            groups.removeLast()
        }
        return nil
    }

    private func reading(_ groups: [[[Int]]], at index: Int) -> Reading {
        let replacements = groups.enumerated().map { place, group -> SpokenReplacement in
            let token = tokens[index + place]
            let isInternational = token.text.hasPrefix("+")
            var parts = group.flatMap { grouped($0) }
            if isInternational, groups.count == 1, group.count == 1, group[0].count == 11, group[0][0] == 1 {
                // The North American plan: country, area, exchange, line.
                let figures = group[0]
                parts = [[1], Array(figures[1...3]), Array(figures[4...6]), Array(figures[7...10])]
            }
            let said = parts.map { language.spelled($0) }.joined(separator: ", ")
            let lower = token.core.lowerBound - (token.opening.hasSuffix("(") ? 1 : 0)
            let upper = token.core.upperBound + (token.closing.hasPrefix(")") ? 1 : 0)
            return SpokenReplacement(
                range: lower..<upper,
                text: (isInternational ? vocabulary.plus + " " : "") + said + (place + 1 < groups.count ? "," : "")
            )
        }
        return Reading(replacements, count: groups.count)
    }

    /// The groups of figures in a token of nothing but figures and the signs between them.
    private func groups(of token: SpokenToken) -> [[Int]]? {
        guard token.text.utf8.count <= 24, token.text.contains(where: { $0.isNumber }) else { return nil }
        var groups: [[Int]] = [[]]
        for (place, character) in token.text.enumerated() {
            if character.isASCII, let figure = character.wholeNumberValue {
                groups[groups.count - 1].append(figure)
            } else if "-./()\u{2011}\u{2013}".contains(character) || character == "+" && place == 0 {
                if groups.last?.isEmpty == false { groups.append([]) }
            } else {
                return nil
            }
        }
        return groups.filter { !$0.isEmpty }
    }

    private func isTelephone(_ groups: [[[Int]]], at index: Int) -> Bool {
        let sizes = groups.flatMap { $0.map(\.count) }
        let total = sizes.reduce(0, +)
        guard Self.figures ~= total else { return false }
        let token = tokens[index]
        if token.text.hasPrefix("+") { return true }
        let isParted = sizes.count > 1
        let isPlain = groups.allSatisfy { $0.count == 1 }
        if token.opening.hasSuffix("("), isParted { return true }
        let first = groups.first?.first?.first ?? 0
        if first == 0, isParted || total >= 9, (groups.first?.first?.count ?? 0) > 1 { return true }
        if language is EnglishSpeech {
            return [[3, 4], [3, 3, 4], [1, 3, 3, 4]].contains(sizes)
        }
        // Nine figures, no leading zero.
        if language is SpanishSpeech, 6...9 ~= first { return [[3, 3, 3], [3, 2, 2, 2]].contains(sizes) }
        return !isPlain && sizes.count >= 3 && total >= 9
    }
}
