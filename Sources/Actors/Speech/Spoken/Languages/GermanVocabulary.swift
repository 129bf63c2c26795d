extension SpokenVocabulary {
    static let german = SpokenVocabulary(
        digits: ["null", "eins", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun"],
        minus: "minus",
        plus: "plus",
        point: "Komma",
        decimalSign: ",",
        groupSign: ".",
        groupsBySpaces: true,
        to: "bis",
        percent: "Prozent",
        numberSign: "Nummer",
        about: "etwa",
        months: [
            "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November",
            "Dezember",
        ],
        monthNames: [
            "januar": 1, "jänner": 1, "februar": 2, "märz": 3, "april": 4, "mai": 5, "juni": 6, "juli": 7, "august": 8,
            "september": 9, "oktober": 10, "november": 11, "dezember": 12, "jan": 1, "feb": 2, "mär": 3, "apr": 4,
            "jun": 6,
            "jul": 7, "aug": 8, "sep": 9, "sept": 9, "okt": 10, "nov": 11, "dez": 12,
        ],
        yearWords: ["in", "seit", "jahr", "jahre", "jahres", "von", "bis", "vor", "nach", "anfang", "ende", "mitte"],
        currencies: [
            "$": dollar, "USD": dollar, "US$": dollar, "€": euro, "EUR": euro,
            "£": SpokenCurrency(major: .init("Pfund", "Pfund"), minor: .init("Penny", "Pence")),
            "CHF": SpokenCurrency(major: .init("Franken", "Franken"), minor: .init("Rappen", "Rappen")),
            "¥": SpokenCurrency(major: .init("Yen", "Yen"), minor: .init("Sen", "Sen")),
        ],
        magnitudes: [
            "tausend": "tausend", "million": "Million", "millionen": "Millionen", "mio": "Millionen",
            "milliarde": "Milliarde", "milliarden": "Milliarden", "mrd": "Milliarden",
        ],
        units: [
            "km": .init("Kilometer", "Kilometer"), "m": .init("Meter", "Meter"),
            "cm": .init("Zentimeter", "Zentimeter"),
            "mm": .init("Millimeter", "Millimeter"), "kg": .init("Kilogramm", "Kilogramm"),
            "g": .init("Gramm", "Gramm"),
            "mg": .init("Milligramm", "Milligramm"), "µg": .init("Mikrogramm", "Mikrogramm"),
            "μg": .init("Mikrogramm", "Mikrogramm"), "l": .init("Liter", "Liter"), "L": .init("Liter", "Liter"),
            "ml": .init("Milliliter", "Milliliter"), "km/h": .init("Kilometer pro Stunde", "Kilometer pro Stunde"),
            "h": .init("Stunde", "Stunden", isFeminine: true), "std": .init("Stunde", "Stunden", isFeminine: true),
            "Std": .init("Stunde", "Stunden", isFeminine: true), "min": .init("Minute", "Minuten", isFeminine: true),
            "Min": .init("Minute", "Minuten", isFeminine: true), "sek": .init("Sekunde", "Sekunden", isFeminine: true),
            "Sek": .init("Sekunde", "Sekunden", isFeminine: true), "s": .init("Sekunde", "Sekunden", isFeminine: true),
            "kWh": .init("Kilowattstunde", "Kilowattstunden", isFeminine: true), "MB": .init("Megabyte", "Megabyte"),
            "GB": .init("Gigabyte", "Gigabyte"), "m²": .init("Quadratmeter", "Quadratmeter"),
            "°": .init("Grad", "Grad"), "°C": .init("Grad Celsius", "Grad Celsius"),
        ],
        address: .init(
            at: "ät",
            dot: "Punkt",
            dash: "Bindestrich",
            underscore: "Unterstrich",
            slash: "Schrägstrich",
            plus: "plus",
            colon: "Doppelpunkt"
        ),
        abbreviations: [
            "dr.": "Doktor", "prof.": "Professor", "hr.": "Herr", "hrn.": "Herrn", "fr.": "Frau", "st.": "Sankt",
            "str.": "Straße", "z.b.": "zum Beispiel", "d.h.": "das heißt", "u.a.": "unter anderem",
            "usw.": "und so weiter",
            "etc.": "et cetera", "ca.": "circa", "bzw.": "beziehungsweise", "evtl.": "eventuell",
            "ggf.": "gegebenenfalls", "inkl.": "inklusive", "exkl.": "exklusive", "zzgl.": "zuzüglich",
            "tel.": "Telefon",
            "std.": "Stunden", "min.": "Minuten", "vgl.": "vergleiche", "sog.": "sogenannte", "mind.": "mindestens",
            "mio.": "Millionen", "mrd.": "Milliarden", "feb.": "Februar",
            "apr.": "April", "aug.": "August", "sept.": "September", "okt.": "Oktober", "nov.": "November",
            "dez.": "Dezember", "mo.": "Montag", "mi.": "Mittwoch", "fa.": "Firma", "bspw.": "beispielsweise",
            "i.d.r.": "in der Regel", "v.a.": "vor allem", "med.": "medizinisch", "vet.": "veterinär",
        ],
        figureAbbreviations: [
            "nr.": "Nummer", "abs.": "Absatz", "art.": "Artikel", "s.": "Seite", "bd.": "Band", "kap.": "Kapitel",
            "durchw.": "Durchwahl",
        ],
        phraseAbbreviations: [
            "z. b.": "zum Beispiel", "d. h.": "das heißt", "u. a.": "unter anderem", "v. a.": "vor allem",
            "o. ä.": "oder Ähnliches",
        ],
        nameAbbreviations: [:],
        spelled: [
            "EU", "USA", "UN", "AG", "ADAC", "AOK", "EKG", "ID", "IT", "KI", "UKW", "US", "EC", "OP", "ÖPNV", "ABC",
            "ICE", "IC", "EDV", "UV", "AGB", "LKW",
        ],
        signs: [
            "&": "und", "+": "plus", "=": "gleich", "@": "ät", "%": "Prozent", "§": "Paragraf", "°": "Grad", "*": "mal",
            "×": "mal",
        ],
        fractions: [
            "1/2": "ein halb", "1/3": "ein Drittel", "2/3": "zwei Drittel", "1/4": "ein Viertel", "3/4": "drei Viertel",
            "24/7": "vierundzwanzig sieben", "½": "ein halb", "¼": "ein Viertel", "¾": "drei Viertel",
        ]
    )

    private static let dollar = SpokenCurrency(major: .init("Dollar", "Dollar"), minor: .init("Cent", "Cent"))
    private static let euro = SpokenCurrency(major: .init("Euro", "Euro"), minor: .init("Cent", "Cent"))
}
