import Actors
import Engine
import Foundation
import Gateway
import TestSupport
import Testing

@Suite("Metrics page")
struct MetricsPageTests {
    /// A page over an engine that has done nothing yet, or a little.
    private struct Page {
        let calls = CallMetrics()
        let webhooks = WebhookMeters()
        let hub = EventHub()
        var tokens: ModelTokens?
        var toolLoader: ToolLoader?

        var text: String {
            let workers = WorkerGroup(count: 1) { WorkerConfiguration(name: "metrics-\($0)") }
            let legs = LegSet(
                transcriber: FakeTranscriber([]),
                model: FakeModel { _ in [] },
                synthesizer: FakeSynthesizer()
            )
            let exchange = Exchange(
                configuration: .init(maximumCalls: 7),
                media: workers,
                legs: workers,
                meters: ActorMeters(),
                legSet: legs,
                observer: calls
            )
            return MetricsPage(
                reception: Reception(exchange: exchange, tenants: TenantDirectory([.test])),
                calls: calls,
                webhooks: webhooks,
                events: hub,
                legs: [
                    (kind: "stt", provider: "fake"), (kind: "llm", provider: "fake"), (kind: "tts", provider: "fake"),
                ],
                tokens: tokens,
                toolLoader: toolLoader
            ).render()
        }
    }

    private let identity = CallIdentity(id: "1", provider: "twilio", providerCallID: "CA1", tenant: "test")

    /// Names that dashboards and rules depend on. Metrics of parts that are not built yet are not among them.
    @Test(arguments: [
        "parley_calls_active", "parley_calls_total", "parley_tick_duration_seconds", "parley_tick_late_total",
        "parley_turn_seconds", "parley_barge_in_seconds", "parley_actor_mailbox_seconds", "parley_actor_handle_seconds",
        "parley_leg_errors_total", "parley_ring_overflow_total", "parley_playout_lead_seconds",
        "parley_jitter_delay_seconds", "parley_frames_concealed_total", "parley_echo_erle_decibels",
        "parley_stream_repairs_total",
        "parley_tick_lateness_seconds", "parley_worker_busy_ratio", "parley_webhook_seconds",
        "parley_webhook_rejected_total", "parley_events_clients", "parley_events_dropped_total",
    ])
    func everySeriesIsThereBeforeAnythingHappens(_ name: String) {
        let text = Page().text
        #expect(text.contains("# TYPE \(name) "))
        #expect(text.contains("\n\(name){") || text.contains("\n\(name) ") || text.contains("\n\(name)_count"))
    }

