import Engine

/// Per-actor latencies: how long a message waited for its actor, and how long the actor took to handle it.
///
/// Made once at start with every actor and message an engine has, so that recording is a dictionary look-up and two
/// atomic additions. Labels are these fixed names, never anything of a call.
public struct ActorMeters: Sendable {
    public enum Actor: String, Sendable, CaseIterable { case call, conversation, stt, llm, tts }
    public enum Message: String, Sendable, CaseIterable {
        case tick, event, transcript, open, frames, ask, token, speak, audio, cancel
    }

    /// What is measured with `measure`; the others stay empty.
    public static let handled: [(Actor, Message)] = [
        (.conversation, .event), (.conversation, .transcript), (.stt, .frames), (.llm, .ask), (.llm, .token),
        (.tts, .speak),
    ]

    private let mailboxes: [LatencyHistogram]
    private let handles: [LatencyHistogram]
    private let lives: [AliveCount]

    public init() {
        mailboxes = Actor.allCases.map { _ in LatencyHistogram() }
        handles = (0..<Actor.allCases.count * Message.allCases.count).map { _ in LatencyHistogram() }
        lives = Actor.allCases.map { _ in AliveCount() }
    }

    /// Actors of this kind that live. Those of a call's media are counted by the call's place instead.
    public func alive(_ actor: Actor) -> AliveCount { lives[actor.index] }

    public func mailbox(_ actor: Actor) -> LatencyHistogram { mailboxes[actor.index] }
    public func handle(_ actor: Actor, _ message: Message) -> LatencyHistogram {
        handles[actor.index * Message.allCases.count + message.index]
    }

    /// Runs `body` as the handling of one message.
    /// - Parameter sentAt: when it was sent; nil when it did not wait in a mailbox.
    public func measure<Value>(
        _ actor: Actor,
        _ message: Message,
        sentAt: Int64? = nil,
        _ body: () throws -> Value
    ) rethrows -> Value {
        let start = MonotonicTime.nanoseconds
        if let sentAt { mailbox(actor).record(nanoseconds: start - sentAt) }
        defer { handle(actor, message).record(nanoseconds: MonotonicTime.nanoseconds - start) }
        return try body()
    }
}

extension ActorMeters.Actor {
    fileprivate var index: Int {
        switch self {
        case .call: 0
        case .conversation: 1
        case .stt: 2
        case .llm: 3
        case .tts: 4
        }
    }
}

extension ActorMeters.Message {
    fileprivate var index: Int {
        switch self {
        case .tick: 0
        case .event: 1
        case .transcript: 2
        case .open: 3
        case .frames: 4
        case .ask: 5
        case .token: 6
        case .speak: 7
        case .audio: 8
        case .cancel: 9
        }
    }
}
