extension SpokenReader {
    /// Cardinals, ordinals, decimals, ranges, years, long runs of figures.
    func number(at index: Int) -> Reading? {
        let token = tokens[index]
        let text = token.text
        if let fraction = vocabulary.fractions[text] { return Reading([replace(index, fraction)]) }
        guard text.contains(where: { $0.isNumber }), text.utf8.count <= 64 else { return nil }
        if let ordinal = language.ordinal(writtenAs: text) { return Reading([replace(index, ordinal)]) }
        if isDialled(index) { return Reading([replace(index, language.spelled(SpokenNumeral.figures(text) ?? []))]) }
        if let dotted = dottedOrdinal(at: index) { return dotted }
        if let spaced = spacedNumber(at: index) { return spaced }
        if let first = text.first, "#~\u{2248}".contains(first),
            let numeral = SpokenNumeral(text.dropFirst(), vocabulary)
        {
            let word = first == "#" ? vocabulary.numberSign : vocabulary.about
            return Reading([replace(index, word + " " + words(numeral, .alone))])
        }
        if let (low, high) = range(text) {
            let said = [year(low) ?? words(low, .alone), vocabulary.to, year(high) ?? words(high, .alone)]
            return Reading([replace(index, said.joined(separator: " "))])
        }
        if let numeral = SpokenNumeral(text, vocabulary) { return Reading([replace(index, plain(numeral, at: index))]) }
        return parted(text).map { Reading([replace(index, $0)]) }
    }

    private static let emergencyNumbers: Set<String> = ["911", "999", "112", "110", "000"]
    /// What stands before a number that is dialled, and before an emergency number.
    private static let dialling: Set<String> = [
        "call", "dial", "calling", "dialing", "appelez", "composez", "wählen", "anrufen", "notruf", "llame", "marque",
    ]
    private static let articles: Set<String> = ["die", "der", "le", "al", "el", "sie"]

    /// `dial 911`: short numbers are dialled figure by figure.
    private func isDialled(_ index: Int) -> Bool {
        let token = tokens[index]
        guard token.isFigures, 3...6 ~= token.text.utf8.count else { return false }
        let previous = previousWord(index)
        if Self.dialling.contains(previous) { return true }
        return Self.emergencyNumbers.contains(token.text) && Self.articles.contains(previous)
    }

    private func plain(_ numeral: SpokenNumeral, at index: Int) -> String {
        let isYear = vocabulary.yearWords.contains(previousWord(index)) || isMonth(index - 1)
        if isYear, let year = year(numeral) { return year }
        if numeral.integer.count >= 7, !numeral.isGrouped, numeral.fraction == nil, !numeral.isNegative {
            return grouped(numeral.integer).map { language.spelled($0) }.joined(separator: ", ")
        }
        return words(numeral, countsNext(index) ? .masculine : .alone)
    }

    private func year(_ numeral: SpokenNumeral) -> String? {
        guard numeral.integer.count == 4, !numeral.isGrouped, numeral.fraction == nil, !numeral.isNegative,
            let value = numeral.value, 1100...2099 ~= value
        else { return nil }
        return language.year(value)
    }

    private static let noNouns: Set<String> = ["y", "o", "u", "e", "a", "de", "por", "y/o", "con", "en", "und", "oder"]

    /// A noun follows: "un perro", "ein Hund".
    private func countsNext(_ index: Int) -> Bool {
        guard let next = next(index), next.startsWithLetter, !Self.noNouns.contains(next.text.lowercased()) else {
            return false
        }
        return !(language is GermanSpeech) || next.text.first?.isUppercase == true
    }

    private static let ordinalNouns: Set<String> = [
        "stock", "etage", "klasse", "mal", "obergeschoss", "quartal", "woche", "tag", "platz", "termin", "lebensjahr",
        "monat",
        "jahrhundert", "kapitel", "impfung",
    ]

    /// `3. Stock`
    private func dottedOrdinal(at index: Int) -> Reading? {
        let token = tokens[index]
        guard language is GermanSpeech, token.isFigures, token.text.count <= 2, token.closing == ".",
            let number = Int(token.text), number > 0, let next = self.token(index + 1), let first = next.text.first,
            first.isLowercase || Self.ordinalNouns.contains(next.text.lowercased())
        else { return nil }
        return Reading([replaceWithStop(index, language.ordinal(number, after: previousWord(index)))])
    }

    /// `1 234 567,50`
    private func spacedNumber(at index: Int) -> Reading? {
        guard vocabulary.groupsBySpaces, tokens[index].isFigures, tokens[index].text.count <= 3,
            tokens[index].text.first != "0"
        else { return nil }
        var last = index
        var text = tokens[index].text
        while last - index < 5, let next = next(last) {
            let figures = next.text.prefix { $0.isASCII && $0.isNumber }
            let rest = next.text.dropFirst(figures.count)
            guard figures.count == 3, rest.isEmpty || rest.first == vocabulary.decimalSign else { break }
            text += next.text
            last += 1
            if !rest.isEmpty { break }
        }
        guard last > index, let numeral = SpokenNumeral(text, vocabulary) else { return nil }
        return Reading([replace(from: index, to: last, words(numeral, .alone))], count: last - index + 1)
    }

    /// `1.2.3`, `192.168.0.1`
    private func parted(_ text: String) -> String? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count >= 3 else { return nil }
        let numerals = parts.compactMap { SpokenNumeral($0, vocabulary) }
        guard numerals.count == parts.count else { return nil }
        return numerals.map { words($0, .alone) }.joined(separator: " " + vocabulary.address.dot + " ")
    }
}
