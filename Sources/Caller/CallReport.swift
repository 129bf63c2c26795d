import Foundation

/// Everything measured in one call, from the caller's side. Times are milliseconds since the media socket opened.
public struct CallReport: Codable, Sendable {
    /// Why the call ended.
    public enum End: String, Codable, Sendable {
        /// The last utterance was answered and the caller hung up.
        case answered
        /// The caller hung up because no answer to the last utterance came.
        case notAnswered
        /// The caller hung up at the longest duration allowed.
        case maxDuration
        /// The engine closed the stream before the caller was done.
        case serverClosed
        /// The engine handed the caller over to somebody else.
        case transferred
        /// The connection broke without a closing handshake.
        case connectionLost
        /// The program was asked to stop; the caller hung up.
        case cancelled
    }

    /// One utterance of the caller and what came of it.
    public struct Turn: Codable, Sendable, Equatable {
        /// From 1.
        public let turn: Int
        /// The utterance's name.
        public let utterance: String
        public let startedMs: Double
        /// When the first and the last frame with speech were sent, by their energy.
        public internal(set) var firstSpeechMs: Double?
        public internal(set) var lastSpeechMs: Double?
        /// When the first frame of the answer arrived, and when it was played at the phone.
        public internal(set) var answerArrivedMs: Double?
        public internal(set) var answerAudibleMs: Double?
        /// Last speech frame sent to first audible frame played. Nil when there was no answer.
        public internal(set) var responseMs: Double?
        /// The agent began to speak while the caller was still speaking.
        public internal(set) var answeredEarly = false
        /// Set when the caller's first word fell into the agent's speech.
        public internal(set) var interruption: Interruption?
    }

    /// The caller spoke while the agent spoke.
    public struct Interruption: Codable, Sendable, Equatable {
        /// How long the agent had been audible.
        public let agentHadSpokenMs: Double
        /// First speech frame sent to `clear` received; nil when none came.
        public internal(set) var clearMs: Double?
        /// First speech frame sent to the agent's last audible frame at the phone; nil when it never fell silent.
        public internal(set) var silentMs: Double?
    }

    /// What the phone played.
    public struct Playout: Codable, Sendable, Equatable {
        public internal(set) var mediaMessages = 0
        public internal(set) var mediaBytes = 0
        public internal(set) var playedMs = 0.0
        public internal(set) var clears = 0
        /// Audio taken away by `clear` before it was heard.
        public internal(set) var flushedMs = 0.0
        public internal(set) var marksPlayed = 0
        public internal(set) var marksCleared = 0
        /// Times the agent's speech was torn for at least 20 or 60 ms because no audio had come.
        public internal(set) var gaps20 = 0
        public internal(set) var gaps60 = 0
        public internal(set) var longestGapMs = 0.0
        /// Audio waiting to be played when media arrived, that media included.
        public internal(set) var lead: Distribution?
    }

    /// A breach of the protocol by the engine, and how often.
    public struct Warning: Codable, Sendable, Equatable {
        public let fault: ProtocolFault
        /// The provider's own code for it, where it has one.
        public let vendorCode: Int?
        public let count: Int
    }

    public let provider: String
    public let callSid: String
    public let streamSid: String
    public let streamURL: String
    public let startedAt: Date
    public let end: End
    public let closeCode: Int?
    public let closeReason: String?
    public let durationMs: Double
    /// Socket opened to first audible frame of the agent.
    public let greetingMs: Double?
    public let turns: [Turn]
    public let response: Distribution?
    public let interruptionClear: Distribution?
    public let interruptionSilent: Distribution?
    public let playout: Playout
    public let warnings: [Warning]
    /// Media messages sent, and ticks of this program that ran a frame late or more: a measure of how far to trust
    /// the rest.
    public let framesSent: Int
    public let lateTicks: Int
    /// What the provider would have done before and after the stream, from the TwiML.
    public let verbs: [String]

    /// The call as mu-law at 8 kHz, both sides from socket opening, equally long. Not part of the JSON.
    public var said: [UInt8] = []
    /// What was heard at the phone: after `clear`, with the gaps.
    public var heard: [UInt8] = []

    private enum CodingKeys: String, CodingKey {
        case provider, callSid, streamSid, streamURL, startedAt, end, closeCode, closeReason, durationMs, greetingMs
        case turns, response, interruptionClear, interruptionSilent, playout, warnings, framesSent, lateTicks, verbs
    }
}
