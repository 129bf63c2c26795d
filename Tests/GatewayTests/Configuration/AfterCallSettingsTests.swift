import Gateway
import Testing

@Suite struct AfterCallSettingsTests {
    private func read(_ environment: [String: String]) async throws -> EngineSettings {
        try await EngineSettings.read(options: [:], environment: environment)
    }

    @Test(
        arguments: [
            ([:], [], []),
            (["DEEPGRAM_API_KEY": "d"], ["deepgram"], []),
            (["OPENAI_API_KEY": "o"], ["openai"], ["openai"]),
            (["OPENAI_BASE_URL": "http://127.0.0.1:11434/v1"], [], ["openai"]),
            (
                ["OPENAI_BASE_URL": "http://127.0.0.1:11434/v1", "PARLEY_AFTERCALL_STT": "openai"], ["openai"],
                ["openai"]
            ),
            (
                ["OPENAI_API_KEY": "o", "DEEPGRAM_API_KEY": "d", "ANTHROPIC_API_KEY": "a"], ["deepgram", "openai"],
                ["openai", "anthropic"]
            ),
            (["OPENAI_API_KEY": "o", "ANTHROPIC_API_KEY": "a", "PARLEY_LLM": "anthropic"], ["openai"], ["anthropic"]),
            (
                ["OPENAI_API_KEY": "o", "ANTHROPIC_API_KEY": "a", "PARLEY_AFTERCALL_LLM": "anthropic,openai"],
                ["openai"],
                ["anthropic", "openai"]
            ),
        ] as [([String: String], [String], [String])]
    )
    func keysAndOrdersSayWhoWorks(_ environment: [String: String], _ heard: [String], _ summarised: [String])
        async throws
    {
        let settings = try await read(environment)
        #expect(settings.afterCall.mode == .recordings)
        #expect(settings.afterCall.effectiveTranscribers(settings.legs) == heard)
        #expect(settings.afterCall.effectiveSummarisers(settings.legs) == summarised)
    }

    @Test(arguments: [
        ("PARLEY_AFTERCALL", "sometimes", "none of off, recordings, all"),
        ("PARLEY_AFTERCALL_STT", "deepgram", "DEEPGRAM_API_KEY is not set"),
        ("PARLEY_AFTERCALL_STT", "embedded", "is no leg of this engine"),
        ("PARLEY_AFTERCALL_LLM", "anthropic", "ANTHROPIC_API_KEY is not set"),
        ("PARLEY_AFTERCALL_JOBS", "0", "between 1 and 64"),
        ("PARLEY_AFTERCALL_RECORDING_BYTES", "12", "between 65536 and 1073741824"),
    ])
    func aFaultNamesTheKeyAndTheFix(_ key: String, _ value: String, _ message: String) async throws {
        let faults = await #expect(throws: SettingsFaults.self) { _ = try await read([key: value]) }
        #expect(faults?.faults.map(\.key) == [key])
        #expect(faults?.description.contains(message) == true)
    }

    @Test func everyLimitIsASetting() async throws {
        let settings = try await read([
            "PARLEY_AFTERCALL": "all", "PARLEY_AFTERCALL_QUEUE": "7", "PARLEY_AFTERCALL_JOBS": "3",
            "PARLEY_AFTERCALL_ATTEMPTS": "4", "PARLEY_AFTERCALL_DEADLINE_SECONDS": "90",
            "PARLEY_AFTERCALL_RECORDING_BYTES": "65536", "PARLEY_AFTERCALL_DRAIN_SECONDS": "1",
            "OPENAI_TRANSCRIPTION_MODEL": "whisper-large",
        ]).afterCall
        #expect(settings.mode == .all && settings.recordingBytes == 65_536 && settings.drainSeconds == 1)
        #expect(settings.openAITranscriptionModel == "whisper-large")
        let limits = JobQueue.Limits(settings)
        #expect(limits.waiting == 7 && limits.running == 3)
        #expect(limits.retry.retries == 3 && limits.retry.budget == .seconds(90))
    }
}
