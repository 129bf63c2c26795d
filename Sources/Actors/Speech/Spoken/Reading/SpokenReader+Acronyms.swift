extension SpokenReader {
    /// Longest run of capitals that is spelled, and longest code.
    private static let maximumLetters = 5
    private static let maximumCode = 12

    /// `FBI`, `PCs`, and codes such as `AB123`
    func acronym(at index: Int) -> Reading? {
        let text = tokens[index].text
        guard hasSmallLetters, 2...Self.maximumCode ~= text.count,
            text.first?.isUppercase == true || text.first?.isNumber == true
        else { return nil }
        if text.hasSuffix("s"), isSpelled(text.dropLast()) {
            return Reading([replace(index, letters(text.dropLast()) + "'s")])
        }
        if isSpelled(text[...]) { return Reading([replace(index, letters(text[...]))]) }
        return code(text).map { Reading([replace(index, $0)]) }
    }

    private func letters(_ text: Substring) -> String { text.map(String.init).joined(separator: " ") }

    private func isSpelled(_ text: Substring) -> Bool {
        guard 2...Self.maximumLetters ~= text.count, text.allSatisfy({ $0.isLetter && $0.isUppercase }) else {
            return false
        }
        return vocabulary.spelled.contains(String(text)) || !text.contains { "AEIOUYÀÂÄÉÈÊËÎÏÔÖÛÜÁÍÓÚ".contains($0) }
    }

    /// Capitals and figures: letters and long figures one by one.
    private func code(_ text: String) -> String? {
        guard text.contains(where: { $0.isNumber }), text.contains(where: { $0.isLetter }),
            text.allSatisfy({ $0.isASCII && ($0.isUppercase || $0.isNumber || $0 == "-") })
        else { return nil }
        var words: [String] = []
        var rest = text[...]
        while let first = rest.first {
            let run = rest.prefix { first.isNumber ? $0.isNumber : first.isLetter ? $0.isLetter : $0 == first }
            rest = rest.dropFirst(run.count)
            if let figures = SpokenNumeral.figures(run) {
                let isShort = figures.count <= 2 && figures[0] != 0
                words.append(isShort ? language.cardinal(Int(run) ?? 0, .alone) : language.spelled(figures))
            } else if first.isLetter {
                words.append(run.count <= 2 || isSpelled(run) ? letters(run) : String(run))
            }
        }
        return words.joined(separator: " ")
    }
}
