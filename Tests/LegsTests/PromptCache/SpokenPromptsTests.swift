import Actors
import Legs
import Testing

@Suite("Spoken prompts", .timeLimit(.minutes(5)))
struct SpokenPromptsTests {
    private static func profile(_ language: String) -> TenantProfile {
        var profile = TenantProfile(id: "t", name: "T", numbers: ["*"], greeting: "Hello there.")
        profile.language = language
        profile.voice = "v"
        profile.pronunciations = ["T": "tee"]
        return profile
    }

    /// As the conversation hands it to the voice.
    private static let oneMoment = [
        ("en-US", "One moment, please."), ("fr-FR", "Un instant, s'il vous plaît."), ("de-DE", "Einen Moment, bitte."),
        ("es-ES", "Un momento, por favor."),
    ]

    private func spoken(_ text: String, _ profile: TenantProfile) -> SpeechRequest {
        SpeechRequest(
            text: text,
            voice: profile.voice,
            language: profile.language,
            pronunciations: Pronunciations(profile.pronunciations)
        )
    }

    /// The voice is spoken to before the first call, and gone when the model fails.
    @Test(arguments: oneMoment) func oneMomentIsSaidThoughTheVoiceIsGone(language: String, text: String) async throws {
        let profile = Self.profile(language)
        let base = ScriptedSynthesizer { _ in [.audio([1, 2, 3])] }
        let voice = CachingSynthesizer(base)
        let prompts = SpokenPrompts.first(of: profile)
        #expect(await voice.warm(prompts) == prompts.count)
        let before = base.callCount
        var audio: [Int16] = []
        for try await delta in voice.synthesize(spoken(text, profile)) {
            if case .audio(let more) = delta { audio += more }
        }
        #expect(audio == [1, 2, 3] && base.callCount == before)
    }

    @Test func whatIsSaidAboutAFailureIsReadyForEveryTenant() {
        for prompts in [SpokenPrompts.first(of: Self.profile("en-US")), SpokenPrompts.all(of: Self.profile("en-US"))] {
            let texts = prompts.map(\.text).joined(separator: " ")
            for words in [
                "One moment, please.", "something went wrong.", "say that once more?", "trouble hearing you.",
            ] {
                #expect(texts.contains(words), "\(words)")
            }
            #expect(Set(prompts).count == prompts.count)
        }
    }

    @Test func whereTheEngineHasNoWordsOfItsOwnTheTenantsAreEnough() {
        let prompts = SpokenPrompts.first(of: Self.profile("ja-JP"))
        #expect(prompts.allSatisfy { !$0.text.isEmpty } && prompts.contains { $0.text == "Hello there." })
    }
}
