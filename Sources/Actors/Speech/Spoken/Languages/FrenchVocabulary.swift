extension SpokenVocabulary {
    static let french = SpokenVocabulary(
        digits: ["zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf"],
        minus: "moins",
        plus: "plus",
        point: "virgule",
        decimalSign: ",",
        groupSign: ".",
        groupsBySpaces: true,
        to: "à",
        percent: "pour cent",
        numberSign: "numéro",
        about: "environ",
        months: [
            "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
            "décembre",
        ],
        monthNames: [
            "janvier": 1, "février": 2, "fevrier": 2, "mars": 3, "avril": 4, "mai": 5, "juin": 6, "juillet": 7,
            "août": 8,
            "aout": 8, "septembre": 9, "octobre": 10, "novembre": 11, "décembre": 12, "janv": 1, "févr": 2, "avr": 4,
            "juil": 7, "sept": 9, "oct": 10, "nov": 11, "déc": 12,
        ],
        yearWords: [],
        currencies: [
            "$": dollar, "USD": dollar, "US$": dollar, "€": euro, "EUR": euro,
            "£": SpokenCurrency(
                major: .init("livre sterling", "livres sterling", isFeminine: true),
                minor: .init("penny", "pence")
            ),
            "CHF": SpokenCurrency(major: .init("franc suisse", "francs suisses"), minor: .init("centime", "centimes")),
            "¥": SpokenCurrency(major: .init("yen", "yens"), minor: .init("sen", "sens")),
        ],
        magnitudes: [
            "mille": "mille", "million": "million", "millions": "millions", "milliard": "milliard",
            "milliards": "milliards",
        ],
        units: [
            "km": .init("kilomètre", "kilomètres"), "m": .init("mètre", "mètres"),
            "cm": .init("centimètre", "centimètres"),
            "mm": .init("millimètre", "millimètres"), "kg": .init("kilogramme", "kilogrammes"),
            "g": .init("gramme", "grammes"), "mg": .init("milligramme", "milligrammes"),
            "µg": .init("microgramme", "microgrammes"), "μg": .init("microgramme", "microgrammes"),
            "l": .init("litre", "litres"), "L": .init("litre", "litres"), "ml": .init("millilitre", "millilitres"),
            "mL": .init("millilitre", "millilitres"), "km/h": .init("kilomètre par heure", "kilomètres par heure"),
            "h": .init("heure", "heures", isFeminine: true), "min": .init("minute", "minutes", isFeminine: true),
            "s": .init("seconde", "secondes", isFeminine: true), "sec": .init("seconde", "secondes", isFeminine: true),
            "kWh": .init("kilowattheure", "kilowattheures"), "Mo": .init("mégaoctet", "mégaoctets"),
            "Go": .init("gigaoctet", "gigaoctets"), "m²": .init("mètre carré", "mètres carrés"),
            "°": .init("degré", "degrés"), "°C": .init("degré Celsius", "degrés Celsius"),
        ],
        address: .init(
            at: "arobase",
            dot: "point",
            dash: "tiret",
            underscore: "tiret bas",
            slash: "barre oblique",
            plus: "plus",
            colon: "deux points"
        ),
        abbreviations: [
            "m.": "Monsieur", "mm.": "Messieurs", "mme": "Madame", "mmes": "Mesdames", "mlle": "Mademoiselle",
            "dr": "Docteur", "dr.": "Docteur", "pr": "Professeur", "pr.": "Professeur", "st": "Saint",
            "ste": "Sainte", "etc.": "et cetera", "etc": "et cetera", "env.": "environ", "av.": "avenue",
            "bd": "boulevard",
            "bd.": "boulevard", "p.ex.": "par exemple", "c.-à-d.": "c'est-à-dire", "tél.": "téléphone",
            "tél": "téléphone",
            "rdv": "rendez-vous", "janv.": "janvier", "févr.": "février", "avr.": "avril", "juil.": "juillet",
            "sept.": "septembre", "oct.": "octobre", "nov.": "novembre", "déc.": "décembre", "min.": "minimum",
            "svp": "s'il vous plaît", "cf.": "confer", "vs": "versus",
        ],
        figureAbbreviations: [
            "n°": "numéro", "nº": "numéro", "no.": "numéro", "p.": "page", "pp.": "pages", "art.": "article",
            "vol.": "volume", "fig.": "figure", "apt.": "appartement",
        ],
        phraseAbbreviations: ["p. ex.": "par exemple"],
        nameAbbreviations: [:],
        spelled: [
            "UE", "USA", "ADN", "ARN", "ECG", "EDF", "SNCF", "RATP", "URL", "IA", "ID", "IRM", "IP", "TVA",
            "USB", "UV", "ABC",
        ],
        signs: [
            "&": "et", "+": "plus", "=": "égale", "@": "arobase", "%": "pour cent", "§": "paragraphe", "°": "degrés",
            "*": "fois", "×": "fois",
        ],
        fractions: [
            "1/2": "un demi", "1/3": "un tiers", "2/3": "deux tiers", "1/4": "un quart", "3/4": "trois quarts",
            "24/7": "vingt-quatre sur sept", "½": "un demi", "¼": "un quart", "¾": "trois quarts",
        ]
    )

    private static let dollar = SpokenCurrency(major: .init("dollar", "dollars"), minor: .init("cent", "cents"))
    private static let euro = SpokenCurrency(major: .init("euro", "euros"), minor: .init("centime", "centimes"))
}
