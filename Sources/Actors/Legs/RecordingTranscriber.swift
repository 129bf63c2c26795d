/// Speech to text of a whole recording, after the call: slow, and better than what was heard live.
public protocol RecordingTranscriber: Sendable {
    /// A metric label: `deepgram`, `openai`.
    var provider: String { get }
    /// Bytes of the largest recording that is taken.
    var maximumBytes: Int { get }
    /// Cancelling the task ends the request.
    /// - Throws: `LegError` of the leg `stt`; `CancellationError`.
    func transcribe(_ recording: RecordingAudio) async throws -> RecordingTranscript
}

/// A recording as it lies in its file.
public struct RecordingAudio: Sendable {
    public var bytes: [UInt8]
    /// `audio/wav`.
    public var contentType: String
    /// One party on each: the words then say whose they are, where the provider can tell.
    public var channels: Int
    /// BCP 47; nil: the provider finds out.
    public var language: String?
    /// Names and terms that may come up.
    public var terms: [String]

    public init(
        bytes: [UInt8],
        contentType: String = "audio/wav",
        channels: Int = 1,
        language: String? = nil,
        terms: [String] = []
    ) {
        self.bytes = bytes
        self.contentType = contentType
        self.channels = channels
        self.language = language
        self.terms = terms
    }
}

public struct RecordingTranscript: Sendable, Equatable {
    /// In the order in which they begin.
    public var segments: [Segment]
    /// BCP 47, where the provider tells.
    public var language: String?
    public var provider: String

    public init(segments: [Segment], language: String? = nil, provider: String) {
        self.segments = segments
        self.language = language
        self.provider = provider
    }

    /// What one party said without a break. Times are seconds from the recording's start.
    public struct Segment: Sendable, Equatable {
        public var text: String
        public var start: Double
        public var end: Double
        /// Of the recording, from 0; nil where the provider heard them mixed.
        public var channel: Int?
        /// Voices told apart inside a channel, from 0; nil where they were not.
        public var speaker: Int?
        public var words: [Word]
        public var language: String?
        /// 0...1; nil where the provider gives none.
        public var confidence: Double?

        public init(
            text: String,
            start: Double,
            end: Double,
            channel: Int? = nil,
            speaker: Int? = nil,
            words: [Word] = [],
            language: String? = nil,
            confidence: Double? = nil
        ) {
            self.text = text
            self.start = start
            self.end = end
            self.channel = channel
            self.speaker = speaker
            self.words = words
            self.language = language
            self.confidence = confidence
        }
    }

    public struct Word: Sendable, Equatable {
        public var text: String
        public var start: Double
        public var end: Double
        public var confidence: Double?

        public init(text: String, start: Double, end: Double, confidence: Double? = nil) {
            self.text = text
            self.start = start
            self.end = end
            self.confidence = confidence
        }
    }
}
