/// What a caller answered to "may we record this call?". Nothing but a plain yes is one.
public enum ConsentAnswer: Sendable, Equatable {
    case yes, no
    /// The caller said something else.
    case other

    /// A yes is short, begins with a word of agreement, and holds no word of denial in any of the languages known here.
    public init(_ text: String) {
        let tokens = FoldedWords(text).tokens
        if tokens.contains(where: Self.denials.contains) {
            self = .no
        } else if tokens.count <= Self.longestYes, let first = tokens.first(where: { !Self.fillers.contains($0) }),
            Self.agreements.contains(first)
        {
            self = .yes
        } else {
            self = .other
        }
    }

    /// "Yes of course that is fine with me": longer answers are more than a yes.
    private static let longestYes = 8

    private static let fillers: Set<String> = [
        "um", "uh", "er", "oh", "ah", "well", "i", "that", "is", "it", "of", "go", "please",
        "euh", "ben", "je", "j", "suis", "c", "est", "ach", "das", "ist", "in", "von", "mir", "aus",
        "pues", "eh", "de", "por", "va", "lo",
    ]

    // English, French, German, Spanish, Italian, Portuguese, Dutch.
    private static let agreements: Set<String> = [
        "yes", "yeah", "yep", "yup", "sure", "okay", "ok", "fine", "certainly", "absolutely", "agreed", "agree",
        "accept",
        "course", "ahead", "do", "oui", "ouais", "d", "accord", "bien", "volontiers", "accepte", "ja", "jawohl", "klar",
        "naturlich", "einverstanden", "gerne", "gern", "ordnung", "si", "claro", "vale", "acuerdo", "acepto",
        "supuesto",
        "certo", "bene", "accetto", "sim", "aceito", "graag", "goed",
    ]
    /// Also what makes a yes less than one: `yes, but ...`.
    private static let denials: Set<String> = [
        "no", "not", "nope", "nah", "never", "without", "rather", "but", "non", "pas", "jamais", "sans", "mais", "nein",
        "nicht", "kein", "keine", "ne", "nee", "aber", "nunca", "sin", "pero", "nao", "niet", "geen", "maar",
    ]
}
