/// What a caller is told when no agent speaks and the tenant has no words of its own for it.
package struct ServicePhrases: Sendable, Equatable {
    /// BCP 47, for the vendor's voice.
    package let language: String
    package let busy: String
    package let sorry: String
    package let moment: String

    /// In the tenant's language; in English where there is none for it, and then with an English voice.
    package init(for tag: String) {
        let words = Self.words[tag.prefix { $0 != "-" && $0 != "_" }.lowercased()]
        language = words == nil ? "en-US" : tag
        busy = (words ?? Self.english).busy
        sorry = (words ?? Self.english).sorry
        moment = (words ?? Self.english).moment
    }

    private typealias Words = (busy: String, sorry: String, moment: String)

    private static let english: Words = (
        "All our lines are busy. Please call again in a few minutes.",
        "We are sorry, we cannot continue this call. Please call again.",
        "One moment please."
    )

    private static let words: [String: Words] = [
        "en": english,
        "fr": (
            "Toutes nos lignes sont occupées. Veuillez rappeler dans quelques minutes.",
            "Nous sommes désolés, nous ne pouvons pas poursuivre cet appel. Veuillez rappeler.",
            "Un instant, s'il vous plaît."
        ),
        "de": (
            "Alle Leitungen sind belegt. Bitte rufen Sie in einigen Minuten noch einmal an.",
            "Es tut uns leid, wir können dieses Gespräch nicht fortsetzen. Bitte rufen Sie noch einmal an.",
            "Einen Moment bitte."
        ),
        "es": (
            "Todas nuestras líneas están ocupadas. Vuelva a llamar dentro de unos minutos, por favor.",
            "Lo sentimos, no podemos continuar esta llamada. Vuelva a llamar, por favor.",
            "Un momento, por favor."
        ),
        "it": (
            "Tutte le nostre linee sono occupate. Richiami tra qualche minuto, per favore.",
            "Siamo spiacenti, non possiamo continuare questa chiamata. Richiami, per favore.",
            "Un momento, per favore."
        ),
        "nl": (
            "Al onze lijnen zijn bezet. Belt u over enkele minuten nog eens.",
            "Het spijt ons, we kunnen dit gesprek niet voortzetten. Belt u nog eens.",
            "Een moment alstublieft."
        ),
        "pt": (
            "Todas as nossas linhas estão ocupadas. Ligue novamente dentro de alguns minutos, por favor.",
            "Lamentamos, não podemos continuar esta chamada. Ligue novamente, por favor.",
            "Um momento, por favor."
        ),
    ]
}
