import Actors
import Foundation

/// How the embedded recogniser is run.
public struct PocketSphinxConfiguration: Sendable {
    /// A folder holding `en-us/` (the acoustic model) and `cmudict-en-us.dict`. Default: where Debian installs them;
    /// nil when they are not there, and opening a session then fails with the packages' names.
    public var modelDirectory: String?
    /// Decoders loaded before the first call, by `PocketSphinxTranscriber.warm`. About 17 MB each.
    public var warmDecoders: Int
    /// Calls that can be recognised at the same time. One more is refused with the code `busy`.
    public var maximumDecoders: Int
    /// Decoders kept when no call uses them; more than these are given up at a call's end.
    public var keptDecoders: Int
    /// Threads that decode, beside the leg workers. 0: the thread that asks, for tools that wait for an answer.
    public var threads: Int
    /// Seconds of speech that may wait for such a thread. A call that is further behind has no recogniser any more.
    public var longestWaitSeconds: Int
    /// Seconds of one utterance after which it is finished inside and goes on as a new one: the search's memory grows
    /// with it.
    public var maximumUtteranceSeconds: Int
    /// Milliseconds of audio between two looks at the words so far.
    public var partialMilliseconds: Int
    /// Transcripts with a lower confidence are marked as rejected. 0 switches rejection off.
    public var rejectBelow: Double

    public init(
        modelDirectory: String? = Self.installedModels(),
        warmDecoders: Int = 1,
        maximumDecoders: Int = 16,
        keptDecoders: Int = 8,
        threads: Int = max(2, ProcessInfo.processInfo.activeProcessorCount),
        longestWaitSeconds: Int = 20,
        maximumUtteranceSeconds: Int = 30,
        partialMilliseconds: Int = 100,
        rejectBelow: Double = 0.25
    ) {
        self.modelDirectory = modelDirectory
        self.warmDecoders = warmDecoders
        self.maximumDecoders = maximumDecoders
        self.keptDecoders = keptDecoders
        self.threads = threads
        self.longestWaitSeconds = longestWaitSeconds
        self.maximumUtteranceSeconds = maximumUtteranceSeconds
        self.partialMilliseconds = partialMilliseconds
        self.rejectBelow = rejectBelow
    }

    /// The folder Debian's `pocketsphinx-en-us` installs, if it is there.
    public static func installedModels() -> String? {
        ["/usr/share/pocketsphinx/model/en-us", "/usr/local/share/pocketsphinx/model/en-us"].first(where: isComplete)
    }

    static func isComplete(_ directory: String) -> Bool {
        ["en-us/mdef", "cmudict-en-us.dict"].allSatisfy { FileManager.default.fileExists(atPath: "\(directory)/\($0)") }
    }

    /// The model folder, checked.
    func models() throws(LegError) -> String {
        guard let modelDirectory, Self.isComplete(modelDirectory) else {
            throw LegError(
                leg: .stt,
                provider: PocketSphinxTranscriber.name,
                code: "unavailable",
                cause: """
                    no recogniser model in \(modelDirectory ?? "the usual places"): install the packages libpocketsphinx3 \
                    and pocketsphinx-en-us (apt-get install), or set the folder that holds en-us/ and cmudict-en-us.dict
                    """,
                isRetryable: false
            )
        }
        return modelDirectory
    }
}
