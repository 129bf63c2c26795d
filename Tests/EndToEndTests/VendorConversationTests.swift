import Caller
import Foundation
import TestSupport
import Testing
import VendorServers

/// Calls through the real program whose legs are vendors', on servers that speak the vendors' wire protocols.
@Suite("End to end: vendors", .serialized, .timeLimit(.minutes(5)))
struct VendorConversationTests {
    enum Voice: String, CaseIterable { case elevenlabs, deepgram, openai }
    enum Mind: String, CaseIterable { case openai, anthropic }

    /// Every vendor's server, and the environment that leads an engine to them.
    private struct Vendors {
        let hearing: DeepgramServer
        let openAI: ChatServer
        let anthropic: ChatServer
        let elevenLabs: ElevenLabsServer
        let aura: DeepgramSpeakServer
        let speech: OpenAISpeechServer

        init(openAI manner: OpenAIChatManner = OpenAIChatManner(key: "test-key")) async throws {
            hearing = try await DeepgramServer(
                DeepgramScript(.words(["what", "are", "your", "opening", "hours"], each: 0.25, repeats: true))
            )
            openAI = try await ChatServer.openAI(manner)
            anthropic = try await ChatServer.anthropic(AnthropicManner(key: "test-key"))
            elevenLabs = try await ElevenLabsServer()
            aura = try await DeepgramSpeakServer()
            speech = try await OpenAISpeechServer()
            for server in [openAI, anthropic] {
                server.answer { _ in .say("We are open from nine to six. Anything else?") }
            }
        }

        func environment(stt: String, llm: String, tts: String) -> [String: String] {
            [
                "DEEPGRAM_API_KEY": DeepgramServer.key, "DEEPGRAM_BASE_URL": hearing.baseURL,
                "DEEPGRAM_SPEAK_BASE_URL": aura.url, "OPENAI_API_KEY": "test-key", "OPENAI_BASE_URL": openAI.baseURL,
                "OPENAI_SPEECH_BASE_URL": speech.url, "ANTHROPIC_API_KEY": "test-key",
                "ANTHROPIC_BASE_URL": anthropic.baseURL, "ELEVENLABS_API_KEY": "test-key",
                "ELEVENLABS_BASE_URL": elevenLabs.url, "ELEVENLABS_VOICE": "voice-of-the-tests", "PARLEY_STT": stt,
                "PARLEY_LLM": llm, "PARLEY_TTS": tts,
            ]
        }

        func stop() async {
            await hearing.stop()
            await openAI.stop()
            await anthropic.stop()
            await elevenLabs.stop()
            await aura.stop()
            await speech.stop()
        }
    }

    private struct Story {
        var report: CallReport
        var events: [EngineEvent]
        func texts(_ name: EngineEvent.Name) -> [String] { events.filter { $0.name == name }.compactMap(\.text) }
    }

    private func place(_ count: Int, on engine: EngineProcess) async throws -> Story {
        let path = Fixtures.repository.appendingPathComponent("profiles/samples/3-yes.wav").path
        let audio = try AudioFile.read(path)
        let utterances = (0..<count).map { Utterance(name: "\($0)", audio: audio) }
        var call = TwilioCallConfiguration(engineURL: engine.url, utterances: utterances)
        call.authToken = engine.authToken
        let token = OperatorToken.mint(secret: engine.jwtSecret, now: Date())
        let words = try await EngineEvents.connect(engineURL: engine.url, token: token, callSid: call.callSid)
        let (feed, feeder) = AsyncStream.makeStream(of: EngineEvent.self)
        let listener = Task {
            await words.follow { feeder.yield($0) }
            feeder.finish()
        }
        let report = try await TwilioCall(configuration: call).run { _ in }
        var events: [EngineEvent] = []
        for await event in feed { events.append(event) }
        listener.cancel()
        return Story(report: report, events: events)
    }

    @Test(arguments: Mind.allCases, Voice.allCases)
    func aConversationIsHeldWithEveryCombination(mind: Mind, voice: Voice) async throws {
        let vendors = try await Vendors()
        let engine = try await EngineProcess(
            vendors.environment(stt: "deepgram", llm: mind.rawValue, tts: voice.rawValue)
        )
        let story = try await place(2, on: engine)
        let metrics = try await engine.metrics()
        try await engine.stop()
        await vendors.stop()
        // A pause in what is played may make two turns of it; every one has the words of the vendor and an answer.
        let heard = story.texts(.callerSaid)
        #expect(heard.count >= 2, "\(heard)")
        let words: Set<Substring> = ["what", "are", "your", "opening", "hours"]
        #expect(heard.allSatisfy { words.isSuperset(of: $0.lowercased().split(separator: " ")) }, "\(heard)")
        let said = story.texts(.agentSaid)
        #expect(said.count { $0.hasPrefix("We are open from nine to six.") } >= 2, "\(said)")
        #expect(story.report.turns.count == 2 && story.report.turns.allSatisfy { $0.answerAudibleMs != nil })
        #expect(!metrics.contains("parley_leg_failovers_total{"))
        for direction in ["input", "output"] {
            let series = "parley_model_tokens_total{provider=\"\(mind.rawValue)\",direction=\"\(direction)\"}"
            #expect(metrics.contains(series) && !metrics.contains("\(series) 0\n"), "\(series)")
        }
        for stage in ["endpoint", "stt_final", "llm_first_token", "tts_first_audio", "first_frame", "engine", "total"] {
            let count = metrics.split(separator: "\n").first {
                $0.hasPrefix("parley_turn_seconds_count{stage=\"\(stage)\"}")
            }
            #expect((count?.split(separator: " ").last).flatMap { Int($0) } ?? 0 >= 2, "\(stage)")
        }
    }

