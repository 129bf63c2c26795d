/// Language tags as profiles write them.
enum LanguageTag {
    /// The tag with its usual capitals (`pt-BR`, `zh-Hant-TW`); nil when it is not well formed.
    ///
    /// - Source: RFC 5646 section 2.1, without extended languages, extensions and private use; capitals as in 2.1.1.
    static func canonical(_ text: String) -> String? {
        var parts = text.split(separator: "-", omittingEmptySubsequences: false).map(String.init)[...]
        guard parts.count <= 8, let language = parts.popFirst(), (2...3).contains(language.count),
            language.allSatisfy(isLetter)
        else { return nil }
        var tag = [language.lowercased()]
        if let script = parts.first, script.count == 4, script.allSatisfy(isLetter) {
            tag.append(script.prefix(1).uppercased() + script.dropFirst().lowercased())
            parts.removeFirst()
        }
        if let region = parts.first,
            region.count == 2 && region.allSatisfy(isLetter) || region.count == 3 && region.allSatisfy(isDigit)
        {
            tag.append(region.uppercased())
            parts.removeFirst()
        }
        for variant in parts {
            let isLong = (5...8).contains(variant.count) || variant.count == 4 && variant.first.map(isDigit) == true
            guard isLong, variant.allSatisfy({ isLetter($0) || isDigit($0) }) else { return nil }
            tag.append(variant.lowercased())
        }
        return tag.joined(separator: "-")
    }

    private static func isLetter(_ character: Character) -> Bool { character.isASCII && character.isLetter }
    private static func isDigit(_ character: Character) -> Bool { character.isASCII && character.isNumber }
}
