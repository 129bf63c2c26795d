import Codecs

/// The agent's mouth: paces speech to the provider with a small lead, keeps the ledger, and stops at once when told.
public struct AgentPlayout: ~Copyable, Sendable {
    private var ledger = PlayoutLedger()
    private var gain = GainRamp()
    private var background: BackgroundSound
    /// What a caller who waits for the agent hears instead of a dead line; at level 0 nothing is sent.
    private var comfort: ComfortNoise
    /// What the caller's phone is playing, for the echo canceller and the recording.
    public private(set) var farEnd = FarEndLine()
    private let lead: Int64
    /// What is added to it under pressure, at most and now.
    private let mostExtra: Int64
    private var extra: Int64 = 0
    private var pressedUntil = MediaInstant.zero
    /// The queue is filled again when it is shorter than this, without what is added.
    private let refillBelow: Int64
    private let markEveryFrames: Int
    private let meters: PipelineMeters

    /// Chunks of replies up to this number are void.
    private var voidThrough: Int32 = 0
    /// The latest reply that was announced.
    private var announced: Int32 = 0
    /// A reply that may not sound yet; 0: none. Replies count from 1.
    private var held: Int32 = 0
    /// Its first chunk, taken from the ring to see whose it is, while `isWaiting`. No optional: that would be copied to be asked.
    private var waiting = SpeechChunk(reply: 0, piece: 0, offset: 0)
    private var isWaiting = false
    /// The reply whose audio is going out.
    private var reply: Int32 = 0
    private var replyHasEnded = true
    private var framesSinceMark = 0
    /// The next frame of speech follows silence: a new reply, or one that ran dry.
    private var followsSilence = true

    public init(
        lead: Duration,
        leadUnderPressure: Duration = .zero,
        framesPerSend: Int = 2,
        markEveryFrames: Int,
        shelf: RecordingShelf = .empty,
        comfortNoise: Float = 0,
        meters: PipelineMeters
    ) {
        comfort = ComfortNoise(level: comfortNoise, seed: 1)
        self.lead = lead.nanoseconds
        mostExtra = max(0, leadUnderPressure.nanoseconds - lead.nanoseconds)
        refillBelow = max(lead.nanoseconds - Frame.nanoseconds * Int64(framesPerSend - 1), Frame.nanoseconds)
        self.markEveryFrames = markEveryFrames
        self.meters = meters
        background = BackgroundSound(shelf: shelf)
    }

    /// The caller hears the agent, or will within the lead, or a pause inside a reply is on.
    public private(set) var isSpeaking = false
    /// A reply was announced and has not been finished: its audio will come.
    public var isExpected: Bool { announced > voidThrough && !(announced == reply && replyHasEnded) }
    public var heard: HeardPosition { ledger.heard }

    public mutating func begin(reply: Int32) {
        announced = max(announced, reply)
        voidThrough = max(voidThrough, reply - 1)
        if held < reply { held = 0 }
    }

    /// The same for a reply that may not sound yet.
    public mutating func hold(reply: Int32) {
        begin(reply: reply)
        held = reply
    }

    /// What was held sounds as soon as it is there.
    public mutating func releaseHeld() { held = 0 }

    /// What was held is void.
    public mutating func discardHeld() { if held > 0 { discard(reply: held) } }

    /// A reply is void before anything of it sounded, and so are those before it.
    public mutating func discard(reply: Int32) {
        announced = max(announced, reply)
        voidThrough = max(voidThrough, reply)
        if held <= reply { held = 0 }
    }

    /// Plays a recording under the agent's voice, or alone.
    public mutating func begin(_ play: BackgroundPlay) { background.begin(play) }
    public mutating func endBackground() { background.end() }

    /// Who sends is late, or who takes it to the socket: the provider's queue grows frame by frame, so that this costs little when
    /// there is least to spare, and stays longer for five seconds.
    public mutating func press(now: MediaInstant) {
        pressedUntil = now.advanced(nanoseconds: Self.pressureLasts)
    }
    private static var pressureLasts: Int64 { 5_000_000_000 }

