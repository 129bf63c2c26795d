extension SpokenReader {
    /// `2025-03-03`, `3.3.2025`, `03/03/2025`, `March 3rd, 2025`, `3. März`
    func date(at index: Int) -> Reading? { figures(at: index) ?? monthFirst(at: index) ?? dayFirst(at: index) }

    func isMonth(_ index: Int) -> Bool { token(index).flatMap { month($0) } != nil }

    /// English and German write months with a capital: "may" is a verb.
    private func month(_ token: SpokenToken) -> Int? {
        guard let month = vocabulary.monthNames[token.text.lowercased()] else { return nil }
        let needsCapital = language is EnglishSpeech || language is GermanSpeech
        return needsCapital && token.text.first?.isUppercase != true ? nil : month
    }

    private func figures(at index: Int) -> Reading? {
        let token = tokens[index]
        guard 3...10 ~= token.text.utf8.count, let separator = token.text.first(where: { !$0.isNumber }),
            "-./".contains(separator)
        else { return nil }
        let parts = token.text.split(separator: separator, omittingEmptySubsequences: false)
        let numbers = parts.compactMap { part in part.count <= 4 ? Int(part) : nil }
        guard numbers.count == parts.count, parts.allSatisfy({ $0.allSatisfy { $0.isASCII && $0.isNumber } }) else {
            return nil
        }
        if numbers.count == 2 {
            // "am 3.4."
            guard language is GermanSpeech, separator == ".", token.hasStop else { return nil }
            return said(day: numbers[0], month: numbers[1], year: nil, at: index, takesStop: true)
        }
        guard numbers.count == 3 else { return nil }
        if separator == "-", parts[0].count == 4 {
            return said(day: numbers[2], month: numbers[1], year: numbers[0], at: index)
        }
        guard parts[2].count == 4 || parts[2].count == 2 && separator != "-" else { return nil }
        let year = parts[2].count == 4 ? numbers[2] : 2000 + numbers[2]
        let isMonthFirst = separator == "/" && (language as? EnglishSpeech)?.isAmerican == true
        return said(
            day: numbers[isMonthFirst ? 1 : 0],
            month: numbers[isMonthFirst ? 0 : 1],
            year: year,
            at: index
        )
    }

    private func said(day: Int, month: Int, year: Int?, at index: Int, takesStop: Bool = false) -> Reading? {
        guard 1...31 ~= day, 1...12 ~= month, year.map({ 1900...2099 ~= $0 }) ?? true else { return nil }
        let text = language.date(day: day, month: month, year: year, after: previousWord(index))
        return Reading([takesStop ? replaceWithStop(index, text) : replace(index, text)])
    }

    /// English: `March 3`, `Mar. 3rd, 2025`
    private func monthFirst(at index: Int) -> Reading? {
        guard language is EnglishSpeech, let month = month(tokens[index]), [".", ""].contains(tokens[index].closing),
            let day = token(index + 1), let number = day.isFigures ? Int(day.text) : ordinalDay(day.text),
            1...31 ~= number, day.text.utf8.count <= 4
        else { return nil }
        var replacements = [replace(index + 1, language.ordinal(number, after: ""))]
        if tokens[index].text.count <= 4, tokens[index].text != vocabulary.months[month - 1] {
            replacements.insert(replaceWithStop(index, vocabulary.months[month - 1]), at: 0)
        }
        guard let year = year(at: index + 2), ["", ","].contains(day.closing) else {
            return Reading(replacements, count: 2)
        }
        return Reading(replacements + [replace(index + 2, year)], count: 3)
    }

    private func ordinalDay(_ text: String) -> Int? {
        language.ordinal(writtenAs: text) == nil ? nil : Int(text.prefix { $0.isNumber })
    }

    /// `3 March 2025`, `3. März 2025`, `1 mars 2025`
    private func dayFirst(at index: Int) -> Reading? {
        let day = tokens[index]
        let closing = language is GermanSpeech ? "." : ""
        guard !(language is SpanishSpeech), day.isFigures, day.text.utf8.count <= 2, day.closing == closing,
            let number = Int(day.text), 1...31 ~= number, let name = token(index + 1), let month = month(name)
        else { return nil }
        var replacements: [SpokenReplacement] = []
        let previous = previousWord(index)
        switch language {
        case is EnglishSpeech:
            replacements.append(replace(index, language.ordinal(number, after: "") + " of"))
        case is GermanSpeech:
            replacements.append(replaceWithStop(index, language.ordinal(number, after: previous)))
        default:
            replacements.append(replace(index, number == 1 ? "premier" : language.cardinal(number, .alone)))
        }
        if name.text.lowercased() != vocabulary.months[month - 1].lowercased() {
            replacements.append(replaceWithStop(index + 1, vocabulary.months[month - 1]))
        }
        guard let year = year(at: index + 2), ["", ",", "."].contains(name.closing) else {
            return Reading(replacements, count: 2)
        }
        return Reading(replacements + [replace(index + 2, year)], count: 3)
    }

    private func year(at index: Int) -> String? {
        guard let token = token(index), token.isFigures, token.text.count == 4, let year = Int(token.text),
            1100...2099 ~= year
        else { return nil }
        return language.year(year)
    }
}
