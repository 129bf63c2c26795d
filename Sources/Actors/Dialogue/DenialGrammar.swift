/// How a language says that something is not so, as far as it stands next to what it denies.
///
/// In doubt nothing is denied: only filler words may stand between a denial and the phrase.
struct DenialGrammar: Sendable {
    /// Ignored wherever they stand: a recogniser often gets them wrong.
    var articles: Set<String> = []
    /// Deny what follows them.
    var before: Set<String> = []
    /// May stand between a denial and what it denies.
    var fillers: Set<String> = []
    /// Deny only where one of `openers` stands shortly before them: French `plus` alone means "more".
    var openedBefore: Set<String> = []
    var openers: Set<String> = []
    /// Deny what stands before them: `es brennt nicht`, `il saigne pas`.
    var after: Set<String> = []
    /// May stand between the phrase and a denial after it.
    var afterFillers: Set<String> = []
    /// Follow a denial that denies the measure and not the thing: `blutet nicht nur`, `saigne pas mal`.
    var afterLimits: Set<String> = []

    static let maximumFillers = 3
    /// How far before a denial its opener may stand.
    private static let openerReach = 4

    /// A language whose denials are not known: its words are matched as they are.
    static let plain = DenialGrammar()

    /// - Parameter language: BCP 47; only the language itself counts.
    static func of(_ language: String) -> DenialGrammar {
        let code = language.lowercased().split(whereSeparator: { $0 == "-" || $0 == "_" }).first.map(String.init)
        return code.flatMap { byLanguage[$0] } ?? .plain
    }

    var denials: Set<String> { before.union(after).union(openedBefore) }

    /// Where the denial of what begins at `position` stands, if one stands before it.
    func denial(in tokens: [String], before position: Int) -> Int? {
        var index = position - 1
        var passed = 0
        while index >= 0, passed <= Self.maximumFillers {
            let token = tokens[index]
            if before.contains(token) || openedBefore.contains(token) && isOpened(tokens, at: index) { return index }
            guard fillers.contains(token) else { return nil }
            passed += 1
            index -= 1
        }
        return nil
    }

    /// Where the denial of what ends before `position` stands, if one stands after it.
    /// - Parameter start: where the denied phrase begins.
    func denial(in tokens: [String], after position: Int, start: Int) -> Int? {
        var index = position
        if index < tokens.count, afterFillers.contains(tokens[index]) { index += 1 }
        guard index < tokens.count else { return nil }
        let isDenial =
            after.contains(tokens[index]) || openedBefore.contains(tokens[index]) && isOpened(tokens, at: start)
        guard isDenial else { return nil }
        if index + 1 < tokens.count, afterLimits.contains(tokens[index + 1]) { return nil }
        return index
    }

    private func isOpened(_ tokens: [String], at index: Int) -> Bool {
        tokens[max(0, index - Self.openerReach)..<index].contains(where: openers.contains)
    }

    private static let byLanguage: [String: DenialGrammar] = [
        "en": DenialGrammar(
            articles: ["a", "an", "the"],
            before: ["not", "no", "never", "without", "nobody", "nothing"],
            // not really an, no longer, no sign of, do not have any
            fillers: [
                "any", "really", "actually", "longer", "have", "having", "had", "been", "being", "sign", "signs", "of",
                "kind", "real", "life", "medical",
            ]
        ),
        "fr": DenialGrammar(
            articles: ["un", "une", "des", "le", "la", "les", "l", "de", "d", "du"],
            before: ["pas", "aucun", "aucune", "jamais", "sans", "ni", "non", "nullement"],
            // pas vraiment une, pas du tout une, pas besoin d'une, n'a jamais eu de
            fillers: [
                "vraiment", "tout", "besoin", "reellement", "eu", "fait", "veritable", "vrai", "vraie", "grosse",
                "grande", "signe", "signes", "medicale", "encore",
            ],
            openedBefore: ["plus"],
            openers: ["ne", "n"],
            after: ["pas"],
            afterLimits: ["mal", "que", "qu", "seulement", "juste", "beaucoup", "trop", "fort", "loin"]
        ),
        "de": DenialGrammar(
            articles: ["ein", "eine", "einen", "einem", "einer", "eines", "der", "die", "das", "den", "dem", "des"],
            before: ["nicht", "kein", "keine", "keinen", "keinem", "keiner", "keines", "nie", "niemals", "ohne"],
            // nicht wirklich ein, kein richtiger, kein medizinischer, keine Anzeichen von
            fillers: [
                "wirklich", "echt", "echter", "echten", "richtiger", "richtigen", "wirklicher", "wirklichen",
                "medizinischer", "medizinischen", "akuter", "akuten", "mehr", "anzeichen", "von", "gar", "direkt",
            ],
            after: ["nicht"],
            afterFillers: ["gar", "ja", "doch", "aber", "uberhaupt"],
            afterLimits: ["nur", "bloss", "stark", "sehr", "viel", "so", "allzu", "arg", "weit", "auf"]
        ),
        "es": DenialGrammar(
            articles: ["un", "una", "unos", "unas", "el", "la", "los", "las"],
            before: ["no", "ni", "sin", "nunca", "jamas", "tampoco", "ningun", "ninguna", "ninguno"],
            // no es una, no hay ninguna, no se trata de una, nunca ha tenido
            fillers: [
                "es", "era", "fue", "sea", "esta", "estaba", "hay", "habia", "tengo", "tiene", "tenemos", "se",
                "trata", "de", "realmente", "verdadera", "ha", "he", "han", "sido", "tenido", "medica", "senal",
                "senales",
            ]
        ),
    ]
}
