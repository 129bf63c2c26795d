/// How long each stage of a leg may take, and what is done after. Every wait and every amount has its limit here.
public struct SupervisionSettings: Sendable, Equatable {
    public var breaker = CircuitBreaker.Settings()
    public var stt = STT()
    public var llm = LLM()
    public var tts = TTS()

    public init() {}

    public struct STT: Sendable, Equatable {
        /// A session is open.
        public var open: Duration = .seconds(3)
        /// From a turn's end to its transcript, or from the newest partial.
        public var final: Duration = .seconds(2)
        /// Sound kept of turns without a transcript, for the next provider; the oldest goes first.
        public var keptAudio: Duration = .seconds(30)
        /// Turns without a transcript that are kept.
        public var keptTurns = 4
        public var retry = RetrySchedule.Settings(
            base: .milliseconds(200),
            cap: .seconds(1),
            retries: 3,
            budget: .seconds(5)
        )

        public init() {}
    }

    public struct LLM: Sendable, Equatable {
        /// From the question to the first thing the model says, its conversation's opening included.
        public var firstToken: Duration = .seconds(3)
        /// The same for one that is asked because another failed.
        public var firstTokenAfterFailure: Duration = .seconds(2)
        /// A caller hears nothing new meanwhile. What a tool is to be given counts as tokens.
        public var betweenTokens: Duration = .seconds(2)
        /// While a tool works; tools have limits of their own.
        public var tool: Duration = .seconds(12)
        /// The whole answer.
        public var answer: Duration = .seconds(90)
        /// An answer longer than this ends with the sentence it is in, ...
        public var longestAnswerCharacters = 2_000
        /// ... or so much later, with the word it is in.
        public var longestSentenceCharacters = 400
        /// Deltas of one answer that are not text.
        public var otherDeltas = 128
        public var retry = RetrySchedule.Settings()
        public var hedge = HedgePolicy.Settings()

        public init() {}
    }

    public struct TTS: Sendable, Equatable {
        /// From the request to the first sound.
        public var firstAudio: Duration = .milliseconds(1_500)
        /// The same for one that is asked because another failed: nobody waits 2 s for a voice that is known to be gone.
        public var firstAudioAfterFailure: Duration = .milliseconds(850)
        public var betweenAudio: Duration = .milliseconds(1_500)
        /// How far sound may fall behind the playing that its first sample began.
        public var behind: Duration = .milliseconds(1_000)
        /// A piece that sounds longer than this ends: no voice takes longer to say it.
        public var longestPiece: Duration = .seconds(5)
        public var longestCharacter: Duration = .milliseconds(200)
        public var retry = RetrySchedule.Settings(
            base: .milliseconds(100),
            cap: .milliseconds(400),
            retries: 2,
            budget: .milliseconds(1_000)
        )

        public init() {}
    }
}
