/// What a caller said, as the model wrote it down: shortened, on one line, without anything a terminal or a parser acts on.
package enum SpokenText {
    /// - Returns: nil when nothing is left of it.
    package static func line(_ text: String?, upTo limit: Int) -> String? {
        guard let text else { return nil }
        let plain = String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { scalar in
                    switch scalar.properties.generalCategory {
                    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse: " "
                    default: scalar
                    }
                }
            )
        )
        let words = plain.split(separator: " ").joined(separator: " ")
        return words.isEmpty ? nil : String(words.prefix(limit))
    }

    /// E.164 from a number that is written with spaces, hyphens, dots or brackets.
    ///
    /// - Returns: nil for what is no such number: a national one is not guessed at.
    static func phone(_ text: String?) -> String? {
        guard let text, text.utf8.count <= 40 else { return nil }
        let bare = text.filter { !" -.()/".contains($0) }
        return PhoneNumberText.isE164(bare) ? bare : nil
    }
}
