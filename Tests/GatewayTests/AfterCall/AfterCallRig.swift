import Actors
import Foundation
import Gateway
import Logging
import Synchronization
import TestSupport

/// The work after calls without an engine around it: a test's own provider, vendors and time.
struct AfterCallRig: Sendable {
    static let key = ProviderCallKey(provider: "twilio", id: "CA1")

    let clock: SteppedTime
    let worker: AfterCallWorker
    let desk: AfterCallDesk
    let steps: AfterCallSteps
    let book: CallBook
    let hub: EventHub
    let folder: String
    let running: Task<Void, Never>

    /// - Parameter random: 0 retries at once, and 1 as late as can be.
    static func run(
        tenant: TenantProfile = .test,
        source: FakeRecordingSource = FakeRecordingSource([]),
        transcribers: [FakeRecordingTranscriber] = [FakeRecordingTranscriber()],
        models: [FakeChatModel] = [],
        limits: JobQueue.Limits = JobQueue.Limits(),
        random: Double = 0.5,
        _ change: (inout EngineSettings) -> Void = { _ in },
        body: (AfterCallRig) async throws -> Void
    ) async throws {
        var settings = EngineSettings()
        settings.dataFolder =
            FileManager.default.temporaryDirectory.appendingPathComponent("parley-\(UUID().uuidString)").path
        change(&settings)
        defer { try? FileManager.default.removeItem(atPath: settings.dataFolder) }
        let clock = SteppedTime()
        source.watch(clock)
        let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        let worker = AfterCallWorker(limits, time: clock.time, random: { random }, logger: logger)
        let tenants: @Sendable (String) -> TenantProfile? = { $0 == tenant.id ? tenant : nil }
        let legs: @Sendable (TenantProfile) -> AfterCallLegs = { _ in
            AfterCallLegs(transcribers: transcribers, summarisers: models)
        }
        let desk = AfterCallDesk(settings: settings, worker: worker, tenants: tenants, legs: legs)
        let book = CallBook { desk.told($0) }
        let hub = EventHub()
        let steps = AfterCallSteps(
            settings: settings,
            sources: ["twilio": source],
            tenants: tenants,
            legs: legs,
            held: desk.held,
            book: book,
            hub: hub
        )
        let running = Task { await worker.run(steps) }
        let rig = AfterCallRig(
            clock: clock,
            worker: worker,
            desk: desk,
            steps: steps,
            book: book,
            hub: hub,
            folder: settings.dataFolder,
            running: running
        )
        var failure: (any Error)?
        do { try await body(rig) } catch { failure = error }
        running.cancel()
        await running.value
        if let failure { throw failure }
    }

    func told(_ recording: String = "RE1", event: String = "recording RE1") {
        let recording = ProviderRecording(id: recording, url: "https://api.twilio.com/RE1")
        book.take(ProviderEvent(call: Self.key, kind: .recording(recording), id: event, tenant: "test"))
    }

    /// Lets time pass, but only while nothing is under way, until a job has come to this end.
    func wait(_ kind: AfterCallJob.Kind = .recording, for state: JobMeters.State, count: Int = 1) async throws {
        while worker.meters.count(kind, state) < count {
            try Task.checkCancellation()
            if AfterCallJob.Kind.allCases.allSatisfy({ worker.meters.count($0, .running) == 0 }) { clock.jump() }
            await Task.yield()
        }
    }

    /// What has become of the jobs: every state that is not at zero.
    func counts(_ kind: AfterCallJob.Kind = .recording) -> [JobMeters.State: Int] {
        let all = JobMeters.State.allCases.map { ($0, worker.meters.count(kind, $0)) }
        return Dictionary(uniqueKeysWithValues: all.filter { $0.1 != 0 })
    }

    var records: [AfterCallRecord] { book.entry(Self.key)?.completed ?? [] }

    /// Files that are left in the data folder.
    var files: [String] {
        (FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? [])
            .filter { $0.contains(".") }.sorted()
    }
}

/// A provider that has recordings, or says why not. The last answer is given again.
final class FakeRecordingSource: CallRecordingSource {
    enum Answer: Sendable {
        case bytes([UInt8])
        case fault(AfterCallFault)
    }

    /// Stereo mu-law with a little silence in it.
    static let wav = StereoWAV.header(dataBytes: 320) + [UInt8](repeating: 0xFF, count: 320)

