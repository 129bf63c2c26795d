import Actors
import Legs
import Testing

/// Rules that hold in every phase of a call, each with as few turns as it needs.
@Suite("Receptionist rules")
struct ReceptionistRulesTests {
    private let person = CallAction.transfer(to: "+12025550142")

    private func clinic() throws -> Conversation { Conversation(try ReceptionistFixtures.profile("oakfield-vets")) }
    private func caterer() throws -> Conversation { Conversation(try ReceptionistFixtures.profile("saffron-catering")) }

    /// A profile without anybody to transfer to.
    private func lonely() throws -> Conversation {
        var profile = try ReceptionistFixtures.profile("oakfield-vets")
        profile.transfer = nil
        return Conversation(profile)
    }

    // MARK: Emergencies

    @Test(
        "An emergency is said and transferred, whatever was going on",
        arguments: [[], ["book an appointment"], ["hours", "no"]]
    )
    func emergency(before: [String]) throws {
        var call = try clinic()
        for line in before { _ = call.say(line) }
        let reply = call.hear(.emergency(word: "bleeding"))
        #expect(reply.text.contains("emergency vet"))
        #expect(reply.action == person)
    }

    @Test("A transcript that holds an emergency word is an emergency even when nobody spotted it before")
    func spottedInSpeech() throws {
        var call = try clinic()
        #expect(call.say("please help my dog was hit by a car").action == person)
    }

    @Test(
        "Denied emergencies trigger nothing",
        arguments: [
            "this is not an emergency", "it isn't an emergency", "no emergency", "he isn't bleeding",
            "it's not an emergency or anything",
        ]
    )
    func denied(text: String) throws {
        var call = try clinic()
        let reply = call.say(text)
        #expect(reply.action == nil)
        #expect(reply.intent == nil)
    }

    @Test("A rejected transcript with an emergency word in it is left to the spotter")
    func rejectedEmergency() throws {
        var call = try clinic()
        #expect(call.say("seizure", isRejected: true).action == nil)
    }

    // MARK: At any time

    @Test(
        "A person can be asked for in any phase and in many words",
        arguments: [
            "i want to speak to a person", "can i talk to someone please", "operator", "give me a real person please",
            "let me speak with a human", "put me through to the front desk", "representative",
            "i would like to talk to the doctor",
        ]
    )
    func personAnyTime(text: String) throws {
        for before in [[], ["book an appointment"], ["book an appointment", "tuesday at ten", "rex"]] {
            var call = try clinic()
            for line in before { _ = call.say(line) }
            #expect(call.say(text).action == person, "\(text) after \(before)")
        }
    }

    @Test("Without anybody to transfer to, the caller is told, and the question is kept")
    func nobody() throws {
        var call = try lonely()
        _ = call.say("book an appointment")
        let reply = call.say("operator")
        #expect(reply.action == nil)
        #expect(reply.expectation == .dayTime)
        #expect(reply.text.contains("nobody I can connect you to"))
    }

    @Test(
        "Goodbye ends the call in any phase",
        arguments: ["goodbye", "bye", "ok thank you bye bye", "Thanks. Goodbye!", "have a nice day"]
    )
    func goodbye(text: String) throws {
        for before in [[], ["book an appointment"], ["book an appointment", "tuesday at ten", "rex"]] {
            var call = try clinic()
            for line in before { _ = call.say(line) }
            let reply = call.say(text)
            #expect(reply.action == .hangUp)
            #expect(reply.text == "Thank you for calling Oakfield. Goodbye.")
        }
    }

    @Test(
        "What was said last is said again",
        arguments: ["can you repeat that please", "say that again", "pardon", "what did you say", "sorry"]
    )
    func repeats(text: String) throws {
        var call = try clinic()
        let before = call.say("what are your opening hours")
        let after = call.say(text)
        #expect(after.text == before.text)
        #expect(after.expectation == before.expectation)
    }

