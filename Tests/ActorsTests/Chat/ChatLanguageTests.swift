import Actors
import TestSupport
import Testing

@Suite("Languages of a chat dialogue", .timeLimit(.minutes(5)))
struct ChatLanguageTests {
    private static let profile = TenantProfile.varied {
        $0.greetings = ["fr-CA": "Bonjour."]
        $0.agent.languages = ["de-DE"]
    }

    /// One caller's turns: words, detected language, confidence, and the language of the answer.
    private typealias Course = [(String, String?, Double, String?)]

    private static let courses: [[String]: Course] = [
        ["two turns in a row change the language"]: [
            ("bonjour", "fr", 0.6, nil), ("oui merci", "fr", 0.6, "fr-CA"), ("je voudrais", nil, 0.5, "fr-CA"),
        ],
        ["one long certain turn is enough"]: [("guten tag ich brauche einen termin", "de", 0.95, "de-DE")],
        ["a short turn is not"]: [
            ("ciao bonjour", "fr", 1, nil), ("hello again", "en", 1, nil), ("merci", "fr", 1, nil),
        ],
        ["a language the tenant does not speak changes nothing"]: [
            ("buenos dias quiero una cita", "es-ES", 1, nil), ("por favor una cita ya", "es", 1, nil),
        ],
        ["another English is no change"]: [("good morning to you all", "en-GB", 1, nil)],
        ["the caller may change back"]: [
            ("guten tag ich brauche einen termin", "de", 1, "de-DE"), ("sorry can we speak english", "en", 1, nil),
        ],
    ]

    @Test(arguments: courses.keys.sorted { $0[0] < $1[0] })
    func follows(name: [String]) async throws {
        let rig = try await ChatRig(ScriptedChatModel(.says("Yes.")), profile: Self.profile)
        var history: [DialogueMessage] = []
        for (index, (text, language, confidence, answer)) in Self.courses[name, default: []].enumerated() {
            let turn = DialogueTurn.says(
                text,
                number: index + 1,
                history: history,
                language: language,
                confidence: confidence
            )
            let reply = try await rig.reply(turn)
            #expect(reply.languages == (answer.map { [$0] } ?? []))
            if answer != nil { #expect(reply.first == .language(answer ?? "")) }
            #expect(rig.system.contains("(\(answer ?? "en-US"))."))
            history += [.caller(text), .agent("Yes.")]
        }
    }

    @Test func aTurnThatComesAgainCountsOnce() async throws {
        let rig = try await ChatRig(ScriptedChatModel(.says("Yes.")), profile: Self.profile)
        for (number, text) in ["je", "je voudrais", "je voudrais venir"].enumerated() {
            let turn = DialogueTurn.says(text, number: number + 1, language: "fr", confidence: 0.5)
            #expect(try await rig.reply(turn).languages == [])
        }
    }

    @Test func aHandOverInAnotherLanguageIsAnnouncedByTheModel() async throws {
        let model = ScriptedChatModel(.calls(("transfer", "{}")), .says("Ich verbinde Sie."))
        let transfer = TestTool("transfer") { _, _ in ToolResult(["ok": true], action: .transfer(to: "+15550100")) }
        let rig = try await ChatRig(model, profile: Self.profile, tools: [transfer])
        let reply = try await rig.reply(.says("bitte verbinden sie mich sofort", language: "de"))
        #expect(reply.text == "Ich verbinde Sie." && reply.actions == [.transfer(to: "+15550100")])
    }
}
