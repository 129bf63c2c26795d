/// Cuts streamed text into speakable pieces: whole sentences, the first words early, so that synthesis starts on them and
/// not after the last.
///
/// Markup is taken out on the way (`MarkupStripper`). Pieces joined with spaces are the text, every word of it. They depend
/// on the text only, never on how it was chunked. Each scalar costs the same, and at most `Limits.hard` are kept.
public struct PieceSplitter: Sendable {
    /// How long pieces become, in Unicode scalars.
    public struct Limits: Sendable, Equatable {
        /// Until so many were handed on, pieces are cut early: enough sound to make the next piece behind it.
        public var early = 30
        /// An early piece is cut at a comma that comes after so many.
        public var earlyClause = 20
        /// An early piece that has no comma by then is cut between two words: some four seconds of speech.
        public var earlyWords = 60
        /// A sentence longer than this is cut at its next comma; synthesis time grows with a piece's length.
        public var clause = 80
        /// A sentence without commas is cut between two words.
        public var words = 200
        /// Text without a space is cut anywhere between two letters.
        public var hard = 240

        public init() {}
    }

    private enum Ending {
        case none, clause
        /// Only a full stop ends it; a small letter behind it goes on with the sentence.
        case stop
        /// An exclamation or question mark; `isQuoted`: inside a quotation, behind which the sentence may go on.
        case mark(isQuoted: Bool)
        case beforeFigures, mayEnd
    }

    private let limits: Limits
    private let rules: SentenceRules
    private var stripper = MarkupStripper()
    private var stripped: [Unicode.Scalar] = []

    private var scalars: [Unicode.Scalar] = []
    private var wordStart = 0
    private var isSpaceDue = false
    private var ending = Ending.none
    /// Places of spaces in `scalars` where the piece may be cut when it grows too long; the newest of each kind.
    private var lastSpace: Int?
    private var lastConjunction: Int?
    private var lastClause: Int?
    private var handedOn = 0
    /// Scalars looked at, those of a cut remainder again.
    package private(set) var work = 0

    /// - Parameter language: BCP 47; abbreviations of English, French, German and Spanish are known.
    public init(language: String = "en", limits: Limits = Limits()) {
        self.limits = limits
        rules = .of(language)
    }

    /// - Returns: the pieces that became complete.
    public mutating func push(_ text: String) -> [String] {
        var pieces: [String] = []
        for scalar in text.unicodeScalars {
            stripper.push(scalar, into: &stripped)
            take(&pieces)
        }
        return pieces
    }

    /// The text is over.
    /// - Returns: what was still pending.
    public mutating func finish() -> [String] {
        var pieces: [String] = []
        stripper.finish(into: &stripped)
        take(&pieces)
        close(&pieces)
        handedOn = 0
        return pieces
    }

    /// All pieces of a complete text.
    public static func pieces(of text: String, language: String = "en") -> [String] {
        var splitter = PieceSplitter(language: language)
        return splitter.push(text) + splitter.finish()
    }

    private mutating func take(_ pieces: inout [String]) {
        for scalar in stripped { step(scalar, &pieces) }
        stripped.removeAll(keepingCapacity: true)
    }

    private mutating func step(_ scalar: Unicode.Scalar, _ pieces: inout [String]) {
        work += 1
        if scalar == "\n" { return close(&pieces) }
        if scalar == " " {
            guard !scalars.isEmpty, !isSpaceDue else { return }
            isSpaceDue = true
            ending = classify()
            return
        }
        if isSpaceDue {
            isSpaceDue = false
            if cuts(before: scalar) { close(&pieces) } else { goOn() }
        } else if endsWide, !Self.wideStops.contains(scalar), !Self.closers.contains(scalar) {
            close(&pieces)
        }
        scalars.append(scalar)
        if let place = overflow() { cut(at: place, &pieces) }
    }

    // MARK: Where to cut

    private var isEarly: Bool { handedOn < limits.early }

    private func cuts(before next: Unicode.Scalar) -> Bool {
        let isSmall = next.properties.isLowercase
        switch ending {
        case .none: return false
        case .clause: return scalars.count >= (isEarly ? limits.earlyClause : limits.clause)
        case .stop: return !isSmall
        case .mark(let isQuoted): return !(isQuoted && isSmall)
        case .beforeFigures, .mayEnd: return !isSmall && next.properties.numericType == nil
        }
    }

    /// The space between two words of one piece.
    private mutating func goOn() {
        let place = scalars.count
        lastSpace = place
        if case .clause = ending { lastClause = place }
        if wordStart > 0, rules.conjunctions.contains(word(upTo: place).lowercased()) {
            lastConjunction = wordStart - 1
        }
        scalars.append(" ")
        wordStart = scalars.count
    }

