import Actors
import Testing

@Suite("Emergency spotter")
struct EmergencySpotterTests {
    private static let words = [
        "emergency", "bleeding", "not breathing", "can't breathe", "hit by a car", "poison", "seizure", "on fire",
        "choking",
    ]
    private let spotter = EmergencySpotter(words: words)

    @Test(
        "Danger fires, as the phrase the profile writes",
        arguments: [
            ("this is an emergency", "emergency"),
            ("EMERGENCY!", "emergency"),
            ("my dog is bleeding", "bleeding"),
            ("she isn't breathing", "not breathing"),
            ("she isnt breathing at all", "not breathing"),
            ("he is not breathing", "not breathing"),
            ("i cannot breathe", "can't breathe"),
            ("i can not breathe", "can't breathe"),
            ("he was hit by the car", "hit by a car"),
            ("he got hit by car", "hit by a car"),
            ("i think he ate poison", "poison"),
            ("the buffet is on fire", "on fire"),
            ("no he is bleeding", "bleeding"),
            ("no it is an emergency", "emergency"),
            ("No, emergency!", "emergency"),
            ("not just bleeding", "bleeding"),
            ("i don't know if it is an emergency", "emergency"),
            ("it's not an emergency but he is bleeding", "bleeding"),
            ("this is not a joke this is an emergency", "emergency"),
            ("is it choking", "choking"),
        ]
    )
    func fires(text: String, word: String) {
        #expect(spotter.spot(text) == word)
    }

    @Test(
        "Calm talk and denied danger do not fire",
        arguments: [
            "this is not an emergency", "it isn't an emergency", "it's no emergency", "no emergency",
            "this is not really an emergency", "it is not a real emergency", "he isn't bleeding", "he is not bleeding",
            "she is no longer bleeding", "there is no bleeding", "no sign of bleeding", "without any bleeding",
            "he is not having a seizure", "she has never had a seizure", "this is not a medical emergency",
            "i don't have an emergency", "the emergencies act", "we sell poisonous plants", "the fireplace",
            "a bleedin shame",
            "this is not an emer", "hit by a", "i would like to book an appointment", "", "  ...  ",
        ]
    )
    func staysQuiet(text: String) {
        #expect(spotter.spot(text) == nil)
    }

    @Test("The longest phrase is reported, and its words with its denial")
    func mentions() {
        let spotter = EmergencySpotter(words: ["breathing", "trouble breathing"])
        let words = SpokenWords.words("he has trouble breathing but no breathing noise")
        let mentions = spotter.mentions(in: words)
        #expect(mentions.map(\.word) == ["trouble breathing", "breathing"])
        #expect(mentions.map(\.isDenied) == [false, true])
        #expect(mentions.map(\.words) == [2..<4, 5..<7])
    }

    @Test("Growing partial transcripts fire once the phrase is whole, and stay fired")
    func partials() {
        let words = "help my dog was hit by a car outside".split(separator: " ")
        let fired = (1...words.count).map { spotter.spot(words.prefix($0).joined(separator: " ")) != nil }
        #expect(fired == [false, false, false, false, false, false, false, true, true])
    }

    @Test("No words, and words without a letter, never fire")
    func empty() {
        #expect(EmergencySpotter(words: []).spot("emergency") == nil)
        #expect(EmergencySpotter(words: ["", "...", "a"]).spot("a ... emergency") == nil)
    }
}
