import Actors

extension SupervisionSettings {
    init(_ reader: inout SettingsReader) {
        self.init()
        func milliseconds(_ key: String, _ range: ClosedRange<Int>) -> Duration? {
            reader.number(key, range, "a number of milliseconds").map { .milliseconds($0) }
        }
        stt.open = milliseconds("parley.sttOpenMs", 200...10_000) ?? stt.open
        stt.final = milliseconds("parley.sttFinalMs", 200...7_000) ?? stt.final
        if let first = milliseconds("parley.llmFirstTokenMs", 200...10_000) {
            llm.firstToken = first
            // One that is asked because another failed finds a caller who has waited.
            llm.firstTokenAfterFailure = first * 2 / 3
        }
        llm.betweenTokens = milliseconds("parley.llmBetweenTokensMs", 200...10_000) ?? llm.betweenTokens
        llm.answer =
            reader.number("parley.llmAnswerSeconds", 5...600, "a number of seconds").map { .seconds($0) } ?? llm.answer
        llm.hedge.isOn = reader.flag("parley.llmHedge") ?? llm.hedge.isOn
        tts.firstAudio = milliseconds("parley.ttsFirstAudioMs", 200...4_500) ?? tts.firstAudio
        tts.firstAudioAfterFailure = min(tts.firstAudioAfterFailure, tts.firstAudio)
        tts.behind = milliseconds("parley.ttsBehindMs", 100...2_500) ?? tts.behind
        breaker.failures = reader.number("parley.breakerFailures", 1...50, "a number of failures") ?? breaker.failures
        breaker.rest =
            reader.number("parley.breakerRestSeconds", 1...60, "a number of seconds").map { .seconds($0) }
            ?? breaker.rest
    }
}
