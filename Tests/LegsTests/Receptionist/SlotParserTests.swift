import Actors
import Foundation
import Legs
import Testing

@Suite("Days and times in words")
struct DayTimeReaderTests {
    /// What is heard, and what it means on Thursday 19 November 2026, 10:20 in New York, right after it was asked for.
    static let answers: [(String, String)] = [
        ("next wednesday at nine in the morning", "Wednesday the 25th of November at nine in the morning"),
        ("wednesday at nine", "Wednesday the 25th of November at nine in the morning"),
        ("tuesday at ten thirty", "Tuesday the 24th of November at ten thirty in the morning"),
        ("tuesday ten thirty", "Tuesday the 24th of November at ten thirty in the morning"),
        ("ten thirty on tuesday", "Tuesday the 24th of November at ten thirty in the morning"),
        ("Tuesday at 10:30", "Tuesday the 24th of November at ten thirty in the morning"),
        ("tuesday at 2:15 pm", "Tuesday the 24th of November at two fifteen in the afternoon"),
        ("tuesday at 14:15", "Tuesday the 24th of November at two fifteen in the afternoon"),
        ("tomorrow afternoon", "Friday the 20th of November in the afternoon"),
        ("tomorrow morning at eight", "Friday the 20th of November at eight in the morning"),
        ("tomorrow at noon", "Friday the 20th of November at noon"),
        (
            "the day after tomorrow at quarter to five",
            "Saturday the 21st of November at four forty five in the afternoon"
        ),
        ("the twenty first of march at half past two", "Sunday the 21st of March at two thirty in the afternoon"),
        ("march the twenty first at two", "Sunday the 21st of March at two in the afternoon"),
        ("march twenty first", "Sunday the 21st of March"),
        ("march twenty one", "Sunday the 21st of March"),
        ("the third of december", "Thursday the 3rd of December"),
        ("december 3rd at 5pm", "Thursday the 3rd of December at five in the afternoon"),
        ("on the thirtieth", "Monday the 30th of November"),
        ("the tenth", "Thursday the 10th of December"),
        ("the thirty first", "Thursday the 31st of December"),
        ("tuesday the twenty fourth of november", "Tuesday the 24th of November"),
        ("monday", "Monday the 23rd of November"),
        ("thursday", "Thursday the 26th of November"),
        ("this thursday", "Thursday the 19th of November"),
        ("next thursday", "Thursday the 26th of November"),
        ("next friday", "Friday the 27th of November"),
        ("friday next week", "Friday the 27th of November"),
        ("this friday", "Friday the 20th of November"),
        ("in two weeks", "Thursday the 3rd of December"),
        ("in three days at four", "Sunday the 22nd of November at four in the afternoon"),
        ("in a week", "Thursday the 26th of November"),
        ("noon", "noon"),
        ("midnight", "midnight"),
        ("ten", "ten in the morning"),
        ("at ten", "ten in the morning"),
        ("ten o'clock", "ten in the morning"),
        ("ten a m", "ten in the morning"),
        ("three", "three in the afternoon"),
        ("three in the morning", "three in the morning"),
        ("seven in the evening", "seven in the evening"),
        ("seven", "seven in the morning"),
        ("eight at night", "eight in the evening"),
        ("eleven at night", "eleven at night"),
        ("nine thirty pm", "nine thirty in the evening"),
        ("twelve thirty", "twelve thirty in the afternoon"),
        ("quarter to five", "four forty five in the afternoon"),
        ("a quarter past nine", "nine fifteen in the morning"),
        ("half past eleven", "eleven thirty in the morning"),
        ("half two", "two thirty in the afternoon"),
        ("ten past three", "three ten in the afternoon"),
        ("twenty five to six", "five thirty five in the afternoon"),
        ("five minutes to one", "twelve fifty five in the afternoon"),
        ("ten oh five", "ten oh five in the morning"),
        ("nine forty five", "nine forty five in the morning"),
        ("1030", "ten thirty in the morning"),
        ("in the afternoon", "in the afternoon"),
        ("tonight at eight", "Thursday the 19th of November at eight in the evening"),
        ("today at four", "Thursday the 19th of November at four in the afternoon"),
        ("today at nine", "Thursday the 19th of November at nine in the evening"),
        ("this afternoon", "Thursday the 19th of November in the afternoon"),
        ("this afternoon at three thirty", "Thursday the 19th of November at three thirty in the afternoon"),
        ("uh maybe friday um at eleven", "Friday the 20th of November at eleven in the morning"),
        ("not tuesday wednesday", "Wednesday the 25th of November"),
        ("tuesday no sorry wednesday at ten", "Wednesday the 25th of November at ten in the morning"),
        ("tuesday or wednesday", "Tuesday the 24th of November"),
        ("the first of may twenty twenty eight at noon", "Monday the 1st of May at noon"),
        ("the twenty ninth of february", ""),
        ("thirtieth of february", ""),
        ("may i ask you something", ""),
        ("i march to work", ""),
        ("good morning", ""),
        ("i do not know", ""),
        ("five dogs", ""),
        ("in ten minutes", ""),
        ("twenty people", ""),
        ("that one", ""),
        ("", ""),
    ]

