extension SpokenReader {
    /// Longer addresses are read so far: nobody writes down more.
    private static let maximumCharacters = 120

    private static let domains: Set<Substring> = [
        "com", "org", "net", "edu", "gov", "info", "biz", "eu", "io", "co", "app", "dev", "vet", "us", "uk", "ca", "au",
        "ie",
        "de", "at", "ch", "fr", "be", "lu", "es", "mx", "ar", "cl", "pe",
    ]

    /// `anna.lee@vets.example`, `https://www.vets.com/book`, `vets.co.uk`
    func address(at index: Int) -> Reading? {
        let token = tokens[index]
        let lower = token.text.lowercased()
        var rest = token.text[...]
        if let scheme = ["https://", "http://", "mailto:"].first(where: { lower.hasPrefix($0) }) {
            rest = rest.dropFirst(scheme.count)
        } else if !isMail(lower), !lower.hasPrefix("www."), !isDomain(lower) {
            return nil
        }
        while rest.hasSuffix("/") { rest = rest.dropLast() }
        guard !rest.isEmpty else { return nil }
        return Reading([replace(index, spelled(rest.prefix(Self.maximumCharacters)))])
    }

    private func isMail(_ text: String) -> Bool {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        return parts.count == 2 && !parts[0].isEmpty && parts[1].contains(".") && !parts[1].hasPrefix(".")
    }

    private func isDomain(_ text: String) -> Bool {
        let host = text.prefix { $0 != "/" }
        let labels = host.split(separator: ".", omittingEmptySubsequences: false)
        guard labels.count >= 2, let top = labels.last, Self.domains.contains(top) else { return false }
        return labels.allSatisfy { label in
            !label.isEmpty && label.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) || $0 == "-" }
        } && labels.dropLast().contains { $0.contains { $0.isLetter } && $0.count > 1 }
    }

    private func spelled(_ text: Substring) -> String {
        var words: [String] = []
        var word = ""
        for character in text {
            if character.isLetter || character == "'" {
                word.append(character)
                continue
            }
            if !word.isEmpty { words.append(word) }
            word = ""
            if let sign = self.sign(character) { words.append(sign) }
        }
        if !word.isEmpty { words.append(word) }
        return words.map { $0.lowercased() == "www" ? "W W W" : $0 }.joined(separator: " ")
    }

    private func sign(_ character: Character) -> String? {
        if character.isASCII, let figure = character.wholeNumberValue { return vocabulary.digits[figure] }
        let names = vocabulary.address
        return switch character {
        case "@": names.at
        case ".": names.dot
        case "-": names.dash
        case "_": names.underscore
        case "/": names.slash
        case "+": names.plus
        case ":": names.colon
        case "&": vocabulary.signs["&"]
        case "=": vocabulary.signs["="]
        default: nil
        }
    }
}
