extension SpokenReader {
    private struct Clock {
        var hour: Int
        var minute: Int
        /// "A M", "P M"; empty when it is not written.
        var half = ""
    }

    /// `9:30`, `9:30 pm`, `9.30 Uhr`, `9h30`, `9:00-17:00`
    func time(at index: Int) -> Reading? {
        let token = tokens[index]
        guard token.text.first?.isNumber == true, token.text.utf8.count <= 24 else { return nil }
        let isGerman = language is GermanSpeech
        let hour = next(index)?.text
        let hasHourWord = isGerman && hour == "Uhr" || !isGerman && hour == "h" && token.text.contains(":")
        let sides = token.text.split { $0 == "-" || $0 == "\u{2013}" }
        let clocks = sides.compactMap { clock(String($0), hasHourWord: hasHourWord) }
        guard clocks.count == sides.count, 1...2 ~= clocks.count else { return spacedHour(at: index) }
        if sides.count == 1, clocks[0].half.isEmpty, let half = half(behind: index) {
            let said = words(clocks[0], isTwelveHour: true)
            return Reading([replace(index, said), replaceWithStop(index + 1, half)], count: 2)
        }
        let said = clocks.map { words($0, isTwelveHour: !$0.half.isEmpty) }.joined(separator: " " + vocabulary.to + " ")
        guard hasHourWord else { return Reading([replace(index, said)]) }
        return Reading([replace(from: index, to: index + 1, said + (isGerman ? "" : " horas"))], count: 2)
    }

    private func words(_ clock: Clock, isTwelveHour: Bool) -> String {
        language.time(hour: clock.hour, minute: clock.minute, isTwelveHour: isTwelveHour)
            + (clock.half.isEmpty ? "" : " " + clock.half)
    }

    /// `9 am`, `9 a.m.`, `9 h 30`
    private func spacedHour(at index: Int) -> Reading? {
        let token = tokens[index]
        guard token.isFigures, token.text.count <= 2, let hour = Int(token.text), hour <= 24 else { return nil }
        if let half = half(behind: index), 1...12 ~= hour {
            let said = language.time(hour: hour, minute: 0, isTwelveHour: true)
            return Reading([replace(index, said), replaceWithStop(index + 1, half)], count: 2)
        }
        guard language is FrenchSpeech, next(index)?.text == "h", let minutes = next(index + 1), minutes.isFigures,
            minutes.text.count == 2, let minute = Int(minutes.text), minute < 60
        else { return nil }
        let said = language.time(hour: hour, minute: minute, isTwelveHour: false)
        return Reading([replace(from: index, to: index + 2, said)], count: 3)
    }

    private static let halves = ["am": "A M", "a.m": "A M", "pm": "P M", "p.m": "P M"]

    private func half(behind index: Int) -> String? {
        guard language is EnglishSpeech, let next = next(index) else { return nil }
        return Self.halves[next.text.lowercased()]
    }

    private func clock(_ text: String, hasHourWord: Bool) -> Clock? {
        var figures = text.lowercased()
        var half = ""
        if language is EnglishSpeech, let ending = Self.halves.keys.first(where: { figures.hasSuffix($0) }) {
            half = Self.halves[ending] ?? ""
            figures.removeLast(ending.count)
        }
        if language is SpanishSpeech, figures.hasSuffix("h"), figures.contains(":") { figures.removeLast() }
        var separators: Set<Character> = [":"]
        if language is FrenchSpeech { separators.insert("h") }
        if hasHourWord { separators.insert(".") }
        let parts = figures.split(omittingEmptySubsequences: false) { separators.contains($0) }
        guard let first = parts.first, 1...2 ~= first.count, let hour = SpokenNumeral.figures(first) else { return nil }
        let hours = hour.reduce(0) { $0 * 10 + $1 }
        let isHourOnly = parts.count == 1 ? !half.isEmpty || hasHourWord : parts[1].isEmpty && language is FrenchSpeech
        if isHourOnly, hours <= 24 { return Clock(hour: hours, minute: 0, half: half) }
        guard 2...3 ~= parts.count, parts.dropFirst().allSatisfy({ $0.count == 2 }), hours <= 24,
            let minute = SpokenNumeral.figures(parts[1]), minute[0] < 6,
            parts.count == 2 || SpokenNumeral.figures(parts[2]) != nil
        else { return nil }
        return Clock(hour: hours, minute: minute[0] * 10 + minute[1], half: half)
    }
}
