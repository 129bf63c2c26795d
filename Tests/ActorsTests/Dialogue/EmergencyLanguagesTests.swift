import Actors
import Testing

/// One tenant, four languages and two more, all listened for at once.
@Suite("Emergency words in several languages")
struct EmergencyLanguagesTests {
    private let spotter = EmergencySpotter(
        words: ["emergency", "fire", "bleeding", "not breathing"],
        language: "en-US",
        wordsByLanguage: [
            "fr-FR": ["urgence", "urgent", "au feu", "saigne", "ne respire pas", "évanoui"],
            "de": ["Notfall", "Feuer", "brennt", "blutet", "atmet nicht", "bewusstlos"],
            "es-ES": ["emergencia", "fuego", "sangrando", "no respira", "se está ahogando"],
            "it": ["emergenza"],
            "ja": ["火事", "助けて"],
        ]
    )

    @Test(
        "Danger fires in every language, with or without its accents",
        arguments: [
            ("this is an emergency", "emergency"), ("there is a fire", "fire"),
            ("she is not breathing", "not breathing"),
            ("c'est une urgence", "urgence"), ("C’est l’urgence absolue !", "urgence"),
            ("j'appelle pour une demande d'urgence", "urgence"), ("elle saigne beaucoup", "saigne"),
            ("elle saigne plus qu'hier", "saigne"), ("il saigne pas mal", "saigne"), ("au feu", "au feu"),
            ("il ne respire pas", "ne respire pas"), ("il s'est evanoui", "évanoui"), ("il s'est évanoui", "évanoui"),
            ("je ne sais pas si c'est une urgence", "urgence"), ("non, c'est une urgence", "urgence"),
            ("ce n'est pas grave mais c'est une urgence", "urgence"),
            ("das ist ein Notfall", "Notfall"), ("EIN NOTFALL", "Notfall"), ("es brennt", "brennt"),
            ("nein es brennt", "brennt"), ("er blutet nicht nur am Bein", "blutet"),
            ("er atmet nicht", "atmet nicht"), ("ich weiß nicht ob es ein Notfall ist", "Notfall"),
            ("es una emergencia", "emergencia"), ("No, es una emergencia", "emergencia"),
            ("mi perro está sangrando", "sangrando"), ("no respira", "no respira"),
            ("se esta ahogando", "se está ahogando"), ("no sé si es una emergencia", "emergencia"),
            ("è un'emergenza", "emergenza"), ("家が火事です", "火事"), ("助けてください", "助けて"),
        ]
    )
    func fires(text: String, word: String) {
        #expect(spotter.spot(text) == word)
    }

    @Test(
        "Denied danger and words that only look like it do not fire",
        arguments: [
            "this is not an emergency", "no fire here", "the fireplace", "a firewall", "fired from my job",
            "c'est pas une urgence", "ce n'est pas une urgence", "ce n'est pas vraiment une urgence",
            "ce n'est pas du tout une urgence", "il n'y a pas d'urgence", "il n'y a aucune urgence", "sans urgence",
            "c'est pas urgent", "rien d'autre", "il ne saigne pas", "il saigne pas", "il ne saigne plus",
            "il ne s'est pas évanoui", "il n'a jamais eu d'urgence", "les urgences",
            "das ist kein Notfall", "das ist nicht wirklich ein Notfall", "kein medizinischer Notfall",
            "es brennt nicht", "es brennt gar nicht", "er blutet nicht", "er blutet nicht mehr", "der Kamin",
            "das Kaminfeuer", "er ist nicht bewusstlos", "ohne Notfall",
            "no es una emergencia", "no es realmente una emergencia", "no hay ninguna emergencia", "no hay fuego",
            "no está sangrando", "nunca ha sido una emergencia", "no se trata de una emergencia", "sin emergencia",
            "i would like an appointment", "je voudrais un rendez-vous", "ich hätte gern einen Termin",
            "quiero una cita",
            "こんにちは", "",
        ]
    )
    func staysQuiet(text: String) {
        #expect(spotter.spot(text) == nil)
    }

    @Test("A word that the next one may deny is only likely until the text goes on or ends")
    func likely() {
        #expect(spotter.alarm(in: "il saigne", isFinal: false) == .likely("saigne"))
        #expect(spotter.alarm(in: "il saigne pas", isFinal: false) == .none)
        #expect(spotter.alarm(in: "il saigne du nez", isFinal: false) == .certain("saigne"))
        #expect(spotter.alarm(in: "il saigne", isFinal: true) == .certain("saigne"))
        // English says no before, so nothing is waited for; nor where the phrase says no itself.
        #expect(spotter.alarm(in: "this is an emergency", isFinal: false) == .certain("emergency"))
        #expect(spotter.alarm(in: "il ne respire pas", isFinal: false) == .certain("ne respire pas"))
    }

    @Test("Of a word in two languages the denial of either counts")
    func shared() {
        let spotter = EmergencySpotter(words: ["urgent"], language: "en", wordsByLanguage: ["fr": ["urgent"]])
        #expect(spotter.spot("c'est pas urgent") == nil)
        #expect(spotter.spot("it is not urgent") == nil)
        #expect(spotter.spot("c'est urgent") == "urgent")
        #expect(spotter.mentions(in: ["c'est", "urgent"]).map(\.words) == [1..<2])
    }

    @Test("An article of one language is a word of another")
    func articles() {
        let spotter = EmergencySpotter(words: ["going to die"], language: "en", wordsByLanguage: ["de": ["Feuer"]])
        #expect(spotter.spot("i am going to the shop") == nil)
        #expect(spotter.spot("i am going to die") == "going to die")
    }

    @Test("The end of a text that is far too long is heard, and costs no more than its bound")
    func long() {
        let talk = String(repeating: "and then we talked about the weather again ", count: 25_000)
        #expect(spotter.spot(talk + "il y a une urgence") == "urgence")
        #expect(spotter.spot(talk) == nil)
        #expect(spotter.mentions(in: SpokenWords.words(talk)).isEmpty)
    }

    @Test("Only a plain yes is consent")
    func consent() {
        for text in [
            "yes", "Yes, please.", "yeah sure", "okay", "of course", "i agree", "oui", "Oui, d'accord.", "bien sûr",
            "ja",
            "ja, natürlich", "einverstanden", "sí", "claro que sí", "de acuerdo", "sim", "um yes",
        ] { #expect(ConsentAnswer(text) == .yes, "\(text)") }
        for text in [
            "no", "No thank you.", "i'd rather not", "yes but not the whole call", "non", "pas d'accord", "nein",
            "lieber nicht",
            "no quiero", "i do not agree", "never",
        ] { #expect(ConsentAnswer(text) == .no, "\(text)") }
        for text in [
            "i would like to book an appointment", "what is this about", "", "...",
            "yes hello i am calling because my dog ate something strange",
        ] { #expect(ConsentAnswer(text) == .other, "\(text)") }
    }
}
