import Actors
import Gateway
import Testing

@Suite struct LegSettingsTests {
    private func read(_ environment: [String: String]) async throws -> LegSettings {
        try await EngineSettings.read(options: [:], environment: environment).legs
    }

    @Test func withoutAnyKeyTheEmbeddedLegsWorkAlone() async throws {
        let legs = try await read([:])
        #expect(legs.effectiveSTT == ["embedded"])
        #expect(legs.effectiveLLM == ["embedded"])
        #expect(legs.effectiveTTS == ["embedded"])
    }

    @Test func aKeySelectsItsLegsBeforeTheEmbeddedOnes() async throws {
        let legs = try await read(["DEEPGRAM_API_KEY": "d", "ANTHROPIC_API_KEY": "a"])
        #expect(legs.effectiveSTT == ["deepgram", "embedded"])
        #expect(legs.effectiveLLM == ["anthropic", "embedded"])
        #expect(legs.effectiveTTS == ["deepgram", "embedded"])
    }

    @Test func aServerOfOnesOwnNeedsNoKey() async throws {
        let legs = try await read(["OPENAI_BASE_URL": "http://127.0.0.1:11434/v1"])
        #expect(legs.effectiveLLM == ["openai", "embedded"])
    }

    @Test func aForcedOrderHolds() async throws {
        let legs = try await read([
            "OPENAI_API_KEY": "o", "ANTHROPIC_API_KEY": "a", "PARLEY_LLM": "anthropic,openai",
        ])
        #expect(legs.effectiveLLM == ["anthropic", "openai"])
    }

    @Test(arguments: [
        ("PARLEY_STT", "deepgram", "DEEPGRAM_API_KEY is not set"),
        ("PARLEY_LLM", "anthropic", "ANTHROPIC_API_KEY is not set"),
        ("PARLEY_LLM", "deepgram", "is no leg of this engine"),
        ("PARLEY_TTS", "elevenlabs", "ELEVENLABS_API_KEY is not set"),
    ])
    func whatCannotBeUsedIsAFaultThatNamesWhatIsMissing(key: String, value: String, fault: String) async {
        await #expect {
            _ = try await read([key: value])
        } throws: { error in
            "\(error)".contains(key) && "\(error)".contains(fault)
        }
    }

    @Test func elevenLabsWantsAVoice() async {
        await #expect {
            _ = try await read(["ELEVENLABS_API_KEY": "secret-of-the-tests", "PARLEY_TTS": "elevenlabs"])
        } throws: { error in
            "\(error)".contains("ELEVENLABS_VOICE") && !"\(error)".contains("secret-of-the-tests")
        }
    }

    @Test func aCompatibleServerIsAskedInItsOwnWords() async throws {
        let usual = try await read([:])
        #expect(usual.openAITokens == .maxCompletionTokens && usual.openAIAsksForUsage)
        let own = try await read(["OPENAI_TOKENS_MEMBER": "max_tokens", "OPENAI_ASKS_FOR_USAGE": "false"])
        #expect(own.openAITokens == .maxTokens && !own.openAIAsksForUsage)
    }

    @Test func theWaitForListsOfToolsIsASetting() async throws {
        #expect(try await read([:]).toolListingMilliseconds == 1_500)
        #expect(try await read(["PARLEY_TOOL_LISTING_MS": "400"]).toolListingMilliseconds == 400)
    }

    @Test func patienceWithProvidersIsASetting() async throws {
        #expect(try await read([:]).supervision == SupervisionSettings())
        let patient = try await read([
            "PARLEY_STT_OPEN_MS": "4000", "PARLEY_STT_FINAL_MS": "1000", "PARLEY_LLM_FIRST_TOKEN_MS": "9000",
            "PARLEY_LLM_BETWEEN_TOKENS_MS": "5000", "PARLEY_LLM_ANSWER_SECONDS": "120", "PARLEY_LLM_HEDGE": "true",
            "PARLEY_TTS_FIRST_AUDIO_MS": "700", "PARLEY_TTS_BEHIND_MS": "500", "PARLEY_BREAKER_FAILURES": "9",
            "PARLEY_BREAKER_REST_SECONDS": "30",
        ]).supervision
        var wanted = SupervisionSettings()
        wanted.stt.open = .seconds(4)
        wanted.stt.final = .seconds(1)
        wanted.llm.firstToken = .seconds(9)
        wanted.llm.firstTokenAfterFailure = .seconds(6)
        wanted.llm.betweenTokens = .seconds(5)
        wanted.llm.answer = .seconds(120)
        wanted.llm.hedge.isOn = true
        wanted.tts.firstAudio = .milliseconds(700)
        wanted.tts.firstAudioAfterFailure = .milliseconds(700)
        wanted.tts.behind = .milliseconds(500)
        wanted.breaker.failures = 9
        wanted.breaker.rest = .seconds(30)
        #expect(patient == wanted)
    }

    @Test func voicesAreAskedOverRequestsWhereNoSocketGetsThrough() async throws {
        let usual = try await read([:])
        #expect(usual.elevenLabsTransport == .websocket && usual.deepgramSpeakTransport == .websocket)
        let apart = try await read(["ELEVENLABS_TRANSPORT": "rest", "DEEPGRAM_SPEAK_TRANSPORT": "rest"])
        #expect(apart.elevenLabsTransport == .rest && apart.deepgramSpeakTransport == .rest)
    }

    @Test(arguments: [
        ("ELEVENLABS_TRANSPORT", "grpc", "websocket, rest"),
        ("PARLEY_LLM_FIRST_TOKEN_MS", "0", "between 200 and 10000"),
        ("PARLEY_BREAKER_FAILURES", "none", "between 1 and 50"),
        ("OPENAI_TOKENS_MEMBER", "tokens", "max_completion_tokens, max_tokens"),
        ("OPENAI_ASKS_FOR_USAGE", "maybe", "neither true nor false"),
        ("PARLEY_TOOL_LISTING_MS", "60000", "between 100 and 10000"),
    ])
    func whatIsNoneOfThemIsAFaultThatNamesTheWayOut(key: String, value: String, fault: String) async {
        await #expect {
            _ = try await read([key: value])
        } throws: { error in
            "\(error)".contains(key) && "\(error)".contains(fault)
        }
    }

    @Test func aDescriptionHoldsNoKey() {
        #expect(!"\(VendorSettings(key: "secret-of-the-tests", baseURL: "https://a.example"))".contains("secret"))
    }
}
