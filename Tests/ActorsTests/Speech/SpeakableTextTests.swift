import Actors
import TestSupport
import Testing

@Suite("Speakable text")
struct SpeakableTextTests {
    private func check(_ table: [(String, String)], _ language: String) {
        for (written, spoken) in table {
            let text = SpeakableText(written, language: language)
            #expect(text.spoken == spoken, "\(written)")
            #expect(text.written == written)
        }
    }

    @Test func english() {
        check(
            [
                ("I have 3 dogs.", "I have three dogs."),
                ("-5 and 1,234.56", "minus five and one thousand two hundred thirty-four point five six"),
                ("the 21st, 3rd and 12th", "the twenty-first, third and twelfth"),
                ("1000000", "one zero zero, zero zero zero zero"),
                ("In 1999 and since 2005.", "In nineteen ninety-nine and since two thousand five."),
                ("9-12 and 24/7", "nine to twelve and twenty-four seven"),
                ("Call +12025550142.", "Call plus one, two zero two, five five five, zero one four two."),
                ("Call (202) 555-0142 now", "Call two zero two, five five five, zero one four two now"),
                ("Call 555-0142!", "Call five five five, zero one four two!"),
                ("on 2025-03-03", "on March third, twenty twenty-five"),
                ("3/4/2025", "March fourth, twenty twenty-five"),
                ("March 3, 2025 or May 5th", "March third, twenty twenty-five or May fifth"),
                ("you may 5 times", "you may five times"),
                ("Jan. 5 at 9:30 am", "January fifth at nine thirty A M"),
                ("at 9:00, 14:05 or 5pm.", "at nine o'clock, fourteen oh five or five P M."),
                ("from 9 a.m. to 5 p.m.", "from nine A M to five P M."),
                ("9:00-17:00", "nine o'clock to seventeen hundred"),
                ("$25, $4.50 and $0.99", "twenty-five dollars, four dollars and fifty cents and ninety-nine cents"),
                ("$1 or £1.01", "one dollar or one pound and one penny"),
                ("$2.5 million", "two point five million dollars"),
                ("€5-10", "five to ten euros"),
                ("25%, 3.5 %", "twenty-five percent, three point five percent"),
                (
                    "5 km, 20°C, 1 kg, 2.5mg",
                    "five kilometers, twenty degrees Celsius, one kilogram, two point five milligrams"
                ),
                ("anna.lee@oak-vets.com", "anna dot lee at oak dash vets dot com"),
                ("https://www.vets.com/book/", "W W W dot vets dot com slash book"),
                ("see vets.co.uk.", "see vets dot co dot uk."),
                ("Dr. Lee, Main Dr. and St. Mary", "Doctor Lee, Main Drive and Saint Mary"),
                ("e.g. cats, etc.", "for example cats, et cetera."),
                ("Ask for No. 5. No.", "Ask for number five. No."),
                ("The FBI, NASA and two PCs", "The F B I, NASA and two P C's"),
                ("Code AB123 and B12", "Code A B one two three and B twelve"),
                ("R&D & you", "R and D and you"),
                ("version 1.2.3", "version one dot two dot three"),
                ("CALL 911 NOW", "CALL nine one one NOW"),
                ("about ~5 km", "about about five kilometers"),
                ("", ""), ("plain words", "plain words"),
            ],
            "en-US"
        )
        check([("3/4/2025", "the third of April twenty twenty-five")], "en-GB")
    }

