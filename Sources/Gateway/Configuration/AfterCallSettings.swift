/// What is done with a call when it is over: `docs/aftercall.md`.
public struct AfterCallSettings: Sendable, Equatable {
    public enum Mode: String, Sendable, CaseIterable {
        case off
        /// Recordings of calls that people held; of calls that the agent held, the words that were heard live.
        case recordings
        /// Recordings of the agent's calls are transcribed too.
        case all
    }

    public var mode = Mode.recordings
    /// Who transcribes recordings, in order; nil: those with a key.
    public var transcriberOrder: [String]?
    /// Who summarises, in order; nil: the vendors among the legs' models.
    public var summariserOrder: [String]?
    /// OpenAI's, or its compatible server's, model for recordings.
    public var openAITranscriptionModel = "whisper-1"
    /// Jobs that wait; one more is refused and counted.
    public var waitingJobs = 1000
    /// Jobs under way at once: each holds one recording in memory.
    public var runningJobs = 2
    /// Of one job, the first one included.
    public var attempts = 8
    /// Of one job, from its first attempt to its last.
    public var deadlineSeconds = 1800
    /// Of a recording.
    public var recordingBytes = 64 << 20
    /// What jobs get after the calls have ended at shutdown.
    public var drainSeconds = 20

    public init() {}

    public static let transcribers: [LegSettings.Provider] = [.deepgram, .openai]
    public static let summarisers: [LegSettings.Provider] = [.openai, .anthropic]

    /// Without a key a compatible server is not assumed to transcribe: most only chat. It can be named.
    public func effectiveTranscribers(_ legs: LegSettings) -> [String] {
        if let transcriberOrder { return transcriberOrder }
        return [(LegSettings.Provider.deepgram, legs.deepgram.key), (.openai, legs.openAI.key)]
            .compactMap { provider, key in key.map { _ in provider.rawValue } }
    }

    public func effectiveSummarisers(_ legs: LegSettings) -> [String] {
        summariserOrder
            ?? legs.effectiveLLM.filter { name in Self.summarisers.contains { $0.rawValue == name } }
    }

    init(_ reader: inout SettingsReader, legs: LegSettings) {
        mode = reader.choice("parley.aftercall", Mode.self) ?? mode
        transcriberOrder = reader.legs("parley.aftercallStt", Self.transcribers, of: legs)
        summariserOrder = reader.legs("parley.aftercallLlm", Self.summarisers, of: legs)
        openAITranscriptionModel = reader.text("openai.transcriptionModel") ?? openAITranscriptionModel
        waitingJobs = reader.number("parley.aftercallQueue", 1...100_000, "a number of jobs") ?? waitingJobs
        runningJobs = reader.number("parley.aftercallJobs", 1...64, "a number of jobs") ?? runningJobs
        attempts = reader.number("parley.aftercallAttempts", 1...50, "a number of attempts") ?? attempts
        deadlineSeconds = reader.number("parley.aftercallDeadlineSeconds", 10...86_400, "seconds") ?? deadlineSeconds
        recordingBytes =
            reader.number("parley.aftercallRecordingBytes", 65_536...1 << 30, "bytes") ?? recordingBytes
        drainSeconds = reader.number("parley.aftercallDrainSeconds", 0...3600, "seconds") ?? drainSeconds
    }
}
