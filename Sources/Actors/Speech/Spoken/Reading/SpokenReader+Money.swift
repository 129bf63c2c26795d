extension SpokenReader {
    /// `$25`, `4,50 €`, `CHF 10`, `$2.5 million`, `$5-10`
    func money(at index: Int) -> Reading? {
        let token = tokens[index]
        if let currency = vocabulary.currencies[token.text], let amount = next(index) {
            guard let numeral = SpokenNumeral(amount.text, vocabulary) else { return nil }
            return amountReading(numeral, currency, from: index, to: index + 1)
        }
        guard token.text.contains(where: { $0.isNumber }), token.text.utf8.count <= 40 else { return nil }
        if let (currency, rest) = attached(token.text) {
            if let numeral = SpokenNumeral(rest, vocabulary) {
                return amountReading(numeral, currency, from: index, to: index)
            }
            let letters = String(rest.reversed().prefix { $0.isLetter }.reversed())
            if let magnitude = vocabulary.magnitudes[letters.lowercased()], !letters.isEmpty,
                let numeral = SpokenNumeral(rest.dropLast(letters.count), vocabulary)
            {
                return Reading([replace(index, large(numeral, magnitude, currency))])
            }
            return amountRange(rest, currency).map { Reading([replace(index, $0)]) }
        }
        guard let name = next(index), let currency = vocabulary.currencies[name.text] else { return nil }
        if let numeral = SpokenNumeral(token.text, vocabulary) {
            return amountReading(numeral, currency, from: index, to: index + 1)
        }
        guard let said = amountRange(token.text, currency) else { return nil }
        return Reading([replace(from: index, to: index + 1, said)], count: 2)
    }

    private func attached(_ text: String) -> (SpokenCurrency, String)? {
        var sign = ""
        var rest = text[...]
        if let first = rest.first, "-\u{2212}".contains(first) {
            sign = "-"
            rest = rest.dropFirst()
        }
        guard rest.first?.isNumber == false || rest.last?.isNumber == false else { return nil }
        // "US$" before "$".
        for key in vocabulary.currencies.keys.sorted(by: { $0.count > $1.count }) {
            if rest.hasPrefix(key) { return vocabulary.currencies[key].map { ($0, sign + rest.dropFirst(key.count)) } }
            if rest.hasSuffix(key) { return vocabulary.currencies[key].map { ($0, sign + rest.dropLast(key.count)) } }
        }
        return nil
    }

    private func amountReading(
        _ numeral: SpokenNumeral,
        _ currency: SpokenCurrency,
        from first: Int,
        to last: Int
    ) -> Reading {
        if let next = next(last), let magnitude = vocabulary.magnitudes[next.text.lowercased()], next.text.count > 2 {
            let said = large(numeral, magnitude, currency)
            return Reading([replace(from: first, to: last + 1, said)], count: last - first + 2)
        }
        return Reading([replace(from: first, to: last, amount(numeral, currency))], count: last - first + 1)
    }

    private func large(_ numeral: SpokenNumeral, _ magnitude: String, _ currency: SpokenCurrency) -> String {
        let of =
            language is EnglishSpeech || language is GermanSpeech
            ? " " : magnitude.hasPrefix("mil") && magnitude.count > 5 ? " de " : " "
        return words(numeral, .masculine) + " " + magnitude + of + currency.major.many
    }

    private func amount(_ numeral: SpokenNumeral, _ currency: SpokenCurrency) -> String {
        let sign = numeral.isNegative ? vocabulary.minus + " " : ""
        if let value = numeral.value, numeral.fraction == nil || numeral.fraction?.count == 2 {
            let minor = numeral.fraction.map { $0[0] * 10 + $0[1] } ?? 0
            return sign + language.amount(value, minor, currency)
        }
        return words(numeral, .masculine) + " " + currency.major.many
    }

    private func amountRange(_ text: String, _ currency: SpokenCurrency) -> String? {
        let plain = text.filter { character in vocabulary.currencies[String(character)] == nil }
        guard let (low, high) = range(plain) else { return nil }
        return words(low, .alone) + " " + vocabulary.to + " " + amount(high, currency)
    }
}