    private struct State {
        var answers: [Answer]
        var asked: [ContinuousClock.Instant] = []
        var clock: SteppedTime?
    }
    private let state: Mutex<State>

    init(_ answers: [Answer]) { state = Mutex(State(answers: answers)) }

    func watch(_ clock: SteppedTime) { state.withLock { $0.clock = clock } }
    var count: Int { state.withLock { $0.asked.count } }
    /// Between the questions.
    var pauses: [Duration] {
        let asked = state.withLock { $0.asked }
        return zip(asked, asked.dropFirst()).map { $0.duration(to: $1) }
    }

    func fetch(_ recording: ProviderRecording, of call: ProviderCallKey) async throws(AfterCallFault) -> [UInt8] {
        let answer = state.withLock { state in
            if let clock = state.clock { state.asked.append(clock.time.now()) }
            return state.answers.count > 1 ? state.answers.removeFirst() : state.answers.first
        }
        switch answer {
        case .bytes(let bytes): return bytes
        case .fault(let fault): throw fault
        case nil: throw AfterCallFault(.notThere, isPassing: false)
        }
    }
}

/// A transcriber that heard what the test says. The last answer is given again.
final class FakeRecordingTranscriber: RecordingTranscriber {
    enum Answer: Sendable {
        case heard(RecordingTranscript)
        case error(LegError)
        /// No answer before the task is cancelled.
        case silence
    }

    let provider: String
    let maximumBytes: Int
    private let answers: Mutex<[Answer]>
    private let seen = Mutex<[RecordingAudio]>([])
    var recordings: [RecordingAudio] { seen.withLock { $0 } }

    init(_ provider: String = "deepgram", maximumBytes: Int = 1 << 20, _ answers: [Answer] = []) {
        self.provider = provider
        self.maximumBytes = maximumBytes
        self.answers = Mutex(answers.isEmpty ? [.heard(Self.transcript(provider))] : answers)
    }

    static func transcript(_ provider: String = "deepgram") -> RecordingTranscript {
        RecordingTranscript(
            segments: [
                .init(text: "Good morning.", start: 0.5, end: 1, channel: 0),
                .init(text: "My card is 4111 1111", start: 2, end: 3, channel: 1),
                .init(text: "1111 1111.", start: 4, end: 5, channel: 1),
            ],
            language: "en",
            provider: provider
        )
    }

    static func error(_ code: String, isRetryable: Bool, after: Duration? = nil) -> Answer {
        .error(
            LegError(
                leg: .stt,
                provider: "deepgram",
                code: code,
                cause: "a test",
                isRetryable: isRetryable,
                retryAfter: after
            )
        )
    }

    func transcribe(_ recording: RecordingAudio) async throws -> RecordingTranscript {
        seen.withLock { $0.append(recording) }
        switch answers.withLock({ $0.count > 1 ? $0.removeFirst() : $0[0] }) {
        case .heard(let transcript): return transcript
        case .error(let error): throw error
        case .silence:
            for await _ in AsyncStream<Void>.makeStream().stream {}
            throw CancellationError()
        }
    }
}

/// A model that answers every request with the same text, or fails.
final class FakeChatModel: ChatModel {
    static let summary =
        #"{"summary":"A caller gave a card, 4111 1111 1111 1111.","outcome":"message","follow_up":"Call back."}"#

    let provider = "openai"
    private let answer: Result<[ChatDelta], LegError>
    private let seen = Mutex<[ChatRequest]>([])
    var requests: [ChatRequest] { seen.withLock { $0 } }

    init(_ text: String = FakeChatModel.summary, finish: ChatFinish = .stop) {
        answer = .success([.text(String(text.prefix(20))), .text(String(text.dropFirst(20))), .finished(finish)])
    }

    init(failing error: LegError) { answer = .failure(error) }

    func warm() async {}

    func answer(_ request: ChatRequest) -> AsyncThrowingStream<ChatDelta, any Error> {
        seen.withLock { $0.append(request) }
        return AsyncThrowingStream { stream in
            switch answer {
            case .success(let deltas):
                for delta in deltas { stream.yield(delta) }
                stream.finish()
            case .failure(let error): stream.finish(throwing: error)
            }
        }
    }
}
