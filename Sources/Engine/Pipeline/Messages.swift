/// What a provider's socket gives the call: one slot of the inbound ring.
public struct MediaPacket: BitwiseCopyable, Sendable {
    public enum Kind: UInt8, BitwiseCopyable, Sendable {
        /// `count` bytes of G.711; `value` is the provider's sequence number (from 1), 0 when it gives none.
        case audio
        /// The provider returned mark `value`.
        case mark
        /// A key: `value` is its ASCII code.
        case digit
        /// The provider ended the stream or the socket closed: `value` is an `EndReason`.
        case ended
    }

    public var kind: Kind
    public var count: UInt8
    public var value: Int64
    /// The provider's own time of the first sample, in samples since the stream began; -1 when it gave none.
    public var timestampSamples: Int64
    /// When the socket had it, in nanoseconds of the monotonic clock; 0 when unknown. For measuring only.
    public var arrival: Int64
    public var bytes: FrameBytes

    public init(kind: Kind, value: Int64 = 0, count: UInt8 = 0, timestampSamples: Int64 = -1, arrival: Int64 = 0) {
        self.kind = kind
        self.count = count
        self.value = value
        self.timestampSamples = timestampSamples
        self.arrival = arrival
        bytes = FrameBytes(repeating: 0xFF)
    }
}

/// Why a call's media ended.
public enum EndReason: Int64, BitwiseCopyable, Sendable, CaseIterable {
    /// The provider said `stop`: the caller hung up or the call was moved on.
    case providerStopped = 1
    /// The socket closed without a `stop`.
    case connectionLost = 2
    /// The agent ended the call.
    case agentHungUp = 3
    /// The longest call the tenant allows.
    case tooLong = 4
    /// Nobody spoke, and the tenant's prompts went unanswered.
    case silent = 5
    /// The agent handed the call to a person.
    case transferred = 6
    /// The engine is shutting down.
    case drained = 7
    /// What the provider sent broke its protocol beyond use.
    case protocolError = 8
    /// A leg failed and nothing could replace it: the provider's fallback verbs take over.
    case legFailed = 9
    /// The caller is to leave a message: the provider records it.
    case voicemail = 10
}

/// What the call gives its provider's socket: one slot of the outbound ring.
public struct OutboundMessage: BitwiseCopyable, Sendable {
    public enum Kind: UInt8, BitwiseCopyable, Sendable {
        /// `bytes` is 20 ms of G.711.
        case audio
        /// Ask for mark `value` to be returned once everything before it has played.
        case mark
        /// Drop everything that has not played yet. `value`: the interruption's onset on the call's clock in nanoseconds,
        /// -1 when the caller did not interrupt.
        case clear
        /// Close the socket after this; `value` is an `EndReason`.
        case close
    }

    public var kind: Kind
    public var value: Int64
    public var bytes: FrameBytes

    public init(kind: Kind, value: Int64 = 0) {
        self.kind = kind
        self.value = value
        bytes = FrameBytes(repeating: 0xFF)
    }

    /// - Parameter audio: 20 ms of G.711.
    public init(audio: Span<UInt8>) {
        self.init(kind: .audio)
        hold(audio)
    }

    /// Becomes 20 ms of audio, whatever it was.
    @inline(__always) mutating func hold(_ audio: Span<UInt8>) {
        (kind, value) = (.audio, 0)
        bytes.copy(audio)
    }
}

/// A piece of the agent's speech on its way from the TTS leg to the playout: up to 20 ms.
public struct SpeechChunk: BitwiseCopyable, Sendable {
    /// Which reply it belongs to; an interruption drops every chunk up to a reply's number.
    public var reply: Int32
    /// Which sentence or clause of the reply, from 0.
    public var piece: Int32
    /// Samples from the start of the piece to this chunk.
    public var offset: Int32
    public var count: UInt8
    /// The reply has no more chunks after this one.
    public var endsReply: Bool
    public var samples: FrameSamples

    public init(reply: Int32, piece: Int32, offset: Int32, count: UInt8 = 0, endsReply: Bool = false) {
        self.reply = reply
        self.piece = piece
        self.offset = offset
        self.count = count
        self.endsReply = endsReply
        samples = FrameSamples(repeating: 0)
    }

    /// Takes as many of `source` from `start` on as it has room for.
    /// - Returns: how many that were.
    public mutating func fill(from source: [Int16], at start: Int) -> Int {
        let taken = min(Frame.samples - Int(count), source.count - start)
        for index in 0..<taken { samples[Int(count) + index] = source[start + index] }
        count += UInt8(taken)
        return taken
    }
}

/// The caller's audio on its way to the STT leg. Turn borders travel in the same ring as the audio, so that they are
/// exact to the frame.
public struct CallerFrame: BitwiseCopyable, Sendable {
    public enum Kind: UInt8, BitwiseCopyable, Sendable {
        case audio
        /// Turn `turn` began; the frames that follow start with its pre-roll.
        case begin
        /// Turn `turn` is over: its transcript is wanted.
        case end
        /// Turn `turn` was nothing.
        case drop
        /// The caller is quiet in turn `turn` and may go on: what was said so far is wanted. Silence goes on coming.
        case pause
        /// The caller goes on after a pause. The frame in which that was heard came just before.
        case resume
    }

    public var kind: Kind
    public var turn: Int32
    /// When the engine had it.
    public var at: MediaInstant
    public var samples: FrameSamples