    @Test func german() {
        check(
            [
                ("Ich habe 21 Hunde und 1 Hund.", "Ich habe einundzwanzig Hunde und ein Hund."),
                ("1.234,5 und -3", "eintausendzweihundertvierunddreißig Komma fünf und minus drei"),
                ("am 3. März 2025", "am dritten März zweitausendfünfundzwanzig"),
                ("der 1. Mai 1999", "der erste Mai neunzehnhundertneunundneunzig"),
                (
                    "am 03.04.2025 oder am 7.5. früh",
                    "am dritten April zweitausendfünfundzwanzig oder am siebten Mai früh"
                ),
                ("im 2. Stock", "im zweiten Stock"),
                ("um 9:30 Uhr, 9.15 Uhr, 1 Uhr", "um neun Uhr dreißig, neun Uhr fünfzehn, ein Uhr"),
                ("9:00–12:00 Uhr", "neun Uhr bis zwölf Uhr"),
                ("4,50 € und 1 €", "vier Euro fünfzig und ein Euro"),
                ("2,5 Mio. €", "zwei Komma fünf Millionen €"),
                ("25 % von 10 km", "fünfundzwanzig Prozent von zehn Kilometer"),
                ("1 Std. und 20 min", "eine Stunde und zwanzig Minuten"),
                ("Tel. 030 1234567", "Telefon null drei null, eins zwei drei, vier fünf sechs sieben"),
                ("+49 171 555", "plus vier neun, eins sieben eins, fünf fünf fünf"),
                ("info@praxis-beck.de", "info ät praxis Bindestrich beck Punkt de"),
                ("z. B. Dr. Beck, Hauptstr. 5", "zum Beispiel Doktor Beck, Hauptstraße fünf"),
                ("Nr. 7 bzw. 8 usw.", "Nummer sieben beziehungsweise acht und so weiter."),
                ("beim ADAC & der EU", "beim A D A C und der E U"),
                ("10 000 Euro", "zehntausend Euro"),
                ("Wählen Sie die 112.", "Wählen Sie die eins eins zwei."),
            ],
            "de-DE"
        )
    }

    @Test func french() {
        check(
            [
                ("71, 80, 81 et 99", "soixante et onze, quatre-vingts, quatre-vingt-un et quatre-vingt-dix-neuf"),
                ("1 234,5 et 2 000 000", "mille deux cent trente-quatre virgule cinq et deux millions"),
                ("le 1er, la 2e et 1 mai", "le premier, la deuxième et premier mai"),
                ("le 03/04/2025", "le trois avril deux mille vingt-cinq"),
                ("à 9h30, 14:05 ou 1h", "à neuf heures trente, quatorze heures cinq ou une heure"),
                ("9 h 30", "neuf heures trente"),
                ("4,50 € et 1 €", "quatre euros cinquante et un euro"),
                ("25 % et 1,5 km", "vingt-cinq pour cent et un virgule cinq kilomètre"),
                ("01 23 45 67 89", "zéro un, deux trois, quatre cinq, six sept, huit neuf"),
                ("M. Dupont et Mme Roy", "Monsieur Dupont et Madame Roy"),
                ("n° 5, tél. fixe", "numéro cinq, téléphone fixe"),
                ("anna@vets.fr", "anna arobase vets point fr"),
                ("la SNCF", "la S N C F"),
            ],
            "fr-FR"
        )
    }

    @Test func spanish() {
        check(
            [
                ("21 perros, 1 perro y 31", "veintiún perros, un perro y treinta y uno"),
                ("1.234,56", "mil doscientos treinta y cuatro coma cincuenta y seis"),
                ("el 03/04/2025", "el tres de abril de dos mil veinticinco"),
                ("a las 9:30, 14:05 h o 1:15", "a las nueve y media, catorce y cinco horas o una y cuarto"),
                ("4,50 € y 1 €", "cuatro euros con cincuenta y un euro"),
                ("200 h y 25 %", "doscientas horas y veinticinco por ciento"),
                ("612 345 678", "seis uno dos, tres cuatro cinco, seis siete ocho"),
                ("el Sr. Gil y la Sra. Paz, p. ej.", "el señor Gil y la señora Paz, por ejemplo."),
                ("EE. UU. y 2.º", "Estados Unidos y segundo"),
                ("ana@clinica.es", "ana arroba clinica punto es"),
                ("el DNI", "el D N I"),
            ],
            "es-ES"
        )
    }

    @Test func aVendorThatNormalisesGetsTheWrittenText() {
        let text = "Dr. Lee costs $25 at 9:30."
        #expect(SpeakableText(text, style: .written).spoken == text)
        #expect(SpeakableText(text, style: [.money]).spoken == "Dr. Lee costs twenty-five dollars at 9:30.")
        #expect(SpeakableText("25 kg", language: "ja").spoken == "25 kg")
    }

    @Test(
        arguments: [
            (["Oakfield": "Oak field"], "OAKFIELD's dogs, Oakfields", "Oak field's dogs, Oakfields"),
            (["Dr. Ng": "Doctor Ing", "Ng": "Eng"], "Ask dr. ng. Or Ng!", "Ask Doctor Ing. Or Eng!"),
            (["new york": "noo york", "new": "knew"], "New York (new)", "noo york (knew)"),
            (["C++": "see plus plus"], "In C++, yes", "In see plus plus, yes"),
            (["": "x", "a": "", "...": "dots"], "a ... b", "a ... b"),
        ] as [([String: String], String, String)]
    )
    func aTenantsWordsAreSaidTheTenantsWay(sayings: [String: String], written: String, spoken: String) {
        let text = SpeakableText(written, style: .written, pronunciations: Pronunciations(sayings))
        #expect(text.spoken == spoken)
    }

