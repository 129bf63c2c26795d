/// Words of one language that do, or do not, end what is said. Lower case, as `SpokenWords` cuts them.
struct SentenceEndings: Sendable {
    /// Conjunctions, articles, possessives, prepositions and fillers after which more must come.
    var open: Set<String> = []
    /// Forms of "to be" that link a noun to what is still to be said, unless a pronoun stands before them.
    var linking: Set<String> = []
    var pronouns: Set<String> = []
    /// Digits as words.
    var digits: Set<String> = []

    static func of(_ language: String) -> SentenceEndings {
        byLanguage[String(language.lowercased().prefix { $0 != "-" && $0 != "_" })] ?? SentenceEndings()
    }

    private static func words(_ text: String) -> Set<String> { Set(text.split(separator: " ").map(String.init)) }

    private static let byLanguage: [String: SentenceEndings] = [
        "en": SentenceEndings(
            open: words(
                """
                and or but because if unless although while whether since than the a an my your our their its every \
                of to for with from at between until during without into um uh uhm er erm hmm i we i'm
                """
            ),
            linking: words("is are was were"),
            pronouns: words("it he she that there they we i you this these those what who where how when all"),
            digits: words("zero oh one two three four five six seven eight nine double")
        ),
        "fr": SentenceEndings(
            open: words(
                """
                et ou mais donc car que qu parce si lorsque puisque quand comme le la les l un une des du de d au aux à \
                mon ma mes son sa ses notre nos votre vos leur leurs pour avec sans sur chez vers dans par en entre \
                euh heu ben je j il elle on nous c n s m
                """
            ),
            linking: words("est sont était"),
            pronouns: words("il elle ça cela on qui où comment quand c'est"),
            digits: words("zéro un deux trois quatre cinq six sept huit neuf")
        ),
        "de": SentenceEndings(
            open: words(
                """
                und oder aber weil dass wenn ob denn sondern sowie der die den dem des eine einen einem einer eines \
                mein meine meinen meinem meiner unser unsere unseren ihr ihre ihren für von bei im zum zur vom beim \
                bis wegen ohne gegen äh ähm öh ich wir
                """
            ),
            linking: words("ist sind war waren"),
            pronouns: words("es er sie das dies wir ich was wer wo wie wann da so"),
            digits: words("null eins zwei zwo drei vier fünf sechs sieben acht neun")
        ),
        "es": SentenceEndings(
            open: words(
                """
                y e o u pero porque que aunque el la los las un una unos unas mi mis su sus tu tus nuestro nuestra de \
                del a al en con por para sin sobre entre desde hasta cuando donde eh em yo
                """
            ),
            linking: words("es son era está están"),
            pronouns: words("él ella eso esto qué quién dónde cómo cuándo así aquí lo"),
            digits: words("cero uno dos tres cuatro cinco seis siete ocho nueve")
        ),
    ]
}
