import Actors
import Legs
import Testing

@Suite("Receptionist as a dialogue leg", .timeLimit(.minutes(5)))
struct ReceptionistModelTests {
    private func session() async throws -> any DialogueSession {
        let profile = try ReceptionistFixtures.profile("oakfield-vets")
        let model = ReceptionistModel()
        #expect(model.provider == "embedded")
        return try await model.open(DialogueRequest(profile: profile, now: { ReceptionistFixtures.now }))
    }

    private func turn(_ number: Int, _ text: String) -> DialogueTurn {
        DialogueTurn(number: number, cause: .speech(Transcript(text: text, provider: "test")), history: [])
    }

    private func stream(_ session: any DialogueSession, _ turn: DialogueTurn) async throws -> [DialogueDelta] {
        var deltas: [DialogueDelta] = []
        for try await delta in session.reply(to: turn) { deltas.append(delta) }
        return deltas
    }

    private func text(_ deltas: [DialogueDelta]) -> String {
        deltas.map { if case .text(let piece) = $0 { piece } else { "" } }.joined()
    }

    @Test("Intent first, then the text word by word, then what is expected, then what to do")
    func order() async throws {
        let session = try await session()
        let deltas = try await stream(session, turn(1, "i want to speak to a person"))
        #expect(deltas.first == .intent("speak_to_person"))
        #expect(deltas.suffix(2) == [.expect(.anything), .action(.transfer(to: "+12025550142"))])
        #expect(deltas[1] == .text("One "))
        #expect(deltas[2] == .text("moment, "))
        #expect(text(deltas) == "One moment, I am putting you through to the front desk.")
    }

    @Test("A conversation goes on from turn to turn")
    func conversation() async throws {
        let session = try await session()
        _ = try await stream(session, turn(1, "book an appointment for tuesday at ten"))
        let answer = try await stream(session, turn(2, "rex"))
        #expect(
            text(answer) == "So that is Tuesday the 24th of November at ten in the morning, for Rex. Is that right?"
        )
        #expect(answer.contains(.expect(.yesNo)))
    }

    @Test("A turn asked again replaces its first asking without a trace")
    func speculation() async throws {
        let session = try await session()
        _ = try await stream(session, turn(1, "i need to cancel"))
        _ = try await stream(session, turn(1, "i need to cancel no sorry book an appointment"))
        let once = try await stream(session, turn(1, "book an appointment"))
        #expect(once.first == .intent("book_appointment"))
        let next = try await stream(session, turn(2, "tuesday at ten"))
        #expect(next.contains(.expect(.name)))
    }

    @Test("Words that were taken out of the history, because the caller went on, leave no trace")
    func takenBack() async throws {
        let session = try await session()
        let greeting = [DialogueMessage(party: .agent, text: "How can I help you?")]
        func speech(_ number: Int, _ text: String, _ history: [DialogueMessage]) -> DialogueTurn {
            DialogueTurn(number: number, cause: .speech(Transcript(text: text, provider: "test")), history: history)
        }
        _ = try await stream(session, speech(1, "i need to cancel", greeting))
        let joined = try await stream(session, speech(2, "i need to cancel my visit no book an appointment", greeting))
        #expect(!joined.isEmpty)
        _ = try await stream(session, speech(3, "book an appointment", greeting))
        let kept = greeting + [DialogueMessage(party: .caller, text: "book an appointment")]
        let next = try await stream(session, speech(4, "tuesday at ten", kept))
        #expect(next.first == .intent("book_appointment"))
        #expect(next.contains(.expect(.name)))
    }

    @Test("Keys and silence go on from the turn before, also when they carry its number")
    func keysKeepTheTurn() async throws {
        let session = try await session()
        _ = try await stream(session, turn(1, "i need a refill"))
        _ = try await stream(session, turn(2, "rex"))
        for key in "5551234" {
            let silent = try await stream(session, DialogueTurn(number: 2, cause: .digit(key), history: []))
            #expect(silent == [.expect(.digits)])
        }
        let done = try await stream(session, DialogueTurn(number: 2, cause: .silence(count: 1), history: []))
        #expect(text(done) == "A refill for Rex, and we call you at five five five, one two three four. Is that right?")
        let yes = try await stream(session, DialogueTurn(number: 2, cause: .digit("1"), history: []))
        #expect(text(yes).hasPrefix("Thank you. The vet will check it"))
    }

    private static let after: [DialogueTurn.Cause] = [.digit("5"), .silence(count: 1), .notUnderstood]

    /// The caller goes on, or presses a key, in the pause an answer was begun in: its turn was never committed.
    @Test("A guess that did not come true leaves no trace, whatever comes after it", arguments: after)
    func voidGuess(cause: DialogueTurn.Cause) async throws {
        let history = [DialogueMessage(party: .agent, text: "How can I help you?")]
        func turn(_ number: Int, _ cause: DialogueTurn.Cause, commit: DialogueCommit? = nil) -> DialogueTurn {
            DialogueTurn(number: number, cause: cause, history: history, commit: commit)
        }
        func says(_ text: String) -> DialogueTurn.Cause { .speech(Transcript(text: text, provider: "test")) }
        let (guessing, plain) = (try await session(), try await session())
        _ = try await stream(guessing, turn(1, says("i need a refill"), commit: DialogueCommit()))
        _ = try await stream(guessing, turn(1, says("i need a refill for"), commit: DialogueCommit()))
        let answer = try await stream(guessing, turn(0, cause))
        #expect(answer == (try await stream(plain, turn(0, cause))))
        // The open question is the one before the guess.
        let next = try await stream(guessing, turn(1, says("rex")))
        #expect(next == (try await stream(plain, turn(1, says("rex")))))
    }

    @Test("A guess that came true counts", arguments: after)
    func trueGuess(cause: DialogueTurn.Cause) async throws {
        let commit = DialogueCommit()
        let session = try await session()
        let speech = DialogueTurn.Cause.speech(Transcript(text: "i need a refill", provider: "test"))
        _ = try await stream(session, DialogueTurn(number: 1, cause: speech, history: [], commit: commit))
        commit.commit()
        let history = [DialogueMessage(party: .caller, text: "i need a refill")]
        let answer = try await stream(session, DialogueTurn(number: 2, cause: cause, history: history))
        #expect(answer.contains(.expect(.name)))
    }

    @Test("An answer that is not read to its end counts all the same")
    func unread() async throws {
        let session = try await session()
        for try await delta in session.reply(to: turn(1, "book an appointment")) {
            if case .text = delta { break }
        }
        #expect(try await stream(session, turn(2, "tuesday at ten")).contains(.expect(.name)))
    }

    @Test("Calls do not hear each other")
    func isolation() async throws {
        let first = try await session()
        let second = try await session()
        _ = try await stream(first, turn(1, "book an appointment"))
        #expect(try await stream(second, turn(1, "tuesday at ten")).contains(.expect(.intents)))
    }
}