    /// The first model has a message taken and breaks off before it says so: the second one says it, and takes no other.
    @Test func aModelThatFailsBetweenItsToolsIsFollowedByOneThatKnowsWhatTheyDid() async throws {
        let vendors = try await Vendors()
        vendors.openAI.answer { request in
            let message = #"{"name":"Jane","message":"Please call me."}"#
            return request.results.isEmpty ? .call("take_message", message) : ScriptedAnswer([], end: .cut)
        }
        vendors.anthropic.answer { request in
            request.messages.contains { $0.role == "tool" }
                ? .say("Your message is taken.") : .call("take_message", #"{"name":"J","message":"Call."}"#)
        }
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        var environment = vendors.environment(stt: "deepgram", llm: "openai,anthropic,embedded", tts: "deepgram")
        environment["PARLEY_DATA_DIR"] = folder.path
        // However often the caller's pauses have it asked, the first one is never left out.
        environment["PARLEY_BREAKER_FAILURES"] = "50"
        // A summary asks without tools, and would count among the requests.
        environment["PARLEY_AFTERCALL"] = "off"
        let engine = try await EngineProcess(environment)
        let story = try await place(1, on: engine)
        let metrics = try await engine.metrics()
        let asked = vendors.anthropic.record.requests
        try await engine.stop()
        await vendors.stop()
        #expect(
            story.texts(.agentSaid).contains { $0.contains("Your message is taken.") },
            "\(story.texts(.agentSaid))"
        )
        #expect(!asked.isEmpty && asked.allSatisfy { request in request.messages.contains { $0.role == "tool" } })
        #expect(metrics.contains("parley_leg_failovers_total{leg=\"llm\",from=\"openai\",to=\"anthropic\"}"))
        let files = try FileManager.default.subpathsOfDirectory(atPath: folder.appendingPathComponent("messages").path)
        let taken = try files.map {
            try String(contentsOf: folder.appendingPathComponent("messages/\($0)"), encoding: .utf8)
        }
        #expect(taken.joined().contains("Please call me.") && !taken.joined().contains("Call.\""))
        try FileManager.default.removeItem(at: folder)
    }

    @Test func aServerOfBeforeTodaysNamesIsAskedInItsOwn() async throws {
        var manner = OpenAIChatManner(key: "test-key")
        manner.takesMaxCompletionTokens = false
        manner.takesStreamOptions = false
        let vendors = try await Vendors(openAI: manner)
        var environment = vendors.environment(stt: "deepgram", llm: "openai", tts: "deepgram")
        environment["OPENAI_TOKENS_MEMBER"] = "max_tokens"
        environment["OPENAI_ASKS_FOR_USAGE"] = "false"
        let engine = try await EngineProcess(environment)
        let story = try await place(1, on: engine)
        let record = vendors.openAI.record
        try await engine.stop()
        await vendors.stop()
        #expect(story.texts(.agentSaid).contains { $0.hasPrefix("We are open from nine to six.") })
        #expect(record.refusals.isEmpty && record.requests.allSatisfy { $0.body.contains("\"max_tokens\"") })
    }

    /// Each leg's first vendor fails in another way in every call; the second, or the embedded leg, goes on.
    @Test func everyCallIsCompletedWithSomethingSaidWhileAllLegsFail() async throws {
        let vendors = try await Vendors()
        vendors.hearing.fault(.vendor(.reset))
        let faults: [VendorFault] = [.reset, .serverError, .malformed, .tooManyRequests, .empty]
        vendors.openAI.faults { faults[$0 % faults.count] }
        vendors.elevenLabs.settings { $0.common.fault = .reset }
        let engine = try await EngineProcess(
            vendors.environment(
                stt: "deepgram,embedded",
                llm: "openai,anthropic,embedded",
                tts: "elevenlabs,openai,embedded"
            )
        )
        for _ in 0..<3 {
            let story = try await place(2, on: engine)
            #expect(story.texts(.callerSaid).count >= 1, "\(story.events.map(\.name))")
            #expect(story.report.turns.contains { $0.answerAudibleMs != nil })
            #expect(!story.texts(.agentSaid).isEmpty)
            #expect(story.events.last?.outcome == "caller_hung_up", "\(String(describing: story.events.last))")
        }
        let metrics = try await engine.metrics()
        try await engine.stop()
        await vendors.stop()
        for leg in ["stt", "llm", "tts"] {
            #expect(metrics.contains("parley_leg_failovers_total{leg=\"\(leg)\""), "\(leg)")
            #expect(metrics.contains("parley_leg_errors_total{leg=\"\(leg)\""), "\(leg)")
        }
        #expect(metrics.contains("parley_calls_active 0"))
    }
}
