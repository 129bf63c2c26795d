import Codecs

/// The real-time core of one call, sans-IO: `(state, input, now) -> outputs`.
///
/// `tick` is called every 20 ms. It takes what the ports hold, decides, and gives back frames to send, frames for the
/// recogniser and events for the conversation. It reads no clock, allocates nothing, locks nothing and waits for nothing.
/// The same inputs at the same times give the same outputs, byte for byte.
public struct CallPipeline<Source, Detector>: ~Copyable, Sendable
where Source: FrameSource & ~Copyable & Sendable, Detector: VoiceActivityDetector & ~Copyable & Sendable {
    private let configuration: PipelineConfiguration
    private let meters: PipelineMeters
    private var ear: CallerEar<Source, Detector>
    private var turn: TurnMachine
    private var bargeIn: BargeInMachine
    private var idle: IdleMachine
    private var playout: AgentPlayout
    private var presses = KeyPresses()

    /// The caller's frame clock: 20 ms per frame heard.
    private var callerClock: MediaInstant = .zero
    private var lastPacket: MediaInstant = .zero
    private var protectedUntil: MediaInstant
    private let stallIsSilence: Int64
    private let timeUpAt: MediaInstant
    private let endsAt: MediaInstant
    private var isTimeUp = false
    public private(set) var hasEnded = false

    /// - Parameter shelf: recordings that `CallCommand.beginBackground` may name.
    public init(
        configuration: PipelineConfiguration,
        meters: PipelineMeters = PipelineMeters(),
        shelf: RecordingShelf = .empty,
        source: consuming Source,
        detector: consuming Detector
    ) {
        self.configuration = configuration
        self.meters = meters
        ear = CallerEar(configuration: configuration, meters: meters, source: source, detector: detector)
        turn = TurnMachine(configuration: configuration.turn)
        bargeIn = BargeInMachine(configuration: configuration.bargeIn)
        idle = IdleMachine(after: configuration.idleAfter)
        playout = AgentPlayout(
            lead: configuration.lead,
            leadUnderPressure: configuration.leadUnderPressure,
            framesPerSend: configuration.framesPerSend,
            markEveryFrames: configuration.markEveryFrames,
            shelf: shelf,
            comfortNoise: configuration.comfortNoise,
            meters: meters
        )
        stallIsSilence = configuration.stallIsSilence.nanoseconds
        timeUpAt = MediaInstant.zero.advanced(by: configuration.maximumCall)
        endsAt = timeUpAt.advanced(by: configuration.closingTime)
        protectedUntil = MediaInstant.zero.advanced(by: configuration.protectedStart)
    }

    /// Asks for the memory of the next tick.
    mutating func prefetch() { ear.prefetch() }

    public mutating func tick<Ports: PipelinePorts & ~Copyable>(now: MediaInstant, ports: inout Ports) {
        guard !hasEnded else { return }
        if ports.isPressed { playout.press(now: now) }
        // The first end counts: what comes after it in the same tick is too late.
        while !hasEnded, let command = ports.nextCommand() { handle(command, now: now, ports: &ports) }
        guard !hasEnded else { return }
        playout.advance(to: now, ports: &ports)
        takePackets(now: now, ports: &ports)
        guard !hasEnded else { return }
        // Also without a packet: the source may hold some back for a moment, or make frames by the clock.
        if !Source.isClocked { hearRest(now: now, ports: &ports) } else { hearNext(now: now, ports: &ports) }
        watchClock(now: now, ports: &ports)
        guard !hasEnded else { return }
        if playout.play(now: now, ports: &ports) { bargeIn.agentStarted() }
    }

    private mutating func handle<Ports: PipelinePorts & ~Copyable>(
        _ command: CallCommand,
        now: MediaInstant,
        ports: inout Ports
    ) {
        switch command {
        case .beginReply(let reply):
            playout.begin(reply: reply)
        case .holdReply(let reply, let pause):
            switch turn.fate(ofPause: pause) {
            case .on: playout.hold(reply: reply)
            case .endedTurn: playout.begin(reply: reply)
            case .over: playout.discard(reply: reply)
            }
        case .discardReply(let reply):
            playout.discard(reply: reply)
        case .endpoint(let pause, let silence):
            turn.setEndSilence(silence, forPause: pause)
        case .stopSpeaking:
            let heard = stop(now: now, ports: &ports)
            ports.report(.stopped(at: now, heard: heard))
        case .protect(let until):
            protectedUntil = until
        case .beginBackground(let play):
            playout.begin(play)
        case .endBackground:
            playout.endBackground()
        case .close(let reason):
            end(reason, now: now, ports: &ports)
        }
    }

    private mutating func stop<Ports: PipelinePorts & ~Copyable>(
        onset: MediaInstant? = nil,
        now: MediaInstant,
        ports: inout Ports
    ) -> HeardPosition {
        ear.farEndCleared()
        return playout.stop(onset: onset, now: now, ports: &ports)
    }

    // MARK: The caller

    private mutating func takePackets<Ports: PipelinePorts & ~Copyable>(now: MediaInstant, ports: inout Ports) {
        var budget = configuration.packetsPerTick
        var packet = MediaPacket(kind: .audio)
        while budget > 0, !hasEnded, ports.take(packet: &packet) {
            budget -= 1
            switch packet.kind {
            case .audio:
                lastPacket = now
                guard let heard = ear.take(&packet, now: now, farEnd: playout.farEnd, ports: &ports) else { continue }
                handle(heard, now: now, ports: &ports)
                hearRest(now: now, ports: &ports)
            case .mark:
                if !playout.returned(mark: packet.value, now: now) { meters.strayMarks.increment() }
            case .digit:
                press(UInt8(truncatingIfNeeded: packet.value), from: .provider, now: now, ports: &ports)
            case .ended:
                hasEnded = true
                ports.report(.ended(EndReason(rawValue: packet.value) ?? .connectionLost, at: now))
            }
        }
    }

    private mutating func hearRest<Ports: PipelinePorts & ~Copyable>(now: MediaInstant, ports: inout Ports) {
        while hearNext(now: now, ports: &ports) {}
    }

    /// - Returns: false when there is no frame now.
    @discardableResult
    private mutating func hearNext<Ports: PipelinePorts & ~Copyable>(now: MediaInstant, ports: inout Ports) -> Bool {
        guard let heard = ear.next(now: now, farEnd: playout.farEnd, ports: &ports) else { return false }
        handle(heard, now: now, ports: &ports)
        return true
    }

    private mutating func handle<Ports: PipelinePorts & ~Copyable>(
        _ heard: CallerEar<Source, Detector>.Heard,
        now: MediaInstant,
        ports: inout Ports
    ) {
        // A gap nothing was sent for is silence: a turn may have ended in it.
        callerClock = callerClock.advanced(nanoseconds: Frame.nanoseconds * (1 + min(heard.skippedFrames, 180_000)))
        if let digit = heard.digit { press(digit, from: .tones, now: now, ports: &ports) }
        judge(heard, now: now, ports: &ports)
    }

    private mutating func press<Ports: PipelinePorts & ~Copyable>(
        _ key: UInt8,
        from source: KeyPresses.Source,
        now: MediaInstant,
        ports: inout Ports
    ) {
        // Where only the provider tells, every one of its words is a press.
        guard !configuration.hearsTones || presses.isNew(key, from: source, now: now) else { return }
        ports.report(.digit(key, at: now))
    }

    private mutating func judge<Ports: PipelinePorts & ~Copyable>(
        _ heard: CallerEar<Source, Detector>.Heard,
        now: MediaInstant,
        ports: inout Ports
    ) {
        if playout.isSpeaking {
            let decision = bargeIn.handle(
                isSpeech: heard.isSpeech,
                isProtected: now < protectedUntil,
                mayInterrupt: heard.mayInterrupt,
                talkerOverNoiseDecibels: heard.talkerOverNoiseDecibels,
                now: callerClock
            )
            switch decision {
            case .none: break
            case .duck: playout.duck()
            case .restore: playout.restore()
            case .stop(let onset):
                let began = onCallClock(onset, now: now)
                let heard = stop(onset: began, now: now, ports: &ports)
                ports.report(.bargeIn(onset: began, at: now, heard: heard))
            }
        }
        // The event goes first: whoever sees a transcript must be able to know the turn it belongs to.
        // What may be the agent's own echo is no more a turn than it is an interruption.
        let (isSpeech, mayBeSpeech) = (heard.isSpeech && heard.mayInterrupt, heard.mayBeSpeech && heard.mayInterrupt)
        switch turn.handle(isSpeech: isSpeech, mayBeSpeech: mayBeSpeech, now: callerClock) {
        case .none: break
        case .started(let turn, let onset):
            ports.report(.callerStarted(turn: turn, at: onCallClock(onset, now: now)))
            ear.open(turn: turn, now: now, ports: &ports)
        case .paused(let turn, let pause, let lastSpeech):
            let spoken = onCallClock(lastSpeech, now: now)
            ports.report(.callerPaused(turn: turn, pause: pause, lastSpeech: spoken, at: now))
            ear.mark(.pause, turn: turn, now: now, ports: &ports)
        case .resumed(let turn):
            playout.discardHeld()
            ports.report(.callerResumed(turn: turn, at: now))
            ear.mark(.resume, turn: turn, now: now, ports: &ports)
        case .ended(let turn, let lastSpeech):
            playout.releaseHeld()
            ports.report(.callerEnded(turn: turn, lastSpeech: onCallClock(lastSpeech, now: now), at: now))
            ear.close(.end, turn: turn, now: now, ports: &ports)
        case .dropped(let turn):
            playout.discardHeld()
            ports.report(.callerDropped(turn: turn, at: now))
            ear.close(.drop, turn: turn, now: now, ports: &ports)
        }
    }

    /// A moment of the frame clock as a moment of the call: the newest frame is now.
    private func onCallClock(_ instant: MediaInstant, now: MediaInstant) -> MediaInstant {
        now.advanced(nanoseconds: callerClock.nanoseconds(to: instant))
    }

    // MARK: The clock

    private mutating func watchClock<Ports: PipelinePorts & ~Copyable>(now: MediaInstant, ports: inout Ports) {
        if turn.isSpeaking, lastPacket.nanoseconds(to: now) >= stallIsSilence {
            callerClock = callerClock.advanced(nanoseconds: Frame.nanoseconds)
            judge(.silence, now: now, ports: &ports)
        }
        let count = idle.handle(
            agentIsAudible: playout.isSpeaking || playout.isExpected,
            callerIsSpeaking: turn.isSpeaking,
            now: now
        )
        if let count { ports.report(.idle(count: count, at: now)) }
        if now >= timeUpAt, !isTimeUp {
            isTimeUp = true
            ports.report(.timeUp(at: now))
        }
        if now >= endsAt { end(.tooLong, now: now, ports: &ports) }
    }

    private mutating func end<Ports: PipelinePorts & ~Copyable>(
        _ reason: EndReason,
        now: MediaInstant,
        ports: inout Ports
    ) {
        hasEnded = true
        ports.send(OutboundMessage(kind: .close, value: reason.rawValue))
        ports.report(.ended(reason, at: now))
    }

    /// How far the caller has heard, for reports.
    public var heard: HeardPosition { playout.heard }
}
