extension SpokenReader {
    /// Numbers with a unit or a percent sign, joined or parted: `5 km`, `20°C`, `3.5%`, `5-10 kg`
    func measure(at index: Int) -> Reading? {
        let text = tokens[index].text
        guard let first = text.first, first.isNumber || "+-\u{2212}~".contains(first), text.utf8.count <= 40 else {
            return nil
        }
        if let reading = joined(at: index) { return reading }
        guard let unit = next(index), let number = quantity(text) else { return nil }
        if unit.text == "%" {
            return Reading([replace(index, number.words(.alone)), replace(index + 1, vocabulary.percent)], count: 2)
        }
        guard let noun = vocabulary.units[unit.text] else { return nil }
        return Reading(
            [
                replace(index, number.words(noun.isFeminine ? .feminine : .masculine)),
                replaceWithStop(index + 1, number.noun(noun)),
            ],
            count: 2
        )
    }

    private func joined(at index: Int) -> Reading? {
        let text = tokens[index].text
        if text.hasSuffix("%"), let number = quantity(String(text.dropLast())) {
            return Reading([replace(index, number.words(.alone) + " " + vocabulary.percent)])
        }
        let figures = text.lastIndex { $0.isNumber }.map { text.index(after: $0) } ?? text.startIndex
        guard let noun = vocabulary.units[String(text[figures...])], let number = quantity(String(text[..<figures]))
        else { return nil }
        let said = number.words(noun.isFeminine ? .feminine : .masculine) + " " + number.noun(noun)
        return Reading([replaceWithStop(index, said)])
    }

    private struct Quantity {
        var words: (NumberForm) -> String
        var noun: (SpokenNoun) -> String
    }

    private func quantity(_ text: String) -> Quantity? {
        if text.hasPrefix("~") {
            guard let numeral = SpokenNumeral(text.dropFirst(), vocabulary) else { return nil }
            return Quantity(
                words: { vocabulary.about + " " + words(numeral, $0) },
                noun: { noun(numeral, $0) }
            )
        }
        if let (low, high) = range(text) {
            return Quantity(
                words: { words(low, .alone) + " " + vocabulary.to + " " + words(high, $0) },
                noun: { noun(high, $0) }
            )
        }
        guard let numeral = SpokenNumeral(text, vocabulary) else { return nil }
        return Quantity(words: { words(numeral, $0) }, noun: { noun(numeral, $0) })
    }
}
