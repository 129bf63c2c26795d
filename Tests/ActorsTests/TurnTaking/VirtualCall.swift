import Actors
import Engine
import TestSupport

/// A call in virtual time: the real pipeline and the real conversation, and legs that take a fixed time each.
///
/// What a live call adds to it is its threads' waking up: nothing here takes time that is not a leg's or the clock's.
struct VirtualCall: ~Copyable {
    struct Delays: Sendable {
        /// From the pause, or the turn's end where there was none, to the transcript.
        var transcript: Duration = .milliseconds(100)
        var firstToken: Duration = .milliseconds(200)
        var firstAudio: Duration = .milliseconds(100)
    }

    private enum Due {
        case input(ConversationInput)
        case transcript(turn: Int, round: Int)
        case audio([SpeechChunk])
    }

    private(set) var rig: PipelineRig
    private var machine: ConversationMachine
    private let delays: Delays
    private let answer: String
    /// What the recogniser makes of a turn so far.
    private let words: String
    private var agenda: [(at: MediaInstant, due: Due)] = []
    private var events = 0
    private var frames = 0
    private(set) var happenings: [CallHappening] = []
    private(set) var asked = 0
    private(set) var commands: [CallCommand] = []

    // The recogniser, as `TimedTranscriber` is.
    private var round = 0
    private var isGiven = false
    private var hasEnded = false
    private var isPending = false
    private var pausedAt = MediaInstant.zero

    // The voice: one piece after the other.
    private var voiceFreeAt = MediaInstant.zero
    private var cancelledThrough: Int32 = 0

    init(_ profile: TenantProfile, delays: Delays = Delays(), words: String, answer: String = "It is nine o'clock.") {
        rig = PipelineRig(PipelineConfiguration(profile))
        machine = ConversationMachine(profile: profile)
        self.delays = delays
        self.words = words
        self.answer = answer
        give(.opened)
    }

    var now: MediaInstant { rig.now }
    var history: [DialogueMessage] { machine.history }

    /// When replies were first heard.
    var audible: [(reply: Int32, at: MediaInstant)] {
        rig.ports.events.compactMap { if case .replyAudible(let reply, let at) = $0 { (reply, at) } else { nil } }
    }
    var hasPlayed: Bool {
        let began = audible.last?.reply
        return rig.ports.events.contains { if case .replyPlayed(began, _) = $0 { true } else { false } }
    }
    var turns: [TurnStages] {
        happenings.compactMap { if case .turn(_, let stages) = $0 { stages } else { nil } }
    }

    /// Runs 20 ms.
    mutating func step(_ caller: [UInt8]) {
        let end = now.advanced(by: Frame.duration)
        while let index = agenda.indices.filter({ agenda[$0].at <= end }).min(by: { agenda[$0].at < agenda[$1].at }) {
            let (at, due) = agenda.remove(at: index)
            carryOut(due, at: at)
        }
        if let deadline = machine.deadline, deadline <= end { give(.timeout, at: deadline) }
        rig.step(caller: caller)
        while frames < rig.ports.heard.count {
            hear(rig.ports.heard[frames])
            frames += 1
        }
        while events < rig.ports.events.count {
            let event = rig.ports.events[events]
            events += 1
            give(.event(event))
        }
    }

    /// - Parameter recording: mu-law.
    mutating func say(_ recording: [UInt8]) {
        for start in stride(from: 0, to: recording.count - Frame.samples + 1, by: Frame.samples) {
            step(Array(recording[start..<start + Frame.samples]))
        }
    }

    /// Silence that sounds like `floor`, until `isEnough` or at most for 20 s.
    mutating func wait(_ floor: [UInt8], until isEnough: (borrowing VirtualCall) -> Bool) {
        for frame in 0..<1000 where !isEnough(self) {
            let start = frame * Frame.samples % max(Frame.samples, floor.count - Frame.samples + 1)
            step(Array(floor[start..<start + Frame.samples]))
        }
    }

    // MARK: The legs

