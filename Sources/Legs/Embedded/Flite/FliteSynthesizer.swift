import Actors
import Codecs
import Synchronization

/// The embedded text to speech: flite, in the process, without a network or a key. English only.
///
/// Words come first, with their times, then audio in pieces of a tenth of a second. Everything runs on threads of its own.
public final class FliteSynthesizer: Synthesizer {
    public struct Configuration: Sendable, Equatable {
        /// Threads that synthesise; default 2. One makes some 80 s of speech per second with slt, 1 500 s with kal16.
        public var threads = 2
        /// Pieces that may wait for a thread before `busy` is thrown; default 64.
        public var queueLimit = 64
        /// Longest text of one piece in UTF-8 bytes; default 4 000, four minutes of speech.
        public var maximumTextBytes = 4_000

        public init() {}
    }

    /// Names that `SpeechRequest.voice` may have, the default one first. An empty name takes the default.
    public static let voices: [String] = FliteVoice.allCases.map(\.rawValue)

    public let provider = "embedded"
    private let configuration: Configuration
    private let threads: SynthesisThreads

    public init(_ configuration: Configuration = Configuration()) {
        self.configuration = configuration
        threads = SynthesisThreads(
            name: "flite",
            count: configuration.threads,
            queueLimit: configuration.queueLimit
        )
    }

    public func synthesize(_ request: SpeechRequest) -> AsyncThrowingStream<SpeechDelta, any Error> {
        let (stream, continuation) = AsyncThrowingStream.makeStream(of: SpeechDelta.self)
        do throws(LegError) {
            guard let job = try makeJob(request, continuation) else {
                continuation.finish()
                return stream
            }
            continuation.onTermination = { _ in job.cancel() }
            guard threads.submit(job) else {
                throw error(
                    "busy",
                    "\(configuration.queueLimit) pieces already wait for \(configuration.threads) threads; "
                        + "raise the threads or take fewer calls",
                    isRetryable: true
                )
            }
        } catch {
            continuation.finish(throwing: error)
        }
        return stream
    }

    /// - Returns: `nil` when there is nothing to say.
    private func makeJob(
        _ request: SpeechRequest,
        _ continuation: AsyncThrowingStream<SpeechDelta, any Error>.Continuation
    ) throws(LegError) -> FliteJob? {
        guard let voice = request.voice.isEmpty ? .slt : FliteVoice(rawValue: request.voice) else {
            throw error("voice", "no embedded voice has this name; known: \(Self.voices.joined(separator: ", "))")
        }
        let language = request.language.prefix { $0 != "-" && $0 != "_" }.lowercased()
        guard language.isEmpty || language == "en" else {
            throw error("voice", "the embedded voices speak English only; asked for \(request.language)")
        }
        guard Resampler.rates.contains(request.sampleRate) else {
            throw error("refused", ResamplerError.unsupportedRate(request.sampleRate).description)
        }
        guard request.text.utf8.count <= configuration.maximumTextBytes else {
            throw error(
                "refused",
                "a piece of \(request.text.utf8.count) bytes is longer than \(configuration.maximumTextBytes); "
                    + "synthesise sentence by sentence"
            )
        }
        let text = SpeechText(request.text)
        if !text.hasWords, request.text.contains(where: { $0.isLetter || $0.isNumber }) {
            throw error("refused", "the text has no letter that an English voice can read")
        }
        guard text.ascii.contains(where: { $0 != UInt8(ascii: " ") }) else { return nil }
        return FliteJob(text, voice, request.sampleRate, continuation)
    }

    private func error(_ code: String, _ cause: String, isRetryable: Bool = false) -> LegError {
        LegError(leg: .tts, provider: provider, code: code, cause: cause, isRetryable: isRetryable)
    }
}

/// One piece of text on its way through the threads.
private final class FliteJob: SynthesisJob {
    private let text: SpeechText
    private let voice: FliteVoice
    private let rate: Int
    private let continuation: AsyncThrowingStream<SpeechDelta, any Error>.Continuation
    private let cancelled = Atomic<Bool>(false)

    init(
        _ text: SpeechText,
        _ voice: FliteVoice,
        _ rate: Int,
        _ continuation: AsyncThrowingStream<SpeechDelta, any Error>.Continuation
    ) {
        self.text = text
        self.voice = voice
        self.rate = rate
        self.continuation = continuation
    }

    var isCancelled: Bool { cancelled.load(ordering: .relaxed) }

    func cancel() { cancelled.store(true, ordering: .relaxed) }

    func run() {
        do {
            let rendering = try FliteRendering(
                text: text,
                voice: voice,
                rate: rate,
                isStopped: { self.isCancelled },
                deliver: { delta in
                    if case .terminated = self.continuation.yield(delta) { return false }
                    return true
                }
            )
            guard FliteUtterance.synthesize(text.ascii, voice: voice, listener: rendering) else {
                throw LegError(
                    leg: .tts,
                    provider: "embedded",
                    code: "unavailable",
                    cause: "flite could not synthesise with voice \(voice.rawValue)",
                    isRetryable: false
                )
            }
            rendering.finish()
            continuation.finish()
        } catch {
            continuation.finish(throwing: error)
        }
    }
}
