/// Takes personal data out of a text: a value, without state, clock or vendor.
///
/// What is taken out is replaced by its kind (`[card]`); everything else stays as it was, to the letter. It judges one text
/// at a time: a number that is dictated over two turns is two texts.
public struct Redactor: Sendable {
    private let kinds: Set<PersonalKind>
    private let words: NumberWords
    private let names: [[String]]

    /// - Parameters:
    ///   - languages: BCP 47; whose number words are known: en, fr, de, es. None of them: all of them.
    ///   - names: from the caller's record, `Anna Meier`. The whole name and each part of three letters or more.
    public init(kinds: Set<PersonalKind>, languages: [String] = [], names: [String] = []) {
        self.kinds = kinds
        words = NumberWords(languages: languages)
        var known: [[String]] = []
        for name in names where kinds.contains(.name) {
            let parts = TextTokens(String(name.prefix(200))).tokens.map(\.folded)
            guard !parts.isEmpty else { continue }
            known.append(parts)
            known += parts.filter { $0.count >= 3 && !Self.commonWords.contains($0) }.map { [$0] }
        }
        self.names = known.sorted { $0.count > $1.count }
    }

    /// The text without the personal data that is looked for.
    public func redact(_ text: String) -> String { redact(text, isPartial: false) }

    /// For a transcript that is still growing: what may yet become personal data at its end is taken out already.
    public func redactPartial(_ text: String) -> String { redact(text, isPartial: true) }

    private func redact(_ text: String, isPartial: Bool) -> String {
        guard !kinds.isEmpty, !text.isEmpty else { return text }
        let tokens = TextTokens(text)
        guard tokens.count > 0 else { return text }
        var marks = Marks(count: tokens.count)
        if kinds.contains(.email) {
            for address in MailAddress.all(in: tokens, isPartial: isPartial) { marks.set(address, .email) }
        }
        if kinds.contains(.iban) {
            for account in AccountNumber.all(in: tokens, words: words) { marks.set(account, .iban) }
        }
        let runs = DigitRun.all(in: tokens, words: words)
        if kinds.contains(.birthDate) {
            for date in BirthDate.all(in: tokens, runs: runs) { marks.set(date, .birthDate) }
        }
        for run in runs { mark(run, in: tokens, &marks) }
        if isPartial, let run = runs.last, run.tokens.upperBound == tokens.count { markGrowing(run, &marks) }
        for name in names { mark(name, in: tokens, &marks) }
        return marks.applied(to: tokens)
    }

    private func mark(_ run: DigitRun, in text: TextTokens, _ marks: inout Marks) {
        if kinds.contains(.card), let found = CardNumber.groups(in: run) {
            marks.set(run.part(found).tokens, .card)
            return
        }
        if kinds.contains(.phone) {
            var place = 0
            while let found = PhoneNumber.groups(in: run, from: place, text: text) {
                marks.set(run.part(found).tokens, .phone)
                place = found.upperBound
            }
        }
        if kinds.contains(.number), run.count >= 12, !run.isOrdinary,
            !run.groups.contains(where: { $0.gap.contains(",") })
        {
            marks.set(run.tokens, .number)
        }
    }

    /// Five digits at the end may be the beginning of anything.
    private func markGrowing(_ run: DigitRun, _ marks: inout Marks) {
        let grows: Set<PersonalKind> = [.card, .phone, .iban, .number]
        if !kinds.isDisjoint(with: grows), run.count >= 5 { marks.set(run.tokens, .number) }
    }

    private func mark(_ name: [String], in text: TextTokens, _ marks: inout Marks) {
        guard text.count >= name.count else { return }
        for start in 0...(text.count - name.count)
        where name.indices.allSatisfy({ text[start + $0].folded == name[$0] }) {
            marks.set(start..<start + name.count, .name)
        }
    }

    /// Names that are also everyday words count only within a whole name.
    private static let commonWords: Set<String> = [
        "will", "may", "mark", "rose", "grace", "hope", "bill", "april", "june", "august", "art", "frank", "dawn",
        "faith",
        "joy", "rich", "page", "day", "young", "long", "good", "best", "white", "black", "brown", "green", "gray",
        "king",
        "price", "may", "and", "von", "van", "der", "den", "del", "las", "los", "klein", "gross", "lang", "jung",
        "petit",
        "grand", "blanc", "bueno", "the", "drew", "jack", "pat", "sue", "rob", "miles", "chase", "cook", "baker",
        "wood",
    ]
}

/// Which tokens are taken out; the first kind that claims a token has it.
private struct Marks {
    private var kinds: [PersonalKind?]
    private var spans: [Range<Int>] = []

    init(count: Int) { kinds = Array(repeating: nil, count: count) }

    mutating func set(_ range: Range<Int>, _ kind: PersonalKind) {
        for index in range where kinds[index] == nil { kinds[index] = kind }
        spans.append(range)
    }

    func applied(to text: TextTokens) -> String {
        guard !spans.isEmpty else { return text.text }
        let inside = joints
        var result = ""
        var place = text.text.startIndex
        var index = 0
        while index < kinds.count {
            guard let kind = kinds[index] else {
                index += 1
                continue
            }
            var end = index + 1
            while end < kinds.count, kinds[end] == kind, inside[end] { end += 1 }
            var start = text[index].range.lowerBound
            // `+1 (202) 555` begins with its plus and its bracket.
            while kind == .phone, start > place, "+(".contains(text.text[text.text.index(before: start)]) {
                start = text.text.index(before: start)
            }
            result += text.text[place..<start] + kind.mark
            place = text[end - 1].range.upperBound
            index = end
        }
        return result + text.text[place...]
    }

    /// Whether a token and the one before it are taken out together.
    private var joints: [Bool] {
        var joints = Array(repeating: false, count: kinds.count)
        for span in spans {
            for index in span.dropFirst() { joints[index] = true }
        }
        return joints
    }
}
