import Engine

/// The course of one conversation as a value: what was said and heard, whose turn it is, what happens next.
///
/// It is told everything (`ConversationInput`) with the time, and answers with what to do (`ConversationOutput`). The agent's
/// side of `history` holds only what the caller heard.
public struct ConversationMachine: Sendable {
    struct Reply: Sendable {
        var spoken: SpokenReply
        var splitter = PieceSplitter()
        /// Of the caller's turn it answers; nil for a greeting or a prompt.
        var timeline: TurnTimeline?
        var turn: Int
        var asked: MediaInstant
        var firstToken: MediaInstant?
        var isGenerated = false
        var isAudible = false
        var isPublished = false
        var expectation: Expectation?
        var action: CallAction?
        var isPrompt = false
    }
    /// Why a stop of the agent was asked for, until the pipeline says how far the caller had heard.
    enum AfterStop: Sendable {
        case ask(DialogueTurn.Cause, TurnTimeline?)
        case emergency
    }

    let profile: TenantProfile
    var spotter: EmergencySpotter
    public internal(set) var history: [DialogueMessage] = []
    var current: Reply?
    /// The reply the caller interrupted in the turn that is still going on, with what was heard of it.
    var interrupted: (reply: Reply, heard: HeardPosition)?
    var afterStop: AfterStop?
    /// Words of a turn that turned out to go on: they belong to the next transcript.
    var carried = ""
    var timelines: [Int: TurnTimeline] = [:]
    /// The caller speaks, or spoke and the transcript is not there yet.
    var openTurn: Int?
    var turns = 0
    var interruptions = 0
    var replies: Int32 = 0
    var modelFailures = 0
    var emergencyHandled = false
    var transferTo: String?
    var hasEnded = false

    public init(profile: TenantProfile) {
        self.profile = profile
        spotter = EmergencySpotter(words: profile.emergency.words)
    }

    public mutating func handle(_ input: ConversationInput, now: MediaInstant) -> [ConversationOutput] {
        guard !hasEnded else { return [] }
        switch input {
        case .opened:
            return say(profile.greeting, expect: .intents, now: now)
        case .event(let event):
            return handle(event, now: now)
        case .transcript(let event, let work):
            return handle(event, work: work, now: now)
        case .dialogue(let reply, let delta):
            return handle(delta, reply: reply, now: now)
        case .dialogueFinished(let reply):
            return generated(reply: reply, now: now)
        case .dialogueFailed(let reply, let error):
            return modelFailed(reply: reply, error: error, now: now)
        case .speechPlanned(let reply, let piece, let words):
            if current?.spoken.number == reply, let count = current?.spoken.pieces.count, piece < count {
                current?.spoken.pieces[piece].words = words
            }
            return []
        case .speechStarted(let reply, let work):
            if current?.spoken.number == reply { current?.timeline?.tts = work }
            return []
        case .speechFailed(_, let error):
            // Without a voice the provider's own verbs are the only way left to be heard.
            return [.publish(.legFailed(error)), .command(.close(.legFailed))]
        }
    }

    // MARK: The call

    private mutating func handle(_ event: CallEvent, now: MediaInstant) -> [ConversationOutput] {
        switch event {
        case .callerStarted(let turn, _):
            openTurn = Int(turn)
            return callerGoesOn()
        case .callerEnded(let turn, let lastSpeech, let at):
            timelines[Int(turn)] = TurnTimeline(lastSpeech: lastSpeech, decided: at)
            return []
        case .callerDropped(let turn, _):
            if openTurn == Int(turn) { openTurn = nil }
            return afterNothing(timeline: nil, now: now)
        case .bargeIn(let onset, let at, let heard):
            return interrupted(heard: heard, detect: onset.duration(to: at))
        case .stopped(_, let heard):
            return stopped(heard: heard, now: now)
        case .replyAudible(let reply, let at):
            return audible(reply: reply, at: at)
        case .replyPlayed(let reply, _):
            return played(reply: reply)
        case .digit(let digit, _):
            return stopAnd(.ask(.digit(Character(UnicodeScalar(digit))), nil), now: now)
        case .idle(let count, _):
            guard current == nil, openTurn == nil else { return [] }
            return ask(.silence(count: Int(count)), timeline: nil, now: now)
        case .timeUp:
            return stopSpeaking() + say(profile.goodbye, action: .hangUp, now: now)
        case .ended(let reason, let at):
            return end(reason, at: at)
        }
    }

    /// The caller speaks again before the answer began: it was one turn after all.
    private mutating func callerGoesOn() -> [ConversationOutput] {
        guard let reply = current, !reply.isAudible, reply.timeline != nil else { return [] }
        current = nil
        if history.last?.party == .caller { carried = history.removeLast().text }
        return [.cancel(through: reply.spoken.number), .command(.stopSpeaking)]
    }

    private mutating func interrupted(heard: HeardPosition, detect: Duration) -> [ConversationOutput] {
        guard let reply = current else { return [] }
        current = nil
        interruptions += 1
        interrupted = (reply, heard)
        let words = reply.spoken.heard(at: heard)
        if !words.isEmpty { history.append(DialogueMessage(party: .agent, text: words, wasInterrupted: true)) }
        return [
            .cancel(through: reply.spoken.number), .publish(.interrupted(turn: turns, heard: words, detect: detect)),
        ]
    }

    private mutating func audible(reply: Int32, at: MediaInstant) -> [ConversationOutput] {
        guard current?.spoken.number == reply, current?.isAudible == false else { return [] }
        current?.isAudible = true
        var outputs = publishSaid()
        if let timeline = current?.timeline {
            outputs.append(.publish(.turn(number: turns, stages: timeline.stages(firstFrame: at))))
        }
        return outputs
    }

    private mutating func played(reply: Int32) -> [ConversationOutput] {
        guard let finished = current, finished.spoken.number == reply, finished.isGenerated else { return [] }
        current = nil
        let text = finished.spoken.text
        if !text.isEmpty { history.append(DialogueMessage(party: .agent, text: text)) }
        guard let action = finished.action else { return [] }
        switch action {
        case .hangUp:
            return [.publish(.action(action)), .command(.close(finished.isPrompt ? .silent : .agentHungUp))]
        case .transfer(let number):
            transferTo = number
            return [.publish(.action(action)), .command(.close(.transferred))]
        }
    }

    private mutating func end(_ reason: EndReason, at: MediaInstant) -> [ConversationOutput] {
        hasEnded = true
        let outcome = CallOutcome(
            reason: reason,
            turns: turns,
            interruptions: interruptions,
            duration: MediaInstant.zero.duration(to: at),
            transferTo: transferTo
        )
        return [.cancel(through: replies), .publish(.ended(outcome))]
    }
}
