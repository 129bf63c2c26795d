import Actors

/// A small animal practice, as a tenant's profile describes it.
enum ClinicProfile {
    static let profile = TenantProfile(
        id: "clinic",
        name: "Clinic",
        numbers: ["*"],
        greeting: "Hello.",
        emergency: .init(words: [
            "emergency", "bleeding", "not breathing", "choking", "hit by a car", "poisoned", "seizure", "collapsed",
            "chest pain",
        ]),
        intents: [
            intent(
                "book",
                [
                    "I would like to book an appointment", "I would like to make an appointment",
                    "I need an appointment for my dog",
                    "Can I schedule a visit?", "my cat needs to see a vet", "book an appointment",
                ],
                ["book", "schedule", "appointment", "check up"],
                [
                    .init(name: "when", kind: .dayTime, ask: "When?"),
                    .init(name: "animal", kind: .choice, ask: "Which animal?", options: ["dog", "cat", "rabbit"]),
                ]
            ),
            intent(
                "change",
                ["I need to move my appointment", "Can I change my appointment?", "reschedule"],
                ["move", "reschedule", "change"]
            ),
            intent(
                "cancel",
                ["I need to cancel my appointment", "I want to cancel an appointment", "cancel my appointment"],
                ["cancel"]
            ),
            intent(
                "hours",
                ["What are your opening hours?", "When are you open?", "What time do you close?"],
                ["hours", "open", "close"]
            ),
            intent("price", ["How much is a visit?", "What does a check up cost?"], ["price", "cost", "how much"]),
            intent(
                "vaccination",
                ["My puppy needs her shots", "I want to vaccinate my cat"],
                ["vaccination", "vaccinate", "shots"]
            ),
            // A word no dictionary holds.
            intent("food", ["Do you sell Zyxoflex?", "Do you have Royal Kannin 24?"], ["zyxoflex", "pet food"]),
            intent(
                "person",
                ["I want to speak to a person", "Can I talk to someone?"],
                ["person", "human", "receptionist"]
            ),
            intent("repeat", ["Can you repeat that please?", "Say that again"], ["repeat"]),
            intent("goodbye", ["Goodbye", "Bye bye"], ["goodbye", "bye"]),
        ]
    )

    private static func intent(
        _ name: String,
        _ phrases: [String],
        _ keywords: [String],
        _ slots: [TenantProfile.Slot] = []
    ) -> TenantProfile.Intent {
        TenantProfile.Intent(name: name, phrases: phrases, keywords: keywords, slots: slots, say: "Yes.")
    }
}
