/// E-mail addresses, written (`anna@example.com`) or said ("anna dot meier at example dot com").
enum MailAddress {
    /// The tokens of the addresses in a text.
    /// - Parameter isPartial: more words may come: a beginning counts too.
    static func all(in text: TextTokens, isPartial: Bool) -> [Range<Int>] {
        var found: [Range<Int>] = []
        for index in 0..<text.count {
            let domain: Int
            if index > 0, isGlued(text[index].gap, "@") {
                domain = index
            } else if atWords.contains(text[index].folded), index > 0, index + 1 < text.count, !text[index].isNumber {
                domain = index + 1
            } else {
                continue
            }
            guard let end = endOfDomain(from: domain, in: text, isPartial: isPartial && domain == index) else {
                continue
            }
            let isWritten = domain == index
            guard let start = startOfName(before: isWritten ? index : index - 1, in: text, isWritten: isWritten) else {
                continue
            }
            if let last = found.last, last.upperBound > start {
                found[found.count - 1] = last.lowerBound..<end
            } else {
                found.append(start..<end)
            }
        }
        return found
    }

    private static func isGlued(_ gap: Substring, _ mark: Character) -> Bool { gap.contains(mark) && gap.count <= 3 }

    private static func isSpace(_ gap: Substring) -> Bool { !gap.isEmpty && gap.allSatisfy(\.isWhitespace) }

    /// Labels with dots between them, the last of them one that ends addresses.
    private static func endOfDomain(from start: Int, in text: TextTokens, isPartial: Bool) -> Int? {
        var index = start
        var end: Int?
        while index < text.count, index - start < 12 {
            var next = index + 1
            // A name may be heard as two words, and digits stand beside letters.
            if next < text.count, isSpace(text[next].gap) || text[next].gap.isEmpty || text[next].gap == "-",
                !dotWords.contains(text[next].folded), next + 1 < text.count,
                text[next].gap.isEmpty || text[next].gap == "-" || isDot(next + 1, in: text) != nil
            {
                next += 1
            }
            guard next < text.count, let label = isDot(next, in: text) else { break }
            guard label < text.count, !text[label].isNumber else { break }
            if topLabels.contains(text[label].folded) || text[start].gap.contains("@") && text[label].folded.count >= 2
            {
                end = label + 1
            }
            index = label
        }
        return end ?? (isPartial && start < text.count ? min(index + 1, text.count) : nil)
    }

    /// The token behind a dot that stands or is said at `index`.
    private static func isDot(_ index: Int, in text: TextTokens) -> Int? {
        if text[index].gap == "." { return index }
        return dotWords.contains(text[index].folded) ? index + 1 : nil
    }

    /// Backwards from the last word of the name.
    private static func startOfName(before end: Int, in text: TextTokens, isWritten: Bool) -> Int? {
        var start = isWritten ? end - 1 : end
        guard start >= 0 else { return nil }
        if !isWritten, stopWords.contains(text[start].folded) { return nil }
        while start > 0, end - start < 24 {
            let (token, before) = (text[start], text[start - 1])
            if token.gap.isEmpty || token.gap.count == 1 && ".-_+%".contains(token.gap) {
                start -= 1
            } else if isSpace(token.gap), joinWords.contains(before.folded), start > 1 {
                start -= 2
            } else if isSpace(token.gap), isSpelled(token), isSpelled(before) || token.isNumber,
                !stopWords.contains(before.folded)
            {
                start -= 1
            } else {
                break
            }
        }
        return start
    }

    private static func isSpelled(_ token: TextTokens.Token) -> Bool { token.isNumber || token.folded.count == 1 }

    private static let atWords: Set<String> = ["at", "arobase", "arobas", "arroba", "klammeraffe"]
    private static let dotWords: Set<String> = ["dot", "point", "punkt", "punto"]
    private static let joinWords: Set<String> = [
        "dot", "point", "punkt", "punto", "underscore", "dash", "hyphen", "tiret", "minus", "bindestrich",
        "unterstrich",
        "guion", "plus",
    ]
    /// "our page is at example dot com".
    private static let stopWords: Set<String> = [
        "is", "us", "are", "me", "it", "look", "visit", "online", "website", "site", "page", "find", "shop", "order",
        "here", "there", "and", "or", "to", "the", "a", "at",
    ]
    private static let topLabels: Set<String> = [
        "com", "net", "org", "info", "biz", "io", "co", "eu", "uk", "us", "ca", "au", "nz", "ie", "de", "at", "ch",
        "fr",
        "be", "lu", "nl", "es", "mx", "ar", "cl", "pt", "br", "it", "pl", "se", "no", "dk", "fi", "edu", "gov", "vet",
        "app", "dev", "email", "me", "cat",
    ]
}