    @Test("What is said in answer to the question", arguments: answers)
    func asked(heard: String, meaning: String) {
        let reader = DayTimeReader(timeZone: "America/New_York", now: ReceptionistFixtures.now)
        let value = reader.read(ReceptionistFixtures.words(heard), isAsked: true)?.value
        #expect(value.map(reader.speech().text) ?? "" == meaning)
    }

    @Test(
        "In passing only what is unmistakable counts",
        arguments: [
            (
                "i would like to book an appointment for tuesday at ten thirty",
                "Tuesday the 24th of November at ten thirty in the morning"
            ),
            ("can i come at ten", "ten in the morning"),
            ("can i come tomorrow at ten", "Friday the 20th of November at ten in the morning"),
            ("i have ten dogs", ""),
            ("the first thing is my dog is second to none", ""),
            ("i need one", ""),
            ("a quote for fifty on saturday", "Saturday the 21st of November"),
            ("i have three", ""),
            ("for ten guests at six", "six in the evening"),
        ]
    )
    func inPassing(heard: String, meaning: String) {
        let reader = DayTimeReader(timeZone: "America/New_York", now: ReceptionistFixtures.now)
        let value = reader.read(ReceptionistFixtures.words(heard), isAsked: false)?.value
        #expect(value.map(reader.speech().text) ?? "" == meaning)
    }

    @Test(
        "A correction changes only what it names",
        arguments: [
            ("thursday", "Thursday the 26th of November at ten thirty in the morning"),
            ("at nine", "Tuesday the 24th of November at nine in the morning"),
            ("in the evening", "Tuesday the 24th of November at ten thirty at night"),
            ("friday at two", "Friday the 20th of November at two in the afternoon"),
            ("in the afternoon", "Tuesday the 24th of November in the afternoon"),
        ]
    )
    func corrections(heard: String, meaning: String) throws {
        let reader = DayTimeReader(timeZone: "America/New_York", now: ReceptionistFixtures.now)
        let known = try #require(reader.read(ReceptionistFixtures.words("tuesday at ten thirty"), isAsked: true)).value
        let value = try #require(reader.read(ReceptionistFixtures.words(heard), known: known, isAsked: true)).value
        #expect(reader.speech().text(value) == meaning)
    }

    @Test("The day is the tenant's, not the server's")
    func timeZones() throws {
        // 23:30 on the 19th in New York, half past six in the morning of the 20th in Helsinki.
        let now = Date(timeIntervalSince1970: 1_795_149_000)
        let words = ReceptionistFixtures.words("tomorrow at noon")
        let there = DayTimeReader(timeZone: "America/New_York", now: now)
        let here = DayTimeReader(timeZone: "Europe/Helsinki", now: now)
        let newYork = try #require(there.read(words, isAsked: true)).value
        let helsinki = try #require(here.read(words, isAsked: true)).value
        #expect(newYork.day == DayTime.Day(year: 2026, month: 11, day: 20))
        #expect(helsinki.day == DayTime.Day(year: 2026, month: 11, day: 21))
        // Noon in New York is 17:00 UTC.
        #expect(there.moment(newYork)?.timeIntervalSince1970 == 1_795_194_000)
    }

    @Test("The past is known, also where clocks change")
    func past() throws {
        let reader = DayTimeReader(timeZone: "America/New_York", now: ReceptionistFixtures.now)
        let early = DayTime(day: .init(year: 2026, month: 11, day: 19), time: .init(hour: 9))
        #expect(reader.isPast(early))
        #expect(reader.isPast(DayTime(day: .init(year: 2026, month: 11, day: 18))))
        #expect(!reader.isPast(DayTime(day: .init(year: 2026, month: 11, day: 19))))
        // 14 March 2027, 2:30 does not exist in New York; it is moved, not lost.
        #expect(
            reader.moment(DayTime(day: .init(year: 2027, month: 3, day: 14), time: .init(hour: 2, minute: 30))) != nil
        )
    }
}

@Suite("Other slots in words")
struct SlotParserTests {
    @Test(
        "Numbers",
        arguments: [
            ("forty five", 45), ("one hundred and twenty", 120), ("a hundred", 100), ("two hundred fifty", 250),
            ("a dozen", 12), ("half a dozen", 6), ("one thousand two hundred", 1200), ("45", 45), ("seventeen", 17),
            ("a hundred and five", 105), ("twenty", 20), ("zero", 0), ("two thousand and one", 2001),
        ]
    )
    func numbers(heard: String, value: Int) throws {
        let words = ReceptionistFixtures.words(heard)
        let found = try #require(SpokenNumber.cardinal(in: words[...]))
        #expect(found.value == value)
        #expect(found.length == words.count)
    }

    @Test("Every number to 20 000 is read as it is said")
    func numberRoundTrip() {
        for value in 0...20_000 {
            let words = ReceptionistFixtures.words(SpokenNumber.words(value))
            let found = SpokenNumber.cardinal(in: words[...])
            #expect(found?.value == value && found?.length == words.count, "\(value): \(words)")
        }
    }