    @Test func whatWasHeardIsKnownInWrittenWords() {
        let text = SpeakableText("It is $25 at 9:30 am, ok?")
        #expect(text.spoken == "It is twenty-five dollars at nine thirty A M, ok?")
        let bytes = Array(text.written.utf8)
        let said = text.spoken.split(separator: " ")
        var start = 0
        let words = said.enumerated().map { index, word in
            defer { start += word.utf8.count + 1 }
            return SpokenWord(utf8Range: start..<start + word.utf8.count, samples: index * 100..<index * 100 + 100)
        }
        let written = text.written(words).map {
            (String(decoding: bytes[$0.utf8Range], as: UTF8.self), $0.samples)
        }
        #expect(written.map(\.0) == ["It", "is", "$25", "at", "9:30", "am,", "ok?"])
        #expect(written.map(\.1.lowerBound) == [0, 100, 200, 400, 500, 700, 900])
    }

    @Test func wordsSaidAsOneStretchShareItsTime() {
        let text = SpeakableText("over $2 million paid")
        #expect(text.spoken == "over two million dollars paid")
        let words = text.written([
            SpokenWord(utf8Range: 0..<4, samples: 0..<100), SpokenWord(utf8Range: 5..<24, samples: 100..<1000),
        ])
        #expect(words.map(\.utf8Range) == [0..<4, 5..<7, 8..<15])
        #expect(words.map(\.isEstimated) == [false, true, true])
        #expect(words.last?.samples.upperBound == 1000)
    }

    private static let parts = [
        "5", "$", "$5", "€", "3.", "Mai", "March", "2025", "2025-03-03", "9:30", "am", "a.m.", "Uhr", "h", "+1", "202",
        "(030)",
        "555-0142", "0142", "%", "25%", "km", "Dr.", "z.", "B.", "FBI", "a@b.de", "www.x", "&", "1/2", "-", "–", "...",
        "é", "日本",
        "1.2.3", "1,234", "10-12", "#5", "~3", "million", "Oakfield", "999999999999999999999", "1er", "2.º", "''",
        "\"(", "!?",
        "AB12", "-5", "+", "/", ":", "12:", "99:99", "32.13.2025", "0", "00", "1.000,5", "\u{301}", "½",
    ]

    @Test(arguments: ["en-US", "en-GB", "fr", "de", "es", "xx"])
    func anyTextHasSpansThatCoverIt(language: String) {
        let sayings = Pronunciations(["Oakfield": "Oak field", "Dr. Mai": "Doctor My"])
        for seed in UInt64(1)...60 {
            var generator = SeededGenerator(seed: seed)
            let written = (0..<20).map { _ in
                (Self.parts.randomElement(using: &generator) ?? "")
                    + (Int.random(in: 0..<4, using: &generator) > 0 ? " " : "")
            }.joined()
            let text = SpeakableText(written, language: language, pronunciations: sayings)
            let from = Array(written.utf8)
            let to = Array(text.spoken.utf8)
            var rebuilt: [UInt8] = []
            var place = 0
            var said = 0
            for span in text.spans {
                #expect(span.written.lowerBound >= place && span.spoken.lowerBound >= said, "seed \(seed)")
                #expect(from[place..<span.written.lowerBound] == to[said..<span.spoken.lowerBound], "seed \(seed)")
                rebuilt += from[place..<span.written.lowerBound] + to[span.spoken]
                place = span.written.upperBound
                said = span.spoken.upperBound
                #expect(text.written(span.spoken) == span.written)
                #expect(text.spoken(span.written) == span.spoken)
            }
            #expect(rebuilt + from[place...] == to, "seed \(seed)")
            for _ in 0..<20 {
                let lower = Int.random(in: 0...to.count, using: &generator)
                let range = lower..<Int.random(in: lower...to.count, using: &generator)
                let back = text.written(range)
                #expect(back.lowerBound >= 0 && back.upperBound <= from.count, "seed \(seed)")
            }
        }
    }
}