    private mutating func give(_ input: ConversationInput, at instant: MediaInstant? = nil) {
        let now = instant ?? rig.now
        for output in machine.handle(input, now: now) { perform(output, now: now) }
    }

    private mutating func schedule(_ due: Due, _ at: MediaInstant) { agenda.append((at, due)) }

    private mutating func carryOut(_ due: Due, at: MediaInstant) {
        switch due {
        case .input(let input): give(input, at: at)
        case .audio(let chunks): rig.ports.speech += chunks
        case .transcript(let turn, let round):
            guard round == self.round else { return }
            isPending = false
            isGiven = true
            let transcript = Transcript(text: words, provider: "virtual")
            let work = TurnTimeline.Work(handed: pausedAt, done: at)
            let event: TranscriptEvent =
                hasEnded ? .final(transcript, turn: turn) : .provisional(transcript, turn: turn)
            give(.transcript(event, work: work), at: at)
        }
    }

    private mutating func hear(_ frame: CallerFrame) {
        func begin() {
            round += 1
            (isGiven, isPending, hasEnded) = (false, false, false)
        }
        func start() {
            isPending = true
            pausedAt = now
            schedule(.transcript(turn: Int(frame.turn), round: round), now.advanced(by: delays.transcript))
        }
        switch frame.kind {
        case .audio: break
        case .begin, .resume, .drop: begin()
        case .pause:
            begin()
            start()
        case .end:
            hasEnded = true
            if isGiven {
                let transcript = Transcript(text: words, provider: "virtual")
                schedule(.input(.transcript(.final(transcript, turn: Int(frame.turn)), work: nil)), now)
            } else if !isPending {
                start()
            }
        }
    }

    private mutating func perform(_ output: ConversationOutput, now: MediaInstant) {
        switch output {
        case .command(let command):
            commands.append(command)
            rig.ports.commands.append(command)
        case .ask(_, let reply):
            asked += 1
            let at = now.advanced(by: delays.firstToken)
            schedule(.input(.dialogue(reply: reply, .text(answer + " "))), at)
            schedule(.input(.dialogueFinished(reply: reply)), at)
        case .language: break
        case .speak(let text, let reply, let piece): speak(text, reply: reply, piece: piece, now: now)
        case .finishSpeech(let reply):
            let last = SpeechChunk(reply: reply, piece: 99, offset: 0, endsReply: true)
            schedule(.audio([last]), max(now, voiceFreeAt))
        case .cancel(let reply):
            cancelledThrough = max(cancelledThrough, reply)
            agenda.removeAll { Self.reply(of: $0.due).map { $0 <= reply } ?? false }
            voiceFreeAt = now
        case .publish(let happening): happenings.append(happening)
        case .commit(let commit): commit.commit()
        case .expect, .startRecording: break
        }
    }

    /// A tone, 60 ms per character.
    private mutating func speak(_ text: String, reply: Int32, piece: Int, now: MediaInstant) {
        guard reply > cancelledThrough else { return }
        let begun = max(now, voiceFreeAt)
        voiceFreeAt = begun.advanced(by: delays.firstAudio)
        let chunks = (0..<text.count * 3).map { index in
            var chunk = SpeechChunk(
                reply: reply,
                piece: Int32(piece),
                offset: Int32(index * Frame.samples),
                count: UInt8(Frame.samples)
            )
            for sample in 0..<Frame.samples { chunk.samples[sample] = sample / 20 % 2 == 0 ? 4000 : -4000 }
            return chunk
        }
        let work = TurnTimeline.Work(handed: begun, done: voiceFreeAt)
        schedule(.input(.speechStarted(reply: reply, work: work)), voiceFreeAt)
        schedule(.audio(chunks), voiceFreeAt)
    }

    private static func reply(of due: Due) -> Int32? {
        switch due {
        case .input(.dialogue(let reply, _)), .input(.dialogueFinished(let reply)),
            .input(.speechStarted(let reply, _)):
            reply
        case .audio(let chunks): chunks.first?.reply
        case .input, .transcript: nil
        }
    }
}