    @Test("Before anything was said, the greeting is repeated; a receptionist that takes over repeats what was heard")
    func repeatsFromOutside() throws {
        let profile = try ReceptionistFixtures.profile("oakfield-vets")
        var call = Conversation(profile)
        #expect(call.say("pardon").text == profile.greeting)
        var receptionist = Receptionist(profile: profile)
        let history = [
            DialogueMessage(party: .agent, text: "The vet is in on Monday."),
            DialogueMessage(party: .caller, text: "pardon"),
        ]
        let cause = DialogueTurn.Cause.speech(Transcript(text: "pardon", provider: "test"))
        #expect(
            receptionist.reply(to: cause, turn: 4, now: ReceptionistFixtures.now, history: history).text
                == "The vet is in on Monday."
        )
    }

    @Test("A prompt about silence is not what gets repeated")
    func silenceIsNotRepeated() throws {
        var call = try clinic()
        let question = call.say("book an appointment").text
        #expect(call.hear(.silence(count: 1)).text == "Are you still there?")
        #expect(call.say("what did you say").text == question)
    }

    @Test(
        "A wish in hand can be dropped",
        arguments: ["never mind", "cancel", "forget it", "stop", "i changed my mind"]
    )
    func drop(text: String) throws {
        for before in [
            ["book an appointment"], ["book an appointment", "tuesday at ten", "rex"],
            ["book an appointment", "tuesday at ten", "rex", "no"],
        ] {
            var call = try clinic()
            for line in before { _ = call.say(line) }
            let reply = call.say(text)
            #expect(reply.text.hasPrefix("No problem, I have left that."), "\(text) after \(before)")
            #expect(call.say("no thank you").action == .hangUp)
        }
    }

    // MARK: Not understood

    @Test("After the tenant's number of misses a person takes over; an understood turn starts the count again")
    func escalation() throws {
        var call = try clinic()
        #expect(call.say("blah").action == nil)
        #expect(call.hear(.notUnderstood).action == nil)
        _ = call.say("opening hours")
        let first = call.hear(.notUnderstood)
        let second = call.say("gargle blubb")
        let third = call.hear(.notUnderstood)
        #expect([first.action, second.action, third.action] == [nil, nil, person])
        #expect(first.text != second.text)
    }

    @Test("Without a person the call ends politely")
    func escalationAlone() throws {
        var call = try lonely()
        for _ in 0..<2 { #expect(call.hear(.notUnderstood).action == nil) }
        let reply = call.hear(.notUnderstood)
        #expect(reply.action == .hangUp)
        #expect(reply.text.hasSuffix("Goodbye."))
    }

    @Test("A miss in a question asks the question again")
    func missKeepsQuestion() throws {
        var call = try clinic()
        _ = call.say("book an appointment")
        let reply = call.say("gargle")
        #expect(reply.text.hasSuffix("What day and time would suit you?"))
        #expect(reply.expectation == .dayTime)
    }

    @Test("A rejected transcript counts only when it fits exactly")
    func rejected() throws {
        var call = try clinic()
        #expect(call.say("goodbye", isRejected: true).action == nil)
        #expect(call.say("um appointment thing is for the hospital", isRejected: true).intent == nil)
        #expect(call.say("i would like to book an appointment", isRejected: true).intent == "book_appointment")
        #expect(call.say("tuesday at ten", isRejected: true).expectation == .name)
        #expect(call.say("rex", isRejected: true).expectation == .yesNo)
        let unsure = call.say("yes", isRejected: true)
        #expect(unsure.expectation == .yesNo)
        #expect(unsure.text.contains("Is that right?"))
        #expect(call.say("yes").text.hasPrefix("You are all set."))
    }

    // MARK: Silence

    @Test("Silence is asked about, then the call ends")
    func silence() throws {
        var call = try clinic()
        _ = call.say("book an appointment")
        let replies = (1...3).map { call.hear(.silence(count: $0)) }
        #expect(replies.map(\.action) == [nil, nil, .hangUp])
        #expect(replies[0].expectation == .dayTime)
        #expect(replies[0].text != replies[1].text)
    }

    // MARK: Keys

    @Test("Key 0 is a person in any phase but where digits are keyed in")
    func zero() throws {
        for before in [[], ["book an appointment"], ["book an appointment", "tuesday at ten", "rex"]] {
            var call = try clinic()
            for line in before { _ = call.say(line) }
            #expect(call.hear(.digit("0")).action == person)
        }
        var call = try clinic()
        _ = call.say("i need a refill")
        _ = call.say("rex")
        #expect(call.hear(.digit("0")).action == nil)
    }

    @Test("Digits are keyed in silently and taken with #, when complete, or when the caller waits")
    func keyedDigits() throws {
        for end in [DialogueTurn.Cause.digit("#"), .silence(count: 1)] {
            var call = try clinic()
            _ = call.say("i need a refill")
            _ = call.say("rex")
            for key in "5551234" {
                #expect(call.hear(.digit(key)).text.isEmpty)
            }
            #expect(call.hear(end).text.contains("at five five five, one two three four"))
        }
        var call = try caterer()
        _ = call.say("change my order")
        let replies = "123456".map { call.hear(.digit($0)).text }
        #expect(replies == ["", "", "", "", "", "Got it. What should we change?"])
    }

    @Test("The star key starts the number again, and too few digits are refused")
    func keyedCorrection() throws {
        var call = try caterer()
        _ = call.say("change my order")
        for key in "12*34" { _ = call.hear(.digit(key)) }
        let reply = call.hear(.digit("#"))
        #expect(reply.text.hasPrefix("I got two digits, but it should have six."))
        #expect(reply.expectation == .digits)
    }

    @Test("Keys 1 and 2 answer a confirmation")
    func confirmationKeys() throws {
        for (key, text) in [("1", "You are all set."), ("2", "No problem. What should I change?")]
            as [(Character, String)]
        {
            var call = try clinic()
            for line in ["book an appointment", "tuesday at ten", "rex"] { _ = call.say(line) }
            #expect(call.hear(.digit(key)).text.hasPrefix(text))
        }
    }

    @Test("A choice can be made by its place on the keypad, an amount can be keyed in")
    func keyedChoice() throws {
        var call = try caterer()
        _ = call.say("i want a quote")
        #expect(call.hear(.digit("2")).text.contains("How many guests"))
        _ = call.hear(.digit("4"))
        _ = call.hear(.digit("5"))
        #expect(call.hear(.digit("#")).text.contains("What day is the event"))
    }

    @Test("A key that means nothing is answered", arguments: ["5", "*", "#"] as [Character])
    func otherKeys(key: Character) throws {
        var call = try clinic()
        #expect(call.hear(.digit(key)).text.contains("press zero"))
    }

    // MARK: Smaller rules

    @Test("Politeness is answered with politeness")
    func politeness() throws {
        var call = try clinic()
        #expect(call.say("hello").text == "Hello. How can I help you?")
        #expect(call.say("thank you very much").text.hasPrefix("You are welcome."))
        #expect(
            call.say("are you a robot").text.hasPrefix("I am the automated assistant of Oakfield Veterinary Clinic.")
        )
        #expect(call.say("hold on let me check").text == "Take your time.")
        #expect(call.say("no that's all thank you").action == .hangUp)
    }

    @Test("Wording changes with the turn's number and with nothing else")
    func deterministicWording() throws {
        let profile = try ReceptionistFixtures.profile("oakfield-vets")
        let cause = DialogueTurn.Cause.speech(Transcript(text: "book an appointment", provider: "test"))
        let texts = (1...6).map { turn in
            var receptionist = Receptionist(profile: profile)
            return receptionist.reply(to: cause, turn: turn, now: ReceptionistFixtures.now).text
        }
        #expect(Set(texts).count == 3)
        #expect(Array(texts[0..<3]) == Array(texts[3..<6]))
    }

    @Test("Titles left out are made of the intent's name")
    func titles() {
        let intents = [
            TenantProfile.Intent(name: "red_car", keywords: ["car"], say: "Red."),
            TenantProfile.Intent(name: "blue_car", keywords: ["car"], say: "Blue."),
        ]
        var call = Conversation(TenantProfile(id: "x", name: "X", numbers: ["*"], greeting: "Hi.", intents: intents))
        let reply = call.say("car")
        #expect(reply.text == "Did you mean red car, or blue car?")
        #expect(reply.expectation == .choice(["red car", "blue car"]))
        #expect(call.say("the blue one").text.hasPrefix("Blue."))
    }
}
