import Actors
import Legs
import TestSupport
import Testing

@Suite("Deepgram listen query")
struct DeepgramListenQueryTests {
    @Test func theTelephonesOwnFormIsSentWithTheTenantsWords() {
        var profile = TenantProfile.test
        profile.intents = [
            .init(name: "book", keywords: ["spay & neuter", "Spay & Neuter", "x"], say: "Yes.")
        ]
        let query = DeepgramListenQuery.live(.init(key: "k"), profile: profile, sampleRate: 8000)
        #expect(
            query == "model=nova-3&encoding=mulaw&sample_rate=8000&channels=1&language=en-US&interim_results=true"
                + "&endpointing=300&punctuate=true&smart_format=true&utterance_end_ms=1000&keyterm=Test%20Clinic"
                + "&keyterm=spay%20%26%20neuter"
        )
        #expect(!query.contains("k=") && !query.contains("key="))
    }

    @Test func severalGreetingsMeanSeveralLanguages() {
        var profile = TenantProfile.test
        profile.greetings = ["en-GB": "Hello"]
        var configuration = DeepgramLiveConfiguration(key: "k", utteranceEnd: .milliseconds(10))
        #expect(DeepgramListenQuery.live(configuration, profile: profile, sampleRate: 8000).contains("language=en-US&"))
        profile.greetings = ["es-MX": "Hola"]
        #expect(DeepgramListenQuery.live(configuration, profile: profile, sampleRate: 8000).contains("language=multi&"))
        configuration.language = .fixed("de")
        configuration.model = "nova-2-phonecall"
        let query = DeepgramListenQuery.live(configuration, profile: profile, sampleRate: 16000)
        #expect(query.contains("language=de&"))
        #expect(query.contains("sample_rate=16000"))
        #expect(query.contains("utterance_end_ms=1000"))
        #expect(!query.contains("keyterm"))
    }

    @Test func keytermsAreBounded() {
        var profile = TenantProfile.test
        profile.intents = [.init(name: "a", keywords: (0..<500).map { "word\($0)" }, say: "Yes.")]
        #expect(DeepgramListenQuery.keyterms(profile, model: "nova-3", limit: 50).count == 50)
    }
}