    @Test func tokensAreCountedForEachProviderAndDirection() {
        let tokens = ModelTokens(["anthropic", "openai"])
        tokens.add(ChatUsage(inputTokens: 900, outputTokens: 40, cachedTokens: 800), of: "openai")
        tokens.add(ChatUsage(inputTokens: 100, outputTokens: 2), of: "openai")
        tokens.add(ChatUsage(inputTokens: -5, outputTokens: -5, cachedTokens: -5), of: "openai")
        let text = Page(tokens: tokens).text
        for line in [
            #"parley_model_tokens_total{provider="openai",direction="input"} 1000"#,
            #"parley_model_tokens_total{provider="openai",direction="output"} 42"#,
            #"parley_model_tokens_total{provider="anthropic",direction="input"} 0"#,
            #"parley_model_cached_tokens_total{provider="openai"} 800"#,
        ] { #expect(text.contains(line), "\(line)") }
        #expect(text.components(separatedBy: "# TYPE parley_model_tokens_total ").count == 2)
    }

    @Test func callsWithoutAServersToolsAreCounted() async {
        struct Fault: Error {}
        let loader = ToolLoader()
        let source = ToolSource("practice") { throw Fault() }
        for _ in 0..<2 { _ = await loader.load([source], tenant: "a") }
        let line = #"parley_tool_listings_missed_total{server="practice",reason="unavailable"} 2"#
        #expect(Page(toolLoader: loader).text.contains(line))
    }

    @Test func theStagesOfATurnAndOfABargeInAreTheContracts() {
        let text = Page().text
        for stage in [
            "endpoint", "stt_final", "llm_first_token", "llm_first_sentence", "tts_first_audio", "first_frame", "total",
            "engine",
        ] { #expect(text.contains(#"parley_turn_seconds_count{stage="\#(stage)"} 0"#)) }
        for stage in ["detect", "clear"] {
            #expect(text.contains(#"parley_barge_in_seconds_count{stage="\#(stage)"} 0"#))
        }
        for actor in ["call", "conversation", "stt", "llm", "tts"] {
            #expect(text.contains(#"parley_actor_mailbox_seconds_count{actor="\#(actor)"}"#))
        }
    }

    @Test func everyProviderHasItsSeriesBeforeItsFirstCall() {
        let text = Page().text
        for provider in ["twilio", "ringover", "ringcentral"] {
            for outcome in ["caller_hung_up", "voicemail", "completed", "busy", "no_answer", "failed", "canceled"] {
                let line = #"parley_calls_total{provider="\#(provider)",outcome="\#(outcome)"} 0"#
                #expect(text.components(separatedBy: "\n\(line)\n").count == 2, "once: \(line)")
            }
            for outcome in ["accepted", "duplicate", "stale"] {
                let labels = #"{provider="\#(provider)",kind="phase",outcome="\#(outcome)"}"#
                #expect(text.contains("\nparley_provider_events_total\(labels) 0\n"))
            }
            #expect(text.contains(#"parley_vendor_request_seconds_count{vendor="\#(provider)",outcome="timeout"} 0"#))
            #expect(text.contains(#"parley_vendor_retries_total{vendor="\#(provider)"} 0"#))
            let event = provider == "twilio" ? "voice" : "event"
            #expect(text.contains(#"parley_webhook_seconds_count{provider="\#(provider)",event="\#(event)"} 0"#))
            #expect(text.contains(#"parley_webhook_rejected_total{provider="\#(provider)",reason="signature"} 0"#))
        }
    }

    @Test func aProvidersEventsAreCountedByWhatTheyMade() {
        let events = ProviderEventMeters()
        let book = CallBook(meters: events)
        for id in ["1", "1", "2"] { book.take(Told.event("CA1", .phase(.ringing), id: id)) }
        book.take(Told.event("CA1", .recording(.init(id: "RE")), id: "3"))
        var page = PrometheusText()
        events.write(to: &page)
        for line in [
            #"{provider="twilio",kind="phase",outcome="accepted"} 1"#,
            #"{provider="twilio",kind="phase",outcome="duplicate"} 1"#,
            #"{provider="twilio",kind="phase",outcome="stale"} 1"#,
            #"{provider="twilio",kind="recording",outcome="accepted"} 1"#,
            #"{provider="ringover",kind="phase",outcome="accepted"} 0"#,
        ] { #expect(page.text.contains("\nparley_provider_events_total\(line)\n"), "\(line)") }
    }

    /// RingCentral's calls have no media here, and a call that was never connected has none anywhere.
    @Test func aCallWithoutMediaIsCountedWhenItsProviderSaysItEnded() {
        let page = Page()
        let book = CallBook { page.calls.told($0) }
        for (id, phase) in [("1", CallLifecycle.Phase.busy), ("2", .completed), ("3", .inProgress), ("4", .noAnswer)] {
            book.take(Told.event(id, .phase(phase), provider: "ringcentral"))
        }
        // Better told later, and told of again: the same call.
        book.take(Told.event("4", .phase(.completed), provider: "ringcentral"))
        book.take(Told.event("4", .phase(.completed), id: "again", provider: "ringcentral"))
        CallBookLink(book).call(identity, at: .zero, .started)
        book.take(Told.event("CA1", .phase(.completed)))
        for line in [
            #"{provider="ringcentral",outcome="busy"} 1"#, #"{provider="ringcentral",outcome="completed"} 1"#,
            #"{provider="ringcentral",outcome="no_answer"} 1"#, #"{provider="twilio",outcome="completed"} 0"#,
        ] { #expect(page.text.contains("\nparley_calls_total\(line)\n"), "\(line)") }
    }

    @Test func whatHappensIsCounted() {
        let page = Page()
        var stages = TurnStages()
        stages[.total] = .milliseconds(900)
        page.calls.call(identity, at: .zero, .turn(number: 1, stages: stages))
        page.calls.call(identity, at: .zero, .interrupted(turn: 1, heard: "", detect: .milliseconds(240)))
        let error = LegError(leg: .stt, provider: "fake", code: "timeout", cause: "x", isRetryable: true)
        page.calls.call(identity, at: .zero, .legFailed(error))
        let outcome = CallOutcome(reason: .transferred, turns: 1, interruptions: 1, duration: .seconds(4))
        page.calls.call(identity, at: .zero, .ended(outcome))
        page.webhooks.record("twilio", "voice", nanoseconds: 2_000_000)
        page.webhooks.reject("twilio", "signature")
        let (_, events) = page.hub.listen(tenant: "*", after: nil)
        withExtendedLifetime(events) {
            let text = page.text
            for line in [
                #"parley_turn_seconds_count{stage="total"} 1"#, #"parley_turn_seconds_sum{stage="total"} 0.9"#,
                #"parley_barge_in_seconds_count{stage="detect"} 1"#,
                #"parley_leg_errors_total{leg="stt",provider="fake",code="timeout"} 1"#,
                #"parley_leg_errors_total{leg="stt",provider="fake",code="unavailable"} 0"#,
                #"parley_calls_total{provider="twilio",outcome="transferred"} 1"#,
                #"parley_calls_total{provider="twilio",outcome="leg_failed"} 0"#,
                #"parley_webhook_seconds_count{provider="twilio",event="voice"} 1"#,
                #"parley_webhook_rejected_total{provider="twilio",reason="signature"} 1"#, "parley_events_clients 1",
                "parley_calls_limit 7", #"parley_leg_info{leg="tts",provider="fake"} 1"#,
            ] { #expect(text.contains("\n\(line)\n"), "\(line)") }
        }
    }

    /// The lines of a metric stand together, each under its declaration, as the format wants it.
    @Test func theLinesOfAMetricStandTogether() throws {
        var declared: [String] = []
        for line in Page().text.split(separator: "\n") {
            if line.hasPrefix("# TYPE ") {
                let name = String(line.split(separator: " ")[2])
                #expect(!declared.contains(name), "\(name) is declared twice")
                declared.append(name)
            } else if !line.hasPrefix("#") {
                let name = String(line.prefix { $0 != "{" && $0 != " " })
                let current = try #require(declared.last)
                #expect([current, current + "_bucket", current + "_sum", current + "_count"].contains(name), "\(line)")
                #expect(Double(line.split(separator: " ").last ?? "") != nil, "\(line)")
            }
        }
        #expect(declared.count > 15)
    }

    private static let promtool = ["/usr/bin/promtool", "/usr/local/bin/promtool"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    @Test(.enabled(if: promtool != nil, "promtool is installed by `make test`"))
    func prometheusOwnCheckerFindsNothing() throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try #require(Self.promtool))
        process.arguments = ["check", "metrics"]
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        process.standardError = output
        try process.run()
        try input.fileHandleForWriting.write(contentsOf: Data(Page().text.utf8))
        try input.fileHandleForWriting.close()
        let said = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "\(said)")
    }
}
