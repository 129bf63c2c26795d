import Actors
import Engine
import TestSupport

/// Drives a machine and keeps what it wanted.
struct ConversationRig {
    var machine = ConversationMachine(profile: .test)
    var outputs: [ConversationOutput] = []
    var now = MediaInstant.zero

    mutating func give(_ input: ConversationInput) {
        now = now.advanced(by: .milliseconds(10))
        outputs += machine.handle(input, now: now)
    }
    /// The caller's turn, from its start to its transcript.
    mutating func callerSays(_ text: String, turn: Int) {
        give(.event(.callerStarted(turn: Int32(turn), at: now)))
        give(.event(.callerEnded(turn: Int32(turn), lastSpeech: now, at: now)))
        give(.transcript(.final(Transcript(text: text, provider: "test"), turn: turn), work: nil))
    }
    mutating func pauses(_ turn: Int, pause: Int32) {
        give(.event(.callerPaused(turn: Int32(turn), pause: pause, lastSpeech: now, at: now)))
    }
    mutating func resumes(_ turn: Int) { give(.event(.callerResumed(turn: Int32(turn), at: now))) }
    mutating func ends(_ turn: Int) { give(.event(.callerEnded(turn: Int32(turn), lastSpeech: now, at: now))) }
    mutating func provisional(_ text: String, turn: Int) {
        give(.transcript(.provisional(Transcript(text: text, provider: "test"), turn: turn), work: nil))
    }
    mutating func final(_ text: String, turn: Int) {
        give(.transcript(.final(Transcript(text: text, provider: "test"), turn: turn), work: nil))
    }
    /// The caller's turn, from its start to the words before a pause.
    mutating func pausesAfter(_ text: String, turn: Int, pause: Int32) {
        give(.event(.callerStarted(turn: Int32(turn), at: now)))
        pauses(turn, pause: pause)
        provisional(text, turn: turn)
    }
    mutating func modelSays(_ text: String, action: CallAction? = nil) {
        let reply = asked.last?.reply ?? 0
        give(.dialogue(reply: reply, .text(text)))
        if let action { give(.dialogue(reply: reply, .action(action))) }
        give(.dialogueFinished(reply: reply))
    }
    /// One word per second of 8 000 samples, as a synthesiser would tell.
    mutating func plan(_ text: String, reply: Int32, piece: Int) {
        var start = 0
        let words = text.split(separator: " ").enumerated().map { index, word in
            defer { start += word.utf8.count + 1 }
            return SpokenWord(
                utf8Range: start..<start + word.utf8.count,
                samples: index * 8000..<(index + 1) * 8000
            )
        }
        give(.speechPlanned(reply: reply, piece: piece, words: words))
    }

    var asked: [(turn: DialogueTurn, reply: Int32)] {
        outputs.compactMap { if case .ask(let turn, let reply) = $0 { (turn, reply) } else { nil } }
    }
    var spoken: [String] {
        outputs.compactMap { if case .speak(let text, _, _) = $0 { text } else { nil } }
    }
    var commands: [CallCommand] {
        outputs.compactMap { if case .command(let command) = $0 { command } else { nil } }
    }
    var happenings: [CallHappening] {
        outputs.compactMap { if case .publish(let happening) = $0 { happening } else { nil } }
    }

    /// Lets time pass; the machine is told when its deadlines come.
    mutating func wait(_ duration: Duration) {
        let end = now.advanced(by: duration)
        while let deadline = machine.deadline, deadline <= end {
            now = max(now, deadline)
            outputs += machine.handle(.timeout, now: now)
        }
        now = end
    }
    /// The reply that was begun last is heard, from its beginning to its end.
    mutating func heard() {
        let reply = begun.last ?? 0
        give(.event(.replyAudible(reply: reply, at: now)))
        give(.event(.replyPlayed(reply: reply, at: now)))
    }
    mutating func begins() { give(.event(.replyAudible(reply: begun.last ?? 0, at: now))) }
    mutating func presses(_ key: Character) {
        give(.event(.digit(key.asciiValue ?? 0, at: now)))
        guard commands.last == .stopSpeaking else { return }
        give(.event(.stopped(at: now, heard: HeardPosition(reply: 0, piece: 0, samples: 0))))
    }

    var begun: [Int32] {
        commands.compactMap { command in
            switch command {
            case .beginReply(let number), .holdReply(let number, _): number
            default: nil
            }
        }
    }
    var closed: EndReason? { commands.compactMap { if case .close(let reason) = $0 { reason } else { nil } }.first }
    var backgrounds: [BackgroundPlay] {
        commands.compactMap { if case .beginBackground(let play) = $0 { play } else { nil } }
    }
    var startedRecording: Bool { outputs.contains { if case .startRecording = $0 { true } else { false } } }
    /// What was handed to the voice since the last reply began.
    var lastWords: String {
        let reply = begun.last ?? 0
        return outputs.compactMap { output in
            if case .speak(let text, reply, _) = output { text } else { nil }
        }.joined(separator: " ")
    }
    var outcome: CallOutcome? {
        happenings.compactMap { if case .ended(let outcome) = $0 { outcome } else { nil } }.first
    }

    /// A call whose greeting has been heard.
    static func opened(
        _ profile: TenantProfile = .test,
        line: ConversationLine = ConversationLine()
    ) -> ConversationRig {
        var rig = ConversationRig(machine: ConversationMachine(profile: profile, line: line))
        rig.give(.opened)
        rig.heard()
        return rig
    }
}

extension TenantProfile {
    /// The test tenant with a change.
    static func varied(_ change: (inout TenantProfile) -> Void) -> TenantProfile {
        var profile = TenantProfile.test
        change(&profile)
        return profile
    }

    static let testMenu = Menu(
        say: "For opening hours press one.",
        choices: [
            "1": .init(say: "We open at nine.", way: .hangUp), "2": .init(way: .transfer("front_desk")),
            "3": .init(say: "Leave a message.", way: .voicemail), "4": .init(way: .agent), "9": .init(way: .menu),
            "#": .init(way: .transfer("+15550177")), "*": .init(say: "Bye.", way: .hangUp),
        ],
        timeoutSeconds: 5,
        attempts: 2,
        otherwise: .transfer(nil)
    )
}

extension LegError {
    static func test(_ leg: LegKind) -> LegError {
        LegError(leg: leg, provider: "test", code: "timeout", cause: "no answer", isRetryable: true)
    }
}
