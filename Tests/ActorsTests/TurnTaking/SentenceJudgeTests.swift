import Actors
import Testing

@Suite("Sentence judge")
struct SentenceJudgeTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var language: String
        var text: String
        var state: SentenceState
        var testDescription: String { "\(language): \(text)" }

        init(_ language: String, _ text: String, _ state: SentenceState) {
            (self.language, self.text, self.state) = (language, text, state)
        }
    }

    @Test(arguments: [
        Case("en-US", "i would like to", .unfinished), Case("en-US", "I would like to book a.", .unfinished),
        Case("en-US", "it is for my", .unfinished), Case("en-US", "tuesday or", .unfinished),
        Case("en-US", "my name is", .unfinished), Case("en-US", "um", .unfinished),
        Case("en-US", "well, I think,", .unfinished), Case("en-US", "and then...", .unfinished),
        Case("en-US", "yes it is", .unknown), Case("en-US", "what time is it", .unknown),
        Case("en-US", "book an appointment", .unknown), Case("en-US", "can i come in", .unknown),
        Case("en-US", "Book an appointment.", .finished), Case("en-US", "Are you open?", .finished),
        Case("en-US", "", .unknown), Case("en-US", " ... ", .unknown),
        Case("fr-FR", "je voudrais un rendez-vous pour", .unfinished), Case("fr-FR", "c'est pour l'", .unfinished),
        Case("fr-FR", "il est malade parce que", .unfinished), Case("fr-FR", "je suis là", .unknown),
        Case("fr-FR", "mon nom est", .unfinished), Case("fr-FR", "Merci beaucoup.", .finished),
        Case("de-DE", "ich hätte gern einen", .unfinished), Case("de-DE", "er frisst nicht und", .unfinished),
        Case("de-DE", "ich rufe später an", .unknown), Case("de-DE", "mein Name ist", .unfinished),
        Case("de-DE", "Haben Sie offen?", .finished), Case("es-ES", "quiero una cita para", .unfinished),
        Case("es-ES", "el perro y", .unfinished), Case("es-ES", "quiero una cita", .unknown),
        Case("es-ES", "¿Están abiertos?", .finished), Case("tr-TR", "randevu almak istiyorum", .unknown),
        Case("tr-TR", "Merhaba,", .unfinished), Case("", "and", .unknown),
    ]) func theEndOfTheTextTells(_ example: Case) {
        let judge = WordListJudge(language: example.language)
        #expect(judge.judge(example.text, answering: nil, hasEndpoint: false) == example.state)
    }

    @Test(
        arguments: [
            (.yesNo, "yes", .finished), (.yesNo, "no thank you", .finished), (.yesNo, "yes but", .unfinished),
            (.yesNo, "i do not know whether that is at all possible", .unknown), (.yesNo, "tuesday", .unknown),
            (.digits, "five five", .unfinished), (.digits, "55", .unfinished), (.digits, "five five five", .unknown),
            (.digits, "555 0100", .finished), (.digits, "call me", .unknown),
            (.choice(["the small one", "the big one"]), "The big one", .finished),
            (.choice(["the small one", "the big one"]), "the big", .unknown),
            (.name, "my name is a", .unknown), (.intents, "yes", .unknown), (.anything, "yes", .unknown),
        ] as [(Actors.Expectation, String, SentenceState)]
    ) func anAnswerToAQuestionIsWhole(question: Actors.Expectation, text: String, state: SentenceState) {
        #expect(WordListJudge(language: "en").judge(text, answering: question, hasEndpoint: false) == state)
    }

    @Test func theRecognisersOwnSignCountsUnlessTheWordsSayOtherwise() {
        let judge = WordListJudge(language: "en")
        #expect(judge.judge("book an appointment", answering: nil, hasEndpoint: true) == .finished)
        #expect(judge.judge("book an appointment for", answering: nil, hasEndpoint: true) == .unfinished)
        #expect(judge.judge("", answering: nil, hasEndpoint: true) == .unknown)
    }

    @Test func anyTextIsJudged() {
        let judge = WordListJudge(language: "fr")
        for text in [String(repeating: "a ", count: 100_000), "\u{301}\u{301}", "'", "l'l'l'", "\u{0}", "👩‍👩‍👧‍👦"] {
            _ = judge.judge(text, answering: .digits, hasEndpoint: true)
        }
    }
}
