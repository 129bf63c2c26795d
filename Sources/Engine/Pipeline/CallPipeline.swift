import Codecs

/// The real-time core of one call, sans-IO: `(state, input, now) -> outputs`.
///
/// `tick` is called every 20 ms. It takes what the ports hold, decides, and gives back frames to send, frames for the
/// recogniser and events for the conversation. It reads no clock, allocates nothing, locks nothing and waits for nothing.
/// The same inputs at the same times give the same outputs, byte for byte.
public struct CallPipeline<Detector: VoiceActivityDetector & ~Copyable & Sendable>: ~Copyable, Sendable {
    private let configuration: PipelineConfiguration
    private let meters: PipelineMeters
    private var detector: Detector
    private var turn: TurnMachine
    private var bargeIn: BargeInMachine
    private var idle: IdleMachine
    private var playout: AgentPlayout

    /// The caller's frame clock: 20 ms per frame heard.
    private var callerClock: MediaInstant = .zero
    private var lastPacket: MediaInstant = .zero
    /// Provider chunks need not be 20 ms: bytes wait here until a frame is full.
    private var partial = FrameBytes(repeating: 0xFF)
    private var partialCount = 0
    private var protectedUntil: MediaInstant
    private var isTimeUp = false
    public private(set) var hasEnded = false

    public init(
        configuration: PipelineConfiguration,
        meters: PipelineMeters = PipelineMeters(),
        detector: consuming Detector
    ) {
        self.configuration = configuration
        self.meters = meters
        self.detector = detector
        turn = TurnMachine(configuration: configuration.turn)
        bargeIn = BargeInMachine(configuration: configuration.bargeIn)
        idle = IdleMachine(after: configuration.idleAfter)
        playout = AgentPlayout(
            lead: configuration.lead,
            markEveryFrames: configuration.markEveryFrames,
            shelf: configuration.shelf,
            meters: meters
        )
        protectedUntil = MediaInstant.zero.advanced(by: configuration.protectedStart)
    }

    public mutating func tick<Ports: PipelinePorts & ~Copyable>(now: MediaInstant, ports: inout Ports) {
        guard !hasEnded else { return }
        while let command = ports.nextCommand() { handle(command, now: now, ports: &ports) }
        playout.advance(to: now, ports: &ports)
        takePackets(now: now, ports: &ports)
        guard !hasEnded else { return }
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
        case .stopSpeaking:
            let heard = playout.stop(now: now, ports: &ports)
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

    // MARK: The caller

    private mutating func takePackets<Ports: PipelinePorts & ~Copyable>(now: MediaInstant, ports: inout Ports) {
        var budget = configuration.packetsPerTick
        while budget > 0, !hasEnded, let packet = ports.nextPacket() {
            budget -= 1
            switch packet.kind {
            case .audio:
                lastPacket = now
                hear(packet, now: now, ports: &ports)
            case .mark:
                if !playout.returned(mark: packet.value, now: now) { meters.strayMarks.increment() }
            case .digit:
                ports.report(.digit(UInt8(truncatingIfNeeded: packet.value), at: now))
            case .ended:
                hasEnded = true
                ports.report(.ended(EndReason(rawValue: packet.value) ?? .connectionLost, at: now))
            }
        }
    }

    private mutating func hear<Ports: PipelinePorts & ~Copyable>(
        _ packet: MediaPacket,
        now: MediaInstant,
        ports: inout Ports
    ) {
        for index in 0..<min(Int(packet.count), Frame.samples) {
            partial[partialCount] = packet.bytes[index]
            partialCount += 1
            guard partialCount == Frame.samples else { continue }
            partialCount = 0
            var frame = CallerFrame(kind: .audio, at: now)
            for sample in 0..<Frame.samples { frame.samples[sample] = MuLaw.linear(partial[sample]) }
            hear(frame, now: now, ports: &ports)
        }
    }

    private mutating func hear<Ports: PipelinePorts & ~Copyable>(
        _ frame: CallerFrame,
        now: MediaInstant,
        ports: inout Ports
    ) {
        callerClock = callerClock.advanced(by: Frame.duration)
        let activity = detector.process(frame.samples.span)
        ports.hear(frame)
        judge(isSpeech: activity.isSpeechFrame, now: now, ports: &ports)
    }

    private mutating func judge<Ports: PipelinePorts & ~Copyable>(
        isSpeech: Bool,
        now: MediaInstant,
        ports: inout Ports
    ) {
        if playout.isSpeaking {
            let decision = bargeIn.handle(isSpeech: isSpeech, isProtected: now < protectedUntil, now: callerClock)
            switch decision {
            case .none: break
            case .duck: playout.duck()
            case .restore: playout.restore()
            case .stop(let onset):
                let began = onCallClock(onset, now: now)
                let heard = playout.stop(onset: began, now: now, ports: &ports)
                ports.report(.bargeIn(onset: began, at: now, heard: heard))
            }
        }
        // The event goes first: whoever sees a transcript must be able to know the turn it belongs to.
        switch turn.handle(isSpeech: isSpeech, now: callerClock) {
        case .none: break
        case .started(let turn, let onset):
            ports.report(.callerStarted(turn: turn, at: onCallClock(onset, now: now)))
            ports.hear(CallerFrame(kind: .begin, turn: turn, at: now))
        case .ended(let turn, let lastSpeech):
            ports.report(.callerEnded(turn: turn, lastSpeech: onCallClock(lastSpeech, now: now), at: now))
            ports.hear(CallerFrame(kind: .end, turn: turn, at: now))
        case .dropped(let turn):
            ports.report(.callerDropped(turn: turn, at: now))
            ports.hear(CallerFrame(kind: .drop, turn: turn, at: now))
        }
    }

    /// A moment of the frame clock as a moment of the call: the newest frame is now.
    private func onCallClock(_ instant: MediaInstant, now: MediaInstant) -> MediaInstant {
        now.advanced(by: callerClock.duration(to: instant))
    }

    // MARK: The clock

    private mutating func watchClock<Ports: PipelinePorts & ~Copyable>(now: MediaInstant, ports: inout Ports) {
        if turn.isSpeaking, lastPacket.duration(to: now) >= configuration.stallIsSilence {
            callerClock = callerClock.advanced(by: Frame.duration)
            judge(isSpeech: false, now: now, ports: &ports)
        }
        let count = idle.handle(
            agentIsAudible: playout.isSpeaking || playout.isExpected,
            callerIsSpeaking: turn.isSpeaking,
            now: now
        )
        if let count { ports.report(.idle(count: count, at: now)) }
        let age = MediaInstant.zero.duration(to: now)
        if age >= configuration.maximumCall, !isTimeUp {
            isTimeUp = true
            ports.report(.timeUp(at: now))
        }
        if age >= configuration.maximumCall + configuration.closingTime { end(.tooLong, now: now, ports: &ports) }
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
