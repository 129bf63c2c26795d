import ArgumentParser
import Caller
import Dispatch
import Foundation

/// `parley call`: one call against a running engine, from the other end of the line.
struct CallCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "call",
        abstract: "Place one call against a running engine, speaking a provider's framing.",
        discussion: """
            Says each recording in turn, waits for the agent after each, can interrupt it, and writes what both
            sides heard.

            Examples:
              parley call booking.wav
              parley call first.wav second.wav --barge-in 1500ms
              parley call conversation.wav --split --json > call.json
              parley call booking.wav --provider ringover --url ws://127.0.0.1:8765/ws --sample-rate 16000
            """
    )

    @Argument(help: "Recordings: WAV, or headerless 8 kHz mu-law named .ulaw. Each is one utterance.")
    var files: [String] = []

    @Option(help: "Address of the engine, as the engine knows itself: signatures cover it.")
    var url = "http://127.0.0.1:8080"

    @Option(help: "Number that is called.")
    var to = "+15550100"

    @Option(help: "Number of the caller.")
    var from = "+15550123"

    @Option(help: "Whose framing to speak: twilio or ringover.")
    var provider = "twilio"

    @Option(
        help: ArgumentHelp(
            "Interrupt the agent this long after it is heard: 1500ms, or 1500ms,2 for its answer to utterance 2 "
                + "(0: the greeting). May be repeated.",
            valueName: "duration[,turn]"
        )
    )
    var bargeIn: [String] = []

    @Option(help: ArgumentHelp("Silence of the agent after which the caller speaks.", valueName: "duration"))
    var waitSilence = "800ms"

    @Option(help: ArgumentHelp("How long a silent agent is waited for.", valueName: "duration"))
    var maxWait = "10s"

    @Option(help: ArgumentHelp("Longest call.", valueName: "duration"))
    var maxDuration = "120s"

    @Flag(help: "Cut recordings into utterances at pauses of 1.2 s or more.")
    var split = false

    @Option(help: "Directory for the recording and the transcript.")
    var out = "out/"

    @Option(help: "Bearer token for the engine's words (default: PARLEY_TOKEN, or minted from the engine's secret).")
    var token: String?

    @Option(help: "Auth token that signs the requests (default: TWILIO_AUTH_TOKEN).")
    var authToken: String?

    @Option(help: "Ringover: token that opens the media socket (default: RINGOVER_STREAMING_TOKEN).")
    var streamToken: String?

    @Option(help: "Ringover: rate of the audio both ways, 8000 or 16000.")
    var sampleRate = 8000

    @Flag(help: "Print one JSON document and nothing else.")
    var json = false

    @Flag(help: "Do not listen to the engine's event stream: timings only.")
    var noTranscript = false

    @Flag(help: "Print the summary only.")
    var quiet = false

    private enum Item: Sendable {
        case call(CallEvent)
        case engine(EngineEvent)
    }

    func run() async throws {
        let environment = ProcessInfo.processInfo.environment
        let call = try placement(environment)
        let words = await listen(call, environment)
        let (feed, feeder) = AsyncStream.makeStream(of: Item.self)
        let printer = Task { await narrate(feed, followsWords: words != nil) }
        let listener = Task { await words?.follow { feeder.yield(.engine($0)) } }
        let line = Task { try await call.run { feeder.yield(.call($0)) } }
        let interrupt = hangUpOnInterrupt(line)
        defer { interrupt.cancel() }
        do {
            let report = try await line.value
            // The engine tells the end of the call a moment after the socket closes.
            let patience = Task {
                try? await Task.sleep(for: .seconds(2))
                listener.cancel()
            }
            await listener.value
            patience.cancel()
            feeder.finish()
            let (events, narrator) = await printer.value
            try conclude(CallDocument(call: report, events: events), narrator, utterances: call.utterances)
        } catch let error where !(error is ExitCode) {
            listener.cancel()
            feeder.finish()
            _ = await printer.value
            throw failure(error is CancellationError ? "stopped before the call was connected" : "\(error)", 1)
        }
    }

    /// A call of either provider, ready to be placed.
    private struct Placement: Sendable {
        /// Where the engine's words are heard.
        var engineURL: String
        var callSid: String
        var utterances: Int
        var run: @Sendable (@escaping @Sendable (CallEvent) -> Void) async throws -> CallReport
    }

    private func placement(_ environment: [String: String]) throws -> Placement {
        guard ["twilio", "ringover"].contains(provider) else {
            throw failure("--provider \(provider) is not known: twilio or ringover", 2)
        }
        let manner: CallerScript.Manner
        do {
            var chosen = CallerScript.Manner()
            chosen.waitSilence = try duration(waitSilence, "--wait-silence")
            chosen.maxWait = try duration(maxWait, "--max-wait")
            chosen.maxDuration = try duration(maxDuration, "--max-duration")
            chosen.bargeIns = try bargeIn.map(BargeIn.init(written:))
            manner = chosen
        } catch let error as CallError {
            throw failure("\(error)", 2)
        }
        var utterances: [Utterance] = []
        do {
            for file in files {
                let audio = try AudioFile.read(file)
                let name = URL(fileURLWithPath: file).lastPathComponent
                utterances += split ? Utterance.split(name: name, audio: audio) : [Utterance(name: name, audio: audio)]
            }
        } catch {
            throw failure("\(error)", 1)
        }
        do {
            return try provider == "ringover"
                ? ringover(utterances, manner, environment) : twilio(utterances, manner, environment)
        } catch let error as CallError {
            throw failure("\(error)", 2)
        }
    }

    private func twilio(
        _ utterances: [Utterance],
        _ manner: CallerScript.Manner,
        _ environment: [String: String]
    ) throws -> Placement {
        var call = TwilioCallConfiguration(engineURL: url, utterances: utterances)
        call.to = to
        call.from = from
        call.manner = manner
        call.authToken = [authToken, environment["TWILIO_AUTH_TOKEN"]].compactMap { $0 }.first { !$0.isEmpty }
        if let account = environment["TWILIO_ACCOUNT_SID"], !account.isEmpty { call.accountSid = account }
        try call.validate()
        let ready = TwilioCall(configuration: call)
        return Placement(engineURL: call.engineURL, callSid: call.callSid, utterances: utterances.count) {
            try await ready.run(events: $0)
        }
    }

    private func ringover(
        _ utterances: [Utterance],
        _ manner: CallerScript.Manner,
        _ environment: [String: String]
    ) throws -> Placement {
        var call = RingoverCallConfiguration(engineURL: url, utterances: utterances)
        call.to = to
        call.from = from
        call.manner = manner
        call.sampleRate = sampleRate
        // The engine's list of tokens, of which the first one will do.
        let known = environment["RINGOVER_STREAMING_TOKEN"]?.split(separator: ",").first.map {
            $0.trimmingCharacters(in: .whitespaces)
        }
        call.token = [streamToken, known].compactMap { $0 }.first { !$0.isEmpty }
        try call.validate()
        let ready = RingoverCall(configuration: call)
        // A socket's own port has no event stream: the words come from the engine's main one, where it usually is.
        let engine = url.hasPrefix("ws") ? "http://\(URL(string: url)?.host ?? "127.0.0.1"):8080" : call.engineURL
        return Placement(engineURL: engine, callSid: call.callID, utterances: utterances.count) {
            try await ready.run(events: $0)
        }
    }

    private func duration(_ text: String, _ option: String) throws -> Duration {
        guard let value = Duration(written: text) else {
            throw failure("\(option) \(text) is not a duration: write for example 800ms, 10s or 2m", 2)
        }
        return value
    }

    private func listen(_ call: Placement, _ environment: [String: String]) async -> EngineEvents? {
        guard !noTranscript else { return nil }
        guard let token = OperatorToken.find(given: token, environment: environment) else {
            say(
                "parley call: words are not shown, only timings: no token (give --token, or set PARLEY_TOKEN or "
                    + "PARLEY_JWT_SECRET, or run where the engine's data directory is)"
            )
            return nil
        }
        do {
            return try await EngineEvents.connect(engineURL: call.engineURL, token: token, callSid: call.callSid)
        } catch EngineEvents.Unavailable.unreachable {
            // Then the webhook cannot be reached either, and its error says so better.
            return nil
        } catch {
            say("parley call: words are not shown, only timings: \(error)")
            return nil
        }
    }

    private func narrate(_ feed: AsyncStream<Item>, followsWords: Bool) async -> ([EngineEvent], CallNarrator) {
        var narrator = CallNarrator(followsWords: followsWords, styled: isatty(STDOUT_FILENO) == 1)
        var events: [EngineEvent] = []
        for await item in feed {
            let lines: [String]
            switch item {
            case .call(let event): lines = narrator.lines(for: event)
            case .engine(let event):
                events.append(event)
                lines = narrator.lines(for: event)
            }
            if !json && !quiet { show(lines) }
        }
        if !json && !quiet { show(narrator.pending()) }
        return (events, narrator)
    }

    private func conclude(_ document: CallDocument, _ narrator: CallNarrator, utterances: Int) throws {
        let report = document.call
        let files: (recording: String, transcript: String)
        do {
            files = try document.write(to: out)
        } catch {
            throw failure("the recording could not be written to \(out): \(error.localizedDescription)", 1)
        }
        if json {
            FileHandle.standardOutput.write(Data(try document.json() + [0x0A]))
        } else {
            show(narrator.summary(report))
            show(["  recording   \(files.recording)", "  transcript  \(files.transcript)"])
        }
        switch report.end {
        case .answered, .notAnswered, .maxDuration, .transferred: return
        case .serverClosed where report.turns.count == utterances && report.closeCode == 1000: return
        case .serverClosed:
            let reason = report.closeReason.flatMap { $0.isEmpty ? nil : ": \($0)" } ?? ""
            throw failure("the engine closed the stream early (code \(report.closeCode ?? 1005)\(reason))", 1)
        case .connectionLost: throw failure("the connection to the engine was lost during the call", 1)
        case .cancelled: throw ExitCode(130)
        }
    }

    /// The first interrupt hangs up and still writes the files.
    private func hangUpOnInterrupt(_ line: Task<CallReport, any Error>) -> any DispatchSourceSignal {
        signal(SIGINT, SIG_IGN)
        let source = DispatchSource.makeSignalSource(signal: SIGINT, queue: .global())
        source.setEventHandler { line.cancel() }
        source.resume()
        return source
    }

    private func show(_ lines: [String]) {
        guard !lines.isEmpty else { return }
        FileHandle.standardOutput.write(Data((lines.joined(separator: "\n") + "\n").utf8))
    }

    private func say(_ text: String) {
        FileHandle.standardError.write(Data((text + "\n").utf8))
    }

    private func failure(_ text: String, _ code: Int32) -> ExitCode {
        say("parley call: \(text)")
        return ExitCode(code)
    }
}
