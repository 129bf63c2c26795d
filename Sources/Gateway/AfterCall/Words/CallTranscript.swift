import Actors

/// Who said what in a call. Personal data.
public struct CallTranscript: Sendable, Equatable {
    public enum Speaker: Sendable, Equatable {
        case caller, agent
        /// One side of the line, from 1: the provider does not tell which.
        case channel(Int)
        /// A voice told apart from others, from 1.
        case voice(Int)
        case unknown

        public var label: String {
            switch self {
            case .caller: "caller"
            case .agent: "agent"
            case .channel(let number): "channel_\(number)"
            case .voice(let number): "speaker_\(number)"
            case .unknown: "unknown"
            }
        }
    }

    public struct Line: Sendable, Equatable {
        public var speaker: Speaker
        public var text: String
        /// Seconds from the beginning of the recording, or of the call.
        public var start: Double
        public var end: Double?

        public init(_ speaker: Speaker, _ text: String, start: Double, end: Double? = nil) {
            self.speaker = speaker
            self.text = text
            self.start = start
            self.end = end
        }
    }

    public var lines: [Line]
    /// BCP 47, where it is known.
    public var language: String?
    /// Who made it: `deepgram`.
    public var provider: String
    /// There was more than is kept.
    public var isCut = false

    public init(lines: [Line], language: String? = nil, provider: String) {
        self.lines = lines
        self.language = language
        self.provider = provider
    }

    /// Of text, all lines together: an hour of talk.
    static let maximumBytes = 49_152
    /// A longer silence of the same speaker begins a new line.
    static let longestPause = 10.0

    /// - Parameter speakers: who is on each channel.
    package init(_ recording: RecordingTranscript, speakers: [Speaker]) {
        self.init(lines: [], language: recording.language, provider: recording.provider)
        for segment in recording.segments {
            let speaker: Speaker =
                if let channel = segment.channel {
                    speakers.indices.contains(channel) ? speakers[channel] : .channel(channel + 1)
                } else if let voice = segment.speaker { .voice(voice + 1) } else { .unknown }
            append(Line(speaker, segment.text, start: segment.start, end: segment.end))
        }
    }

    private var bytes: Int { lines.reduce(0) { $0 + $1.text.utf8.count } }

    /// What one speaker goes on saying is one line: a number that is dictated in pieces is one number then, and is redacted
    /// as one.
    package mutating func append(_ line: Line) {
        guard !line.text.isEmpty, !isCut else { return }
        guard bytes + line.text.utf8.count <= Self.maximumBytes else {
            isCut = true
            return
        }
        guard let last = lines.last, last.speaker == line.speaker,
            line.start - (last.end ?? last.start) <= Self.longestPause
        else { return lines.append(line) }
        lines[lines.count - 1].text += " " + line.text
        lines[lines.count - 1].end = line.end ?? line.start
    }

    package func redacted(by redactor: Redactor) -> CallTranscript {
        var other = self
        for index in other.lines.indices { other.lines[index].text = redactor.redact(other.lines[index].text) }
        return other
    }
}