    public init(kind: Kind, turn: Int32 = 0, at: MediaInstant) {
        self.kind = kind
        self.turn = turn
        self.at = at
        samples = FrameSamples(repeating: 0)
    }

    /// - Parameter audio: 20 ms of the caller.
    public init(audio: Span<Int16>, turn: Int32 = 0, at: MediaInstant) {
        self.init(kind: .audio, at: at)
        hold(audio, turn: turn, at: at)
    }

    /// Becomes 20 ms of audio, whatever it was.
    @inline(__always) mutating func hold(_ audio: Span<Int16>, turn: Int32, at: MediaInstant) {
        (kind, self.turn, self.at) = (.audio, turn, at)
        samples.copy(audio)
    }
}

/// 20 ms of a call for its recording, both sides sample-aligned: one slot of the recorder's ring.
public struct TapFrame: BitwiseCopyable, Sendable {
    /// Frames since the call's media began; a jump says how many were lost on the way to the recorder.
    public var index: Int64
    /// The caller as received, repaired, before any processing: G.711 mu-law.
    public var caller: FrameBytes
    /// The agent as the provider played it in the same 20 ms: G.711 mu-law, after a `clear` silence.
    public var agent: FrameBytes

    public init(index: Int64) {
        self.index = index
        caller = FrameBytes(repeating: 0xFF)
        agent = FrameBytes(repeating: 0xFF)
    }
}

/// How far into the agent's speech the caller has heard.
public struct HeardPosition: BitwiseCopyable, Sendable, Equatable {
    public var reply: Int32
    public var piece: Int32
    /// Samples of that piece that have been heard.
    public var samples: Int32
    /// The provider confirmed a position of this reply (a mark came back); otherwise it is modelled only.
    public var isConfirmed: Bool

    public init(reply: Int32, piece: Int32, samples: Int32, isConfirmed: Bool = false) {
        self.reply = reply
        self.piece = piece
        self.samples = samples
        self.isConfirmed = isConfirmed
    }
}

/// What the call tells its conversation.
public enum CallEvent: BitwiseCopyable, Sendable, Equatable {
    case callerStarted(turn: Int32, at: MediaInstant)
    /// The caller is quiet and may go on. `pause`: its number in the call, for the commands that concern it;
    /// `lastSpeech`: when the caller's last speech frame ended.
    case callerPaused(turn: Int32, pause: Int32, lastSpeech: MediaInstant, at: MediaInstant)
    /// The caller goes on after a pause: a reply that was held for it is void.
    case callerResumed(turn: Int32, at: MediaInstant)
    /// `lastSpeech`: when the caller's last speech frame ended; `at`: when the turn machine decided. A reply that was held
    /// for the pause this turn ended in plays from now on.
    case callerEnded(turn: Int32, lastSpeech: MediaInstant, at: MediaInstant)
    case callerDropped(turn: Int32, at: MediaInstant)
    /// The caller interrupted: the agent was stopped. `onset`: the caller's first speech frame.
    case bargeIn(onset: MediaInstant, at: MediaInstant, heard: HeardPosition)
    /// The agent was stopped by its own side (`CallCommand.stopSpeaking`).
    case stopped(at: MediaInstant, heard: HeardPosition)
    /// The first frame of a reply was sent.
    case replyAudible(reply: Int32, at: MediaInstant)
    /// Everything of a reply has been heard.
    case replyPlayed(reply: Int32, at: MediaInstant)
    case digit(UInt8, at: MediaInstant)
    case idle(count: Int32, at: MediaInstant)
    /// The longest call the tenant allows is over; the call is closed hard a little later.
    case timeUp(at: MediaInstant)
    case ended(EndReason, at: MediaInstant)
}

extension CallEvent {
    /// When the pipeline reported it: for a turn's start that is after its onset.
    public var reported: MediaInstant? {
        switch self {
        case .callerPaused(_, _, _, let at), .callerResumed(_, let at), .callerEnded(_, _, let at),
            .callerDropped(_, let at), .bargeIn(_, let at, _),
            .stopped(let at, _), .replyAudible(_, let at), .replyPlayed(_, let at), .digit(_, let at),
            .idle(_, let at), .timeUp(let at), .ended(_, let at):
            at
        case .callerStarted: nil
        }
    }
}

/// What the conversation tells the call.
public enum CallCommand: BitwiseCopyable, Sendable, Equatable {
    /// Chunks of this reply will come; everything of earlier replies is void.
    case beginReply(Int32)
    /// The same for a reply to what the caller has said up to this pause: it is not played before the pause has ended the
    /// turn, then at once, in the same tick; when the caller goes on instead, it is void. A pause that has ended the turn
    /// already holds nothing back.
    case holdReply(Int32, pause: Int32)
    /// A reply of which nothing has sounded is void.
    case discardReply(Int32)
    /// The silence, from the last speech frame on, that makes this pause the end of the turn; bounded by the
    /// configuration, from the next frame on.
    case endpoint(pause: Int32, silence: Duration)
    /// Stop speaking at once, without the caller having interrupted.
    case stopSpeaking
    /// The caller cannot interrupt until this moment.
    case protect(until: MediaInstant)
    /// Play a recording of the shelf under the agent's voice, or alone: hold music, a filler.
    case beginBackground(BackgroundPlay)
    /// Fade the background out.
    case endBackground
    /// End the call now.
    case close(EndReason)
}