    public mutating func duck() { gain.move(to: GainRamp.ducked) }
    public mutating func restore() { gain.move(to: 1) }

    public mutating func returned(mark: Int64, now: MediaInstant) -> Bool { ledger.returned(mark: mark, now: now) }

    /// Moves the heard position, and reports a reply that has been heard to its end.
    public mutating func advance<Ports: PipelinePorts & ~Copyable>(to now: MediaInstant, ports: inout Ports) {
        ledger.advance(to: now)
        guard isSpeaking, replyHasEnded, ledger.isEmpty else { return }
        isSpeaking = false
        ports.report(.replyPlayed(reply: reply, at: now))
    }

    /// Stops at once: the provider drops what it has queued, and every reply so far is void.
    /// - Parameter onset: when the caller's interruption began; nil when the agent's own side stopped it.
    /// - Returns: how far the caller had heard.
    public mutating func stop<Ports: PipelinePorts & ~Copyable>(
        onset: MediaInstant? = nil,
        now: MediaInstant,
        ports: inout Ports
    ) -> HeardPosition {
        if isSpeaking { ports.send(OutboundMessage(kind: .clear, value: onset?.nanoseconds ?? -1)) }
        ledger.cleared(now: now)
        farEnd.flush(from: now)
        voidThrough = max(announced, reply)
        held = 0
        replyHasEnded = true
        isSpeaking = false
        return ledger.heard
    }

    /// Sends what the lead allows.
    /// - Returns: true when a reply became audible with this tick.
    public mutating func play<Ports: PipelinePorts & ~Copyable>(now: MediaInstant, ports: inout Ports) -> Bool {
        // Also when the speech is there: after a worker or a socket that stood still, what is sent now comes too late.
        let wasDry = isSpeaking && !replyHasEnded && ledger.queuedUntil < now
        if wasDry { noteUnderrun() }
        if extra > 0, now >= pressedUntil { extra = 0 }
        // Two frames with every other tick: the socket is written half as often. Writing was a seventh of a call's work.
        let becameAudible =
            ledger.leadNanoseconds(at: now) < refillBelow + extra && refill(now: now, wasDry: wasDry, ports: &ports)
        if isSpeaking { meters.lead.record(nanoseconds: ledger.leadNanoseconds(at: now)) }
        return becameAudible
    }

    private mutating func refill<Ports: PipelinePorts & ~Copyable>(
        now: MediaInstant,
        wasDry: Bool,
        ports: inout Ports
    ) -> Bool {
        if now < pressedUntil { extra = min(extra + Frame.nanoseconds, mostExtra) }
        var becameAudible = false
        var chunk = SpeechChunk(reply: 0, piece: 0, offset: 0)
        while ledger.leadNanoseconds(at: now) < lead + extra, ports.hasRoom {
            guard takeSpeech(into: &chunk, ports: &ports) else {
                if !wasDry { noteEmptyLine(now: now) }
                guard playBackground(now: now, ports: &ports) else { break }
                continue
            }
            guard chunk.reply > voidThrough else { continue }
            if chunk.reply != reply || (replyHasEnded && !isSpeaking) { start(chunk.reply) }
            if chunk.count > 0 {
                if !isSpeaking {
                    isSpeaking = true
                    becameAudible = true
                    ports.report(.replyAudible(reply: reply, at: now))
                }
                send(&chunk, now: now, ports: &ports)
            }
            if chunk.endsReply { finish(&chunk, now: now, ports: &ports) }
        }
        return becameAudible
    }

    /// Puts the next chunk into `chunk`, unless it belongs to what is held. Void ones are given, so that they do not stand in
    /// its way.
    private mutating func takeSpeech<Ports: PipelinePorts & ~Copyable>(
        into chunk: inout SpeechChunk,
        ports: inout Ports
    ) -> Bool {
        if isWaiting {
            chunk = waiting
            isWaiting = false
        } else if !ports.take(speech: &chunk) {
            return false
        }
        guard held > 0, chunk.reply >= held, chunk.reply > voidThrough else { return true }
        waiting = chunk
        isWaiting = true
        return false
    }