    @Test("Words that are no number", arguments: ["hundred", "and", "a dog", "many", "thousand", ""])
    func noNumber(heard: String) {
        #expect(SpokenNumber.cardinal(in: ReceptionistFixtures.words(heard)[...]) == nil)
    }

    @Test(
        "Digits, and how they are read back",
        arguments: [
            ("my phone number is five five five one two three four", "5551234", "five five five, one two three four"),
            ("five five five, one two three four", "5551234", "five five five, one two three four"),
            ("double five oh one", "5501", "five five zero one"),
            ("triple nine", "999", "nine nine nine"),
            ("555-1234", "5551234", "five five five, one two three four"),
            ("it is 2025550142 thank you", "2025550142", "two zero two, five five five, zero one four two"),
            ("twenty one forty two", "2142", "two one four two"),
            ("one two three uh four five six seven", "4567", "four five six seven"),
            ("six", "6", "six"),
        ]
    )
    func digits(heard: String, digits: String, spoken: String) throws {
        let run = try #require(SpokenDigits.run(in: ReceptionistFixtures.words(heard)))
        #expect(run.digits == digits)
        #expect(SpokenDigits.spoken(run.digits) == spoken)
    }

    @Test(
        "Names in answer to the question",
        arguments: [
            ("my name is john smith", "John Smith"), ("it's rex", "Rex"), ("rex", "Rex"),
            ("john smith speaking", "John Smith"),
            ("this is mary jones", "Mary Jones"), ("i am paul o'brien", "Paul O'Brien"), ("her name is bella", "Bella"),
            ("uh the dog is called max", "Max"), ("rex and bella", "Rex and Bella"),
            ("under the name of baker please", "Baker"),
            ("yes it is luna", "Luna"), ("mister whiskers", "Whiskers"), ("smith on tuesday", "Smith"),
        ]
    )
    func names(heard: String, name: String) {
        #expect(SpokenName.name(in: ReceptionistFixtures.words(heard), isAsked: true) == name)
    }

    @Test(
        "Sentences that are no name",
        arguments: [
            "i do not know", "what do you mean", "why do you need that", "can i speak to someone", "five five five", "",
            "tomorrow at ten", "i would rather not say", "never mind", "that is right",
            "the blue dog that barks all night long",
        ]
    )
    func noNames(heard: String) {
        #expect(SpokenName.name(in: ReceptionistFixtures.words(heard), isAsked: true) == nil)
    }

    @Test("Unasked, only a sentence that says it is a name gives one")
    func unaskedNames() {
        #expect(SpokenName.name(in: ReceptionistFixtures.words("hello my name is anna"), isAsked: false) == "Anna")
        #expect(SpokenName.name(in: ReceptionistFixtures.words("hello anna"), isAsked: false) == nil)
    }

    @Test(
        "Choices",
        arguments: [
            ("a wedding please", 0), ("it's a birthday", 1), ("birthday party", 1), ("an office event", 2),
            ("office", 2),
            ("something else", 3), ("the second one", 1), ("number three", 2), ("the last one", 3), ("weddings", 0),
            ("two", 1), ("for the office", 2), ("blue", nil), ("event party office birthday", nil), ("", nil),
        ] as [(String, Int?)]
    )
    func choices(heard: String, index: Int?) {
        let options = ["wedding", "birthday party", "office event", "something else"]
        #expect(SpokenChoice.option(in: ReceptionistFixtures.words(heard), of: options, isAsked: true) == index)
    }

    @Test(
        "Yes",
        arguments: [
            "yes", "yes that works", "yeah", "yep", "correct", "that's right", "sure", "of course", "okay", "ok",
            "go ahead",
            "sounds good", "perfect", "yes please", "uh yes", "that is correct", "fine by me", "absolutely", "uh huh",
            "no that's right", "i think so", "please do", "all right",
        ]
    )
    func yes(heard: String) {
        #expect(YesNo(ReceptionistFixtures.words(heard))?.last == .yes)
    }

    @Test(
        "No",
        arguments: [
            "no", "no thank you", "nope", "not really", "no thanks", "nah", "that's wrong", "that is not right",
            "i don't think so",
            "not quite", "um no", "absolutely not", "incorrect", "no no", "not at all", "yes that's not right",
            "no it isn't",
        ]
    )
    func no(heard: String) {
        #expect(YesNo(ReceptionistFixtures.words(heard))?.last == .no)
    }

    @Test(
        "Neither yes nor no",
        arguments: [
            "tuesday", "i would like the right one", "maybe", "i don't know", "what", "book an appointment", "notice",
            "",
            "northern", "yesterday", "it is rex", "i am calling about my dog", "right now",
        ]
    )
    func neither(heard: String) {
        #expect(YesNo(ReceptionistFixtures.words(heard)) == nil)
    }

    @Test("What follows the answer is kept")
    func rest() {
        #expect(YesNo(ReceptionistFixtures.words("no, thursday at nine"))?.rest == ["thursday", "at", "nine"])
        #expect(YesNo(ReceptionistFixtures.words("yes but at ten"))?.rest == ["but", "at", "ten"])
    }
}
