import Actors
import Testing

@Suite("Redactor")
struct RedactorTests {
    private static let all = Set(PersonalKind.allCases)

    private static let english: [(String, String)] = [
        ("my card is 4111 1111 1111 1111 thanks", "my card is [card] thanks"),
        ("4111-1111-1111-1111", "[card]"), ("card 4111111111111111.", "card [card]."),
        ("4111, 1111, 1111, 1111", "[card]"), ("3782 822463 10005", "[card]"),
        ("it's four one one one one one one one one one one one one one one one okay", "it's [card] okay"),
        ("four triple one double one double one and then double one double one double one double one", "[card]"),
        ("forty one eleven, uh, eleven eleven eleven eleven eleven eleven", "[card]"),
        ("forty-one 11 1111 1111 one one 11", "[card]"),
        ("４１１１ １１１１ １１１１ １１１１", "[card]"),
        ("call +1 (202) 555-0142 please", "call [phone] please"), ("it is 202-555-0142", "it is [phone]"),
        ("2025550142 or (202) 555-0143", "[phone] or [phone]"), ("555-0142", "[phone]"),
        ("two oh two five five five oh one four two", "[phone]"), ("call 2 0 2 5 5 5 0 1 4 2", "call [phone]"),
        ("two zero two triple five oh one four two ext 5", "[phone] ext 5"),
        ("zero seven nine four six double nine one two three", "[phone]"),
        ("my cell is 555 0142", "my cell is [phone]"),
        ("eight hundred five five five oh one nine nine", "[phone]"),
        ("write to anna.meier+vet@example.co.uk, ok", "write to [email], ok"),
        ("anna dot meier at example dot com", "[email]"), ("it's john smith 85 at g mail dot com", "it's john [email]"),
        ("j o h n at example dot com", "[email]"), ("max_power at example.com", "[email]"),
        ("IBAN GB82 WEST 1234 5698 7654 32", "IBAN [iban]"), ("GB82WEST12345698765432", "[iban]"),
        ("i was born on march 3rd 1985 in Leeds", "i was born on [birth_date] in Leeds"),
        ("date of birth 03/04/1985", "date of birth [birth_date]"),
        ("my birthday is the third of march nineteen eighty five", "my birthday is the [birth_date]"),
        ("reference 123456789012345", "reference [number]"),
    ]

    @Test(arguments: english)
    func personalDataIsTakenOut(text: String, kept: String) {
        #expect(Redactor(kinds: Self.all, languages: ["en-GB"]).redact(text) == kept)
    }

    private static let others: [(String, String, String)] = [
        (
            "fr", "mon numéro est le zéro six douze trente-quatre cinquante-six soixante-dix-huit",
            "mon numéro est le [phone]"
        ),
        ("fr", "06 12 34 56 78", "[phone]"), ("fr-CH", "zéro sept neuf quatre cent", "zéro sept neuf quatre cent"),
        ("fr", "jean point dupont arobase exemple point fr", "[email]"),
        ("fr", "né le 3 mars 1985", "né le [birth_date]"), ("fr", "FR14 2004 1010 0505 0001 3M02 606", "[iban]"),
        ("fr", "quarante et un onze onze onze onze onze onze onze", "[card]"),
        ("de", "null eins fünf eins zwo drei vier fünf sechs sieben acht", "[phone]"),
        ("de", "null dreißig, einundzwanzig", "null dreißig, einundzwanzig"),
        ("de", "0171 2345678", "[phone]"), ("de", "max punkt muster at beispiel punkt de", "[email]"),
        ("de", "geboren am dritten mai 1985 in Ulm", "geboren am [birth_date] in Ulm"),
        ("de", "DE89370400440532013000", "[iban]"),
        ("de", "D E 89 37 04 00 44 05 32 01 30 00 bitte", "[iban] bitte"),
        ("de", "einundvierzig elf elf elf elf elf elf elf", "[card]"),
        ("es", "seis doce treinta y cuatro cincuenta y seis siete ocho nueve", "[phone]"),
        ("es", "612 345 678", "[phone]"), ("es", "juan punto perez arroba ejemplo punto es", "[email]"),
        ("es", "nací el 3 de marzo de 1985", "nací el [birth_date]"),
        ("es", "ES91 2100 0418 4502 0005 1332", "[iban]"),
    ]

    @Test(arguments: others)
    func otherLanguagesAreKnown(language: String, text: String, kept: String) {
        #expect(Redactor(kinds: Self.all, languages: [language]).redact(text) == kept)
    }

