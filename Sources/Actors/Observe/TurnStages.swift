import Engine

/// Where one turn's time went: from the caller's last speech frame to the first frame of the answer.
///
/// `endpoint` is the decision that the caller has finished; the providers' own times (`llm_first_token`, `llm_first_sentence`,
/// `tts_first_audio`) are what a leg spent between being handed its input and giving its first output. An answer that was
/// begun in the caller's pause overlaps them: `stt_final` is what was still to come of the transcript when the decision fell,
/// and `engine` is the part of `total` in which neither the decision nor a provider was waited for: the engine's own share,
/// the clock included. So `total` is `engine` and the time the others cover together; without overlap, their sum. None is
/// negative.
public struct TurnStages: Sendable, Equatable, Codable {
    public enum Stage: String, Sendable, CaseIterable, Codable {
        case endpoint
        case sttFinal = "stt_final"
        case llmFirstToken = "llm_first_token"
        case llmFirstSentence = "llm_first_sentence"
        case ttsFirstAudio = "tts_first_audio"
        case firstFrame = "first_frame"
        case total, engine
    }

    /// When one of them was under way, in nanoseconds from the caller's last speech frame; before it where negative.
    public struct Span: Sendable, Equatable, Codable {
        public var stage: Stage
        public var from: Int64
        public var to: Int64

        public init(_ stage: Stage, from: Int64, to: Int64) {
            self.stage = stage
            self.from = from
            self.to = to
        }
    }

    public private(set) var nanoseconds: [String: Int64] = [:]
    /// In the order of the stages; they overlap where an answer was begun in the caller's pause.
    public var spans: [Span] = []

    public subscript(stage: Stage) -> Duration? {
        get { nanoseconds[stage.rawValue].map { .nanoseconds($0) } }
        set { nanoseconds[stage.rawValue] = newValue?.nanoseconds }
    }

    public init() {}
}

/// Collects the moments of one turn as they happen.
public struct TurnTimeline: Sendable {
    /// A leg's work: when it was handed its input, and when its first output was there.
    public struct Work: Sendable, Equatable {
        public var handed: MediaInstant
        public var done: MediaInstant
        public init(handed: MediaInstant, done: MediaInstant) {
            self.handed = handed
            self.done = done
        }
        var duration: Duration { max(.zero, handed.duration(to: done)) }
    }

    public var lastSpeech: MediaInstant
    public var decided: MediaInstant
    public var stt: Work?
    public var firstToken: MediaInstant?
    /// From the request to the model to its first speakable piece.
    public var llm: Work?
    /// From the first piece to its first audio.
    public var tts: Work?

    public init(lastSpeech: MediaInstant, decided: MediaInstant) {
        self.lastSpeech = lastSpeech
        self.decided = decided
    }

    public func stages(firstFrame: MediaInstant) -> TurnStages {
        var stages = TurnStages()
        let total = lastSpeech.duration(to: firstFrame)
        let endpoint = lastSpeech.duration(to: decided)
        stages[.total] = total
        stages[.endpoint] = endpoint
        if let stt { stages[.sttFinal] = max(.zero, decided.duration(to: stt.done)) }
        if let llm {
            if let firstToken {
                stages[.llmFirstToken] = llm.handed.duration(to: firstToken)
                stages[.llmFirstSentence] = firstToken.duration(to: llm.done)
            }
        }
        if let tts {
            stages[.ttsFirstAudio] = tts.duration
            // A tick's time is its slot's beginning; audio that came while the slot ran is on time. Audio that was there before
            // the decision waited for that.
            stages[.firstFrame] = max(.zero, max(tts.done, decided).duration(to: firstFrame))
        }
        stages[.engine] = max(.zero, total - waited(until: firstFrame))
        stages.spans = spans(firstFrame: firstFrame)
        return stages
    }

    private func spans(firstFrame: MediaInstant) -> [TurnStages.Span] {
        func span(_ stage: TurnStages.Stage, _ from: MediaInstant, _ to: MediaInstant) -> TurnStages.Span {
            TurnStages.Span(
                stage,
                from: lastSpeech.nanoseconds(to: from),
                to: lastSpeech.nanoseconds(to: max(from, to))
            )
        }
        var spans = [span(.endpoint, lastSpeech, decided)]
        if let stt { spans.append(span(.sttFinal, stt.handed, stt.done)) }
        if let llm, let firstToken {
            spans.append(span(.llmFirstToken, llm.handed, firstToken))
            spans.append(span(.llmFirstSentence, firstToken, llm.done))
        }
        if let tts {
            spans.append(span(.ttsFirstAudio, tts.handed, tts.done))
            spans.append(span(.firstFrame, max(tts.done, decided), firstFrame))
        }
        return spans
    }

    /// The part of the turn in which the decision or at least one provider was waited for.
    private func waited(until firstFrame: MediaInstant) -> Duration {
        let waits = [Work(handed: lastSpeech, done: decided)] + [stt, llm, tts].compactMap { $0 }
        var sum: Duration = .zero
        var covered = lastSpeech
        for wait in waits.sorted(by: { $0.handed < $1.handed }) {
            let end = min(wait.done, firstFrame)
            sum += max(.zero, max(wait.handed, covered).duration(to: end))
            covered = max(covered, end)
        }
        return sum
    }
}
