extension SpokenReader {
    /// `Dr.`, `z. B.`, `No. 5`, `Hauptstr.`
    func abbreviation(at index: Int) -> Reading? {
        let token = tokens[index]
        let stopped = stopped(token)
        guard stopped.utf8.count <= 16 || token.hasStop else { return nil }
        if let next = self.token(index + 1),
            let said = vocabulary.phraseAbbreviations[stopped + " " + self.stopped(next)]
        {
            let end = replaceWithStop(index + 1, "").range.upperBound
            return Reading([SpokenReplacement(range: token.core.lowerBound..<end, text: said)], count: 2)
        }
        if let said = vocabulary.figureAbbreviations[stopped], let next = self.token(index + 1),
            next.text.first?.isNumber == true
        {
            return Reading([replaceWithStop(index, said)])
        }
        if let said = vocabulary.nameAbbreviations[stopped] {
            let isName = self.token(index + 1)?.text.first?.isUppercase == true
            return Reading([replaceWithStop(index, isName ? said.beforeName : said.otherwise)])
        }
        if let said = vocabulary.abbreviations[stopped] { return Reading([replaceWithStop(index, said)]) }
        if token.hasStop, let said = vocabulary.abbreviations[token.text.lowercased()] {
            return Reading([replace(index, said)])
        }
        // "Hauptstr. 5"
        if language is GermanSpeech, token.hasStop, token.text.count > 3, token.text.lowercased().hasSuffix("str") {
            return Reading([
                replaceWithStop(index, token.text.dropLast(3) + (token.text.hasSuffix("-Str") ? "Straße" : "straße"))
            ])
        }
        return nil
    }

    private func stopped(_ token: SpokenToken) -> String { token.text.lowercased() + (token.hasStop ? "." : "") }

    /// A sign between words: `&`, `+`; and inside one: `R&D`
    func sign(at index: Int) -> Reading? {
        let token = tokens[index]
        if let said = vocabulary.signs[token.text] { return Reading([replace(index, said)]) }
        guard let place = token.text.firstIndex(of: "&"), let said = vocabulary.signs["&"], token.text.count <= 24
        else {
            return nil
        }
        let lower = token.core.lowerBound + token.text[..<place].utf8.count
        return Reading([SpokenReplacement(range: lower..<lower + 1, text: " " + said + " ")])
    }
}