    private static let ordinary: [(String, [String])] = [
        (
            "en",
            [
                "we open at 9:30 and close at 18:00", "that is $1,234.50 or 1.234,50 €", "1,234,567 dollars",
                "from 2019 to 2023",
                "2019-2023", "in 1999, 2003, 2010, 2015 and 2020", "on 12.05.2026", "on 2026-05-12", "20260512",
                "call back at nine thirty or ten fifteen", "nineteen ninety nine", "two hundred fifty dollars",
                "a check up is sixty five dollars", "twenty five and forty", "one of my two dogs ate three",
                "take 2 pills 3 times a day for 10 days", "it weighs 12.5 kilos", "room 101, floor 3",
                "press 1 or 2 or 3",
                "flight BA 117 at gate 22", "12.50, 13.50, 14.25, 15.99", "the first of may twenty twenty six",
                "look at example dot com", "we are at forty two oak street", "see you at ten", "at home at last",
                "vet@home",
                "10:00, 10:30, 11:00, 11:30, 12:00, 12:30", "01.02.2026, 02.02.2026, 03.02.2026, 04.02.2026",
                "order 1234567", "ICD 9 or 10", "my dog was born with two tails", "100%", "version 1.2.3",
                "I may come in march", "between 100-2000 dollars", "", " ", "?!", "oh no", "double trouble",
            ]
        ),
        (
            "fr",
            ["à neuf heures trente", "1 234,50 euros", "un rendez-vous demain à dix-sept heures", "le 3 mars 2026"]
        ),
        (
            "de",
            [
                "um 9.30 Uhr", "1.234,50 Euro", "ein Termin um siebzehn Uhr dreißig", "am 3. März 2026",
                "die acht Katzen",
            ]
        ),
        ("es", ["a las nueve y media", "1.234,50 euros", "una cita el 3 de marzo de 2026", "once de la mañana"]),
    ]

    @Test(arguments: ordinary)
    func everythingElseStaysToTheLetter(language: String, texts: [String]) {
        let redactor = Redactor(kinds: Self.all, languages: [language])
        for text in texts {
            #expect(redactor.redact(text) == text)
        }
    }

    @Test func onlyTheKindsThatAreAskedForAreTakenOut() {
        let text = "4111 1111 1111 1111, 202-555-0142, a@b.com"
        #expect(Redactor(kinds: []).redact(text) == text)
        #expect(Redactor(kinds: [.card]).redact(text) == "[card], 202-555-0142, a@b.com")
        #expect(Redactor(kinds: [.email]).redact(text) == "4111 1111 1111 1111, 202-555-0142, [email]")
        #expect(Redactor(kinds: [.phone]).redact(text) == "4111 1111 1111 1111, [phone], a@b.com")
    }

    private static let names: [(String, String)] = [
        ("this is Anna Meier", "this is [name]"), ("this is anna", "this is [name]"), ("Meier's dog", "[name]'s dog"),
        ("ANNA MEIER-WILL", "[name]-WILL"), ("Will it be long, Müller?", "Will it be long, [name]?"),
        ("Annabel", "Annabel"),
        ("Will Muller speaking", "[name] speaking"),
    ]

    @Test(arguments: names)
    func theNamesOfTheCallersRecordAreTakenOut(text: String, kept: String) {
        let redactor = Redactor(kinds: [.name], names: ["Anna Meier", "Will Müller", "  ", ""])
        #expect(redactor.redact(text) == kept)
    }

    private static let partials: [(String, String)] = [
        ("my card is four one", "my card is four one"), ("my card is four one one one one", "my card is [number]"),
        ("my card is 4111 1", "my card is [number]"), ("it is 4111 1111 11 yes", "it is 4111 1111 11 yes"),
        ("mail anna@ex", "mail [email]"), ("at 9:30 we", "at 9:30 we"),
    ]

    @Test(arguments: partials)
    func whatMayStillGrowIsTakenOutOfAPartial(text: String, kept: String) {
        #expect(Redactor(kinds: Self.all, languages: ["en"]).redactPartial(text) == kept)
    }

    @Test func theLanguagesOfTheTenantCount() {
        let text = "null eins fünf eins zwo drei vier fünf sechs"
        #expect(Redactor(kinds: Self.all, languages: ["en"]).redact(text) == text)
        #expect(TenantProfile.varied { $0.agent.languages = ["de"] }.redactor(for: .logs).redact(text) == "[phone]")
    }

    @Test func happeningsAreRedactedForASink() {
        let redactor = TenantProfile.test.redactor(for: .records)
        let card = "card 4111 1111 1111 1111"
        #expect(
            CallHappening.agentSaid(turn: 1, text: card).redacted(by: redactor)
                == .agentSaid(turn: 1, text: "card [card]")
        )
        #expect(
            CallHappening.callerSaid(turn: 1, text: card, confidence: 1).redacted(by: redactor)
                == .callerSaid(turn: 1, text: "card [card]", confidence: 1)
        )
        #expect(
            CallHappening.interrupted(turn: 1, heard: card, detect: .zero).redacted(by: redactor)
                == .interrupted(turn: 1, heard: "card [card]", detect: .zero)
        )
        #expect(
            CallHappening.handingOver(to: "+15550100", brief: card).redacted(by: redactor)
                == .handingOver(to: "+15550100", brief: "card [card]")
        )
        var outcome = CallOutcome(reason: .transferred, turns: 1, interruptions: 0, duration: .zero)
        outcome.transferBrief = card
        guard case .ended(let told) = CallHappening.ended(outcome).redacted(by: redactor) else {
            return #expect(Bool(false))
        }
        #expect(told.transferBrief == "card [card]")
        #expect(
            CallHappening.action(.transfer(to: "+15550100")).redacted(by: redactor)
                == .action(.transfer(to: "+15550100"))
        )
    }
}
