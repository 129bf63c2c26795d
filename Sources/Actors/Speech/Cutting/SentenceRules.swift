/// What a full stop means in a language, and where a long sentence may be parted.
struct SentenceRules: Sendable {
    /// A name or a further part follows: their full stop never ends a sentence.
    let neverEnding: Set<String>
    /// Their full stop ends no sentence when a figure follows.
    let beforeFigures: Set<String>
    /// Their full stop ends a sentence unless a small letter or a figure follows.
    let mayEnd: Set<String>
    /// A figure with a full stop is an ordinal.
    let hasDottedOrdinals: Bool
    /// Words of one letter that are no initials.
    let oneLetterWords: Set<String>
    /// A pause before them sounds natural.
    let conjunctions: Set<String>

    /// - Parameter language: BCP 47; rules of a language that is not known are English.
    static func of(_ language: String) -> SentenceRules {
        switch language.prefix(while: { $0 != "-" && $0 != "_" }).lowercased() {
        case "de": german
        case "fr": french
        case "es": spanish
        default: english
        }
    }

    private static let english = SentenceRules(
        neverEnding: [
            "dr", "mr", "mrs", "ms", "prof", "rev", "gen", "sen", "gov", "capt", "lt", "col", "sgt", "hon", "st", "mt",
            "ft", "vs", "approx", "e.g", "i.e", "cf",
        ],
        beforeFigures: [
            "no", "nos", "ext", "apt", "fig", "vol", "p", "pp", "tel", "ph", "sec", "art", "ch", "rm", "jan", "feb",
            "mar",
            "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec",
        ],
        mayEnd: [
            "a.m", "p.m", "etc", "inc", "ltd", "co", "corp", "jr", "sr", "ave", "blvd", "rd", "min", "max", "dept",
            "hr",
            "hrs", "mins", "appt", "mon", "tue", "tues", "wed", "thu", "thur", "thurs", "fri",
        ],
        hasDottedOrdinals: false,
        oneLetterWords: ["i", "a"],
        conjunctions: [
            "and", "but", "or", "because", "so", "which", "that", "if", "when", "while", "although", "before", "after",
            "unless", "until", "where", "who",
        ]
    )

    private static let german = SentenceRules(
        neverEnding: [
            "dr", "prof", "hr", "fr", "hrn", "dipl", "ing", "med", "vet", "st", "ca", "z.b", "d.h", "u.a", "bzw",
            "evtl",
            "ggf", "inkl", "exkl", "zzgl", "vgl", "sog", "o.ä", "i.d.r", "v.a", "einschl", "mind",
        ],
        beforeFigures: [
            "nr", "tel", "abs", "art", "s", "bd", "kap", "fax", "durchw", "jan", "feb", "mär", "apr", "jun", "jul",
            "aug",
            "sep", "sept", "okt", "nov", "dez", "abb",
        ],
        mayEnd: [
            "usw", "etc", "str", "std", "min", "sek", "jh", "mio", "mrd", "co", "mo", "di", "mi", "do", "sa", "so",
            "u.s.w",
        ],
        hasDottedOrdinals: true,
        oneLetterWords: [],
        conjunctions: [
            "und", "aber", "oder", "weil", "denn", "sodass", "dass", "wenn", "während", "obwohl", "bevor", "nachdem",
            "damit", "falls", "sondern", "welche", "wobei",
        ]
    )

    private static let french = SentenceRules(
        neverEnding: [
            "m", "mm", "dr", "pr", "me", "mgr", "st", "ste", "p.ex", "ex", "c.-à-d", "env", "cf", "bd", "av",
        ],
        beforeFigures: [
            "n", "no", "tél", "art", "p", "pp", "fig", "vol", "janv", "févr", "avr", "juil", "sept", "oct",
        ],
        mayEnd: ["etc", "min", "max", "h", "apr", "apt", "nov", "déc", "lun", "mer", "jeu", "ven", "sam", "dim"],
        hasDottedOrdinals: false,
        oneLetterWords: ["a", "y", "à"],
        conjunctions: [
            "et", "mais", "ou", "car", "donc", "parce", "que", "qui", "si", "quand", "lorsque", "puisque", "afin",
            "avant",
            "après", "où", "dont",
        ]
    )

    private static let spanish = SentenceRules(
        neverEnding: [
            "sr", "sra", "srta", "sres", "dr", "dra", "d", "dña", "prof", "profa", "lic", "ing", "ud", "uds", "vd",
            "vds",
            "p.ej", "ej", "ee", "aprox", "avda", "av", "sto", "sta", "cf",
        ],
        beforeFigures: [
            "núm", "nº", "n.º", "tel", "tfno", "art", "pág", "págs", "vol", "cap", "ene", "feb", "mar", "abr", "may",
            "jun",
            "jul", "ago", "sept", "oct", "nov", "dic", "ext",
        ],
        mayEnd: ["etc", "uu", "a.m", "p.m", "min", "máx", "h", "cía", "s.a", "s.l"],
        hasDottedOrdinals: false,
        oneLetterWords: ["y", "a", "o", "e", "u"],
        conjunctions: [
            "y", "e", "pero", "o", "u", "porque", "que", "si", "cuando", "aunque", "mientras", "antes", "después",
            "donde",
            "pues", "sino",
        ]
    )
}