    /// Where a piece that has grown too long is cut; nil while it has not.
    private func overflow() -> Int? {
        let count = scalars.count
        if count >= limits.hard, lastSpace == nil { return lastLetter() }
        if isEarly, count >= limits.earlyWords {
            return [lastConjunction, lastSpace].compactMap { $0 }.first { $0 >= limits.earlyClause } ?? lastSpace
        }
        guard count >= limits.words else { return nil }
        return [lastClause, lastConjunction].compactMap { $0 }.first { $0 >= limits.words / 4 } ?? lastSpace
    }

    /// Where the last whole character of text without spaces begins: what follows may still belong to it.
    private func lastLetter() -> Int {
        let text = String(String.UnicodeScalarView(scalars))
        guard let last = text.last, last.unicodeScalars.count < scalars.count else { return scalars.count }
        return scalars.count - last.unicodeScalars.count
    }

    private mutating func cut(at place: Int, _ pieces: inout [String]) {
        let rest = Array(scalars[place...])
        scalars.removeSubrange(place...)
        close(&pieces)
        for scalar in rest { step(scalar, &pieces) }
    }

    private mutating func close(_ pieces: inout [String]) {
        defer {
            scalars.removeAll(keepingCapacity: true)
            wordStart = 0
            isSpaceDue = false
            ending = .none
            lastSpace = nil
            lastConjunction = nil
            lastClause = nil
        }
        guard scalars.contains(where: { $0.properties.isAlphabetic || $0.properties.numericType != nil }) else {
            return
        }
        handedOn += scalars.count
        pieces.append(String(String.UnicodeScalarView(scalars)))
    }

    // MARK: What a word ends with

    private static let closers: Set<Unicode.Scalar> = [
        "\"", "'", ")", "]", "}", "\u{201D}", "\u{2019}", "\u{201C}", "\u{BB}", "\u{AB}", "\u{203A}", "\u{300D}",
    ]
    private static let openers: Set<Unicode.Scalar> = [
        "\"", "'", "(", "[", "{", "\u{201C}", "\u{2018}", "\u{201E}", "\u{AB}", "\u{BB}", "\u{BF}", "\u{A1}",
    ]
    /// They end a sentence without a space.
    private static let wideStops: Set<Unicode.Scalar> = ["\u{3002}", "\u{FF01}", "\u{FF1F}", "\u{FF0E}"]

    private var endsWide: Bool {
        guard let last = scalars.last, !last.isASCII else { return false }
        if Self.wideStops.contains(last) { return true }
        return Self.closers.contains(last) && scalars.count > 1 && Self.wideStops.contains(scalars[scalars.count - 2])
    }

    private func classify() -> Ending {
        var end = scalars.count
        while end > wordStart, Self.closers.contains(scalars[end - 1]) { end -= 1 }
        guard end > wordStart else { return .none }
        let isQuoted = end < scalars.count
        switch scalars[end - 1] {
        case "!", "?", "\u{61F}": return .mark(isQuoted: isQuoted)
        case "\u{2026}", "\u{964}": return .stop
        case ".": return stop(at: end - 1)
        case ",", ";", ":": return .clause
        case "\u{2013}", "\u{2014}", "-": return end - 1 == wordStart ? .clause : .none
        default: return .none
        }
    }

    private func stop(at place: Int) -> Ending {
        if place > wordStart, scalars[place - 1] == "." { return .stop }
        let word = word(upTo: place)
        guard let first = word.unicodeScalars.first else { return .stop }
        if word.unicodeScalars.allSatisfy({ "0"..."9" ~= $0 }) {
            // "3. Mai", and the number of a list's item.
            return rules.hasDottedOrdinals && word.utf8.count <= 2 || wordStart == 0 && word.utf8.count <= 3
                ? .none : .stop
        }
        let folded = word.lowercased()
        if rules.neverEnding.contains(folded) { return .none }
        if rules.mayEnd.contains(folded) { return .mayEnd }
        if rules.beforeFigures.contains(folded) { return .beforeFigures }
        // Initials, "U.S.", "z. B."
        let isInitial = word.unicodeScalars.count == 1 && first.properties.isAlphabetic
        if isInitial { return rules.oneLetterWords.contains(folded) ? .stop : .none }
        let parts = word.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count > 1 && parts.allSatisfy { $0.count == 1 && $0.first?.isLetter == true } ? .none : .stop
    }

    /// The word that is being written, without what opens it. Long ones are no abbreviations.
    private func word(upTo end: Int) -> String {
        var start = wordStart
        while start < end, Self.openers.contains(scalars[start]) { start += 1 }
        guard end - start <= 24 else { return "-" }
        return String(String.UnicodeScalarView(scalars[start..<end]))
    }
}
