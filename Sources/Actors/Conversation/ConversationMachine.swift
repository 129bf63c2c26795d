import Engine

/// The course of one conversation as a value: what was said and heard, whose turn it is, what happens next.
///
/// It is told everything (`ConversationInput`) with the time, and answers with what to do (`ConversationOutput`). The agent's
/// side of `history` holds only what the caller heard. It must be given `.timeout` once `deadline` has come.
public struct ConversationMachine: Sendable {
    let profile: TenantProfile
    let line: ConversationLine
    let phrases: ConversationPhrases
    let spotter: EmergencySpotter
    let judge: any SentenceJudge
    let backchannel: Backchannel
    public internal(set) var history: [DialogueMessage] = []

    // What is being said.
    var current: Reply?
    /// The reply the caller interrupted in the turn that is still going on, with what was heard of it.
    var interrupted: (reply: Reply, heard: HeardPosition)?
    /// A reply that was stopped for another one that follows at once: what was heard of it is still to be told.
    var silenced: Reply?
    var afterStop: AfterStop?
    var replies: Int32 = 0

    // The caller's turns.
    /// Words of a turn that turned out to go on: they belong to the next transcript.
    var carried = ""
    var timelines: [Int: TurnTimeline] = [:]
    /// The caller speaks, or spoke and the transcript is not there yet.
    var openTurn: Int?
    var transcriptDue: MediaInstant?
    /// When the newest turn's first speech frame began.
    var turnOnset = MediaInstant.zero
    /// The caller is quiet in the open turn, or the turn ended in this pause and waits for its words.
    var pausing: Pausing?
    /// The turn whose recogniser takes the caller to have finished.
    var endpointTurn: Int?
    /// An answer that is being made ready while the caller may go on.
    var speculation: Speculation?
    /// The reply that was withdrawn last.
    var withdrawn: Int32 = 0
    /// The turn that was answered before its final transcript.
    var answered: AnsweredTurn?
    /// The caller's words stop the agent: since when they were being said.
    var wordsStopSince: MediaInstant?
    /// Nothing the caller says interrupts before.
    var protectedUntil: MediaInstant
    /// What the agent's last question takes as an answer.
    var openQuestion: Expectation?
    var lastIntent: String?
    /// What the caller wants, in the model's own words.
    var lastWish: String?

    // What failed.
    var modelFailures = 0
    var missingTranscripts = 0
    /// The recogniser is gone for good: keys are all that is left of the caller.
    var isDeaf = false
    var hasSaidLastMenu = false
    /// A provider failed and the next one is at it: the caller hears something if that takes long.
    var company: Company?

    var suspicion: Suspicion?
    var emergencyHandled = false
    /// The turn that named the danger: the rest of it changes nothing.
    var emergencyTurn: Int?
    var menu: OpenMenu?
    var consentUntil: MediaInstant?
    var fillerAt: MediaInstant?
    var isFillerOn = false
    /// What operators want said, in order.
    var instructed: [String] = []

    // How it ends.
    var turns = 0
    var interruptions = 0
    var transferTo: String?
    var transferBrief: String?
    var handingOverUntil: MediaInstant?
    var hasEnded = false

    /// - Parameter judge: what tells a whole sentence from one that goes on; nil takes the rules of the tenant's language.
    public init(
        profile: TenantProfile,
        line: ConversationLine = ConversationLine(),
        judge: (any SentenceJudge)? = nil
    ) {
        self.profile = profile
        self.line = line
        phrases = ConversationPhrases(profile)
        spotter = EmergencySpotter(profile)
        self.judge = judge ?? WordListJudge(language: profile.language)
        backchannel = Backchannel(language: profile.language)
        protectedUntil = .zero.advanced(by: .milliseconds(profile.turnTaking.protectGreetingMilliseconds))
    }

    /// A model and a recogniser are there to talk with, and the tenant lets them.
    var canConverse: Bool { modelFailures < Self.modelFailuresForGood && !isDeaf && profile.mode != .humanOnly }
    static let modelFailuresForGood = 2

    /// How the call goes on is decided, and the caller cannot change it any more.
    var isSettled: Bool { current?.isBinding == true || handingOverUntil != nil }

    public mutating func handle(_ input: ConversationInput, now: MediaInstant) -> [ConversationOutput] {
        guard !hasEnded else { return [] }
        var outputs = speculation == nil ? respond(to: input, now: now) : respondAhead(to: input, now: now)
        for case .command(.protect(let until)) in outputs { protectedUntil = until }
        outputs += sayInstructed(now: now)
        return outputs
    }

    /// What an input means for the conversation as it stands.
    mutating func respond(to input: ConversationInput, now: MediaInstant) -> [ConversationOutput] {
        switch input {
        case .opened:
            return open(now: now)
        case .event(let event):
            return isSettled ? handleSettled(event, now: now) : handle(event, now: now)
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
        case .speechReplaced(let replacement):
            return replaced(replacement, now: now)
        case .speechFailed(let reply, let error):
            guard reply != withdrawn else { return [.publish(.legFailed(error))] }
            return voiceFailed(reply: reply, error: error, now: now)
        case .instructed(let instruction):
            return carryOut(instruction, now: now)
        case .timeout:
            return elapsed(now: now)
        }
    }

    func greeting() -> Announcement { Announcement(text: profile.greeting, expect: .intents) }
}
