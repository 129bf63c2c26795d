extension SpokenVocabulary {
    static let spanish = SpokenVocabulary(
        digits: ["cero", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve"],
        minus: "menos",
        plus: "más",
        point: "coma",
        decimalSign: ",",
        groupSign: ".",
        groupsBySpaces: true,
        to: "a",
        percent: "por ciento",
        numberSign: "número",
        about: "unos",
        months: [
            "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre",
            "noviembre",
            "diciembre",
        ],
        monthNames: [
            "enero": 1, "febrero": 2, "marzo": 3, "abril": 4, "mayo": 5, "junio": 6, "julio": 7, "agosto": 8,
            "septiembre": 9, "setiembre": 9, "octubre": 10, "noviembre": 11, "diciembre": 12, "ene": 1, "feb": 2,
            "abr": 4, "jun": 6, "jul": 7, "ago": 8, "sept": 9, "oct": 10, "nov": 11, "dic": 12,
        ],
        yearWords: [],
        currencies: [
            "$": dollar, "USD": dollar, "US$": dollar, "€": euro, "EUR": euro,
            "£": SpokenCurrency(
                major: .init("libra", "libras", isFeminine: true),
                minor: .init("penique", "peniques")
            ),
            "CHF": SpokenCurrency(major: .init("franco suizo", "francos suizos"), minor: .init("céntimo", "céntimos")),
            "¥": SpokenCurrency(major: .init("yen", "yenes"), minor: .init("sen", "sen")),
        ],
        magnitudes: ["mil": "mil", "millón": "millón", "millones": "millones"],
        units: [
            "km": .init("kilómetro", "kilómetros"), "m": .init("metro", "metros"),
            "cm": .init("centímetro", "centímetros"),
            "mm": .init("milímetro", "milímetros"), "kg": .init("kilogramo", "kilogramos"),
            "g": .init("gramo", "gramos"),
            "mg": .init("miligramo", "miligramos"), "µg": .init("microgramo", "microgramos"),
            "μg": .init("microgramo", "microgramos"), "l": .init("litro", "litros"), "L": .init("litro", "litros"),
            "ml": .init("mililitro", "mililitros"), "mL": .init("mililitro", "mililitros"),
            "km/h": .init("kilómetro por hora", "kilómetros por hora"), "h": .init("hora", "horas", isFeminine: true),
            "min": .init("minuto", "minutos"), "s": .init("segundo", "segundos"), "seg": .init("segundo", "segundos"),
            "kWh": .init("kilovatio hora", "kilovatios hora"), "MB": .init("megabyte", "megabytes"),
            "GB": .init("gigabyte", "gigabytes"), "m²": .init("metro cuadrado", "metros cuadrados"),
            "°": .init("grado", "grados"), "°C": .init("grado Celsius", "grados Celsius"),
        ],
        address: .init(
            at: "arroba",
            dot: "punto",
            dash: "guion",
            underscore: "guion bajo",
            slash: "barra",
            plus: "más",
            colon: "dos puntos"
        ),
        abbreviations: [
            "sr.": "señor", "sra.": "señora", "srta.": "señorita", "sres.": "señores", "dr.": "doctor",
            "dra.": "doctora",
            "d.": "don", "dña.": "doña", "prof.": "profesor", "lic.": "licenciado", "ud.": "usted", "uds.": "ustedes",
            "vd.": "usted", "vds.": "ustedes", "etc.": "etcétera", "aprox.": "aproximadamente", "avda.": "avenida",
            "av.": "avenida", "c/": "calle", "tel.": "teléfono", "p.ej.": "por ejemplo", "cía.": "compañía",
            "sto.": "santo", "sta.": "santa", "a.m.": "de la mañana", "p.m.": "de la tarde", "a.m": "de la mañana",
            "p.m": "de la tarde", "am": "de la mañana", "pm": "de la tarde", "ene.": "enero", "feb.": "febrero",
            "abr.": "abril", "ago.": "agosto", "sept.": "septiembre", "oct.": "octubre", "nov.": "noviembre",
            "dic.": "diciembre", "mín.": "mínimo", "máx.": "máximo",
        ],
        figureAbbreviations: [
            "núm.": "número", "n.º": "número", "nº": "número", "n°": "número", "pág.": "página", "art.": "artículo",
            "vol.": "volumen", "cap.": "capítulo", "ext.": "extensión",
        ],
        phraseAbbreviations: [
            "p. ej.": "por ejemplo", "ee. uu.": "Estados Unidos", "a. m.": "de la mañana", "p. m.": "de la tarde",
        ],
        nameAbbreviations: [:],
        spelled: ["UE", "ADN", "ARN", "ECG", "DNI", "URL", "IA", "ID", "USB", "UV", "IP", "ABC"],
        signs: [
            "&": "y", "+": "más", "=": "igual a", "@": "arroba", "%": "por ciento", "§": "párrafo", "°": "grados",
            "*": "por", "×": "por",
        ],
        fractions: [
            "1/2": "un medio", "1/3": "un tercio", "2/3": "dos tercios", "1/4": "un cuarto", "3/4": "tres cuartos",
            "24/7": "veinticuatro siete", "½": "un medio", "¼": "un cuarto", "¾": "tres cuartos",
        ]
    )

    private static let dollar = SpokenCurrency(major: .init("dólar", "dólares"), minor: .init("centavo", "centavos"))
    private static let euro = SpokenCurrency(major: .init("euro", "euros"), minor: .init("céntimo", "céntimos"))
}