    /// The caller hears a gap from now on: the reply goes on and its audio is not there.
    private mutating func noteEmptyLine(now: MediaInstant) {
        guard isSpeaking, !replyHasEnded, ledger.leadNanoseconds(at: now) == 0 else { return }
        noteUnderrun()
    }

    /// The caller has heard a gap inside a reply. What follows begins anew.
    private mutating func noteUnderrun() {
        meters.underruns.increment()
        followsSilence = true
    }

    /// The agent is thinking, or its audio is late: the line is not dead.
    private var soothes: Bool { comfort.level > 0 && isExpected && held == 0 }

    /// Sends a frame of the background alone.
    /// - Returns: false when there is none to send now.
    private mutating func playBackground<Ports: PipelinePorts & ~Copyable>(
        now: MediaInstant,
        ports: inout Ports
    ) -> Bool {
        // While a reply is waited for, the queue is kept short, so that it can follow at once.
        let isWaitedFor = !replyHasEnded || soothes
        guard background.isPlaying || soothes,
            !isWaitedFor || ledger.leadNanoseconds(at: now) < Frame.nanoseconds
        else { return false }
        var samples = FrameSamples(repeating: 0)
        if soothes { comfort.fill(&samples) }
        background.mix(into: &samples, underVoice: false)
        transmit(samples.span, now: now, ports: &ports)
        ledger.sentBackground(now: now)
        return true
    }

    private mutating func start(_ number: Int32) {
        reply = number
        replyHasEnded = false
        framesSinceMark = 0
        followsSilence = true
        gain.reset()
        background.replyBegins()
    }

    /// Sends the chunk's samples as they are to be heard. They are changed where they lie.
    private mutating func send<Ports: PipelinePorts & ~Copyable>(
        _ chunk: inout SpeechChunk,
        now: MediaInstant,
        ports: inout Ports
    ) {
        // A short last chunk is filled with silence: the provider plays whole frames.
        for index in min(Int(chunk.count), Frame.samples)..<Frame.samples { chunk.samples[index] = 0 }
        gain.apply(to: &chunk.samples)
        if followsSilence {
            GainRamp.fadeIn(&chunk.samples)
            followsSilence = false
        }
        if background.isPlaying { background.mix(into: &chunk.samples, underVoice: true) }
        transmit(chunk.samples.span, now: now, ports: &ports)
        let end = chunk.offset &+ Int32(chunk.count)
        ledger.sent(reply: chunk.reply, piece: chunk.piece, end: end, now: now)
        framesSinceMark += 1
        if framesSinceMark >= markEveryFrames, !chunk.endsReply { mark(&chunk, ports: &ports) }
    }

    private mutating func transmit<Ports: PipelinePorts & ~Copyable>(
        _ samples: Span<Int16>,
        now: MediaInstant,
        ports: inout Ports
    ) {
        var bytes = FrameBytes(repeating: 0)
        MuLaw.encode(samples, into: &bytes)
        ports.send(audio: bytes.span)
        farEnd.play(bytes.span, from: max(ledger.queuedUntil, now))
    }

    private mutating func finish<Ports: PipelinePorts & ~Copyable>(
        _ chunk: inout SpeechChunk,
        now: MediaInstant,
        ports: inout Ports
    ) {
        replyHasEnded = true
        if isSpeaking {
            mark(&chunk, ports: &ports)
        } else {
            // A reply without a sound: nothing to wait for.
            ports.report(.replyPlayed(reply: chunk.reply, at: now))
        }
    }

    private mutating func mark<Ports: PipelinePorts & ~Copyable>(_ chunk: inout SpeechChunk, ports: inout Ports) {
        framesSinceMark = 0
        let end = chunk.offset &+ Int32(chunk.count)
        guard let number = ledger.mark(reply: chunk.reply, piece: chunk.piece, end: end) else { return }
        ports.send(OutboundMessage(kind: .mark, value: number))
    }
}
