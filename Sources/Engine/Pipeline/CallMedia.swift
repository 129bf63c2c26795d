/// What a tick produced, so that the worker wakes only who has something to do.
public struct TickSignals: OptionSet, BitwiseCopyable, Sendable {
    public let rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }
    /// The socket has messages to send.
    public static let outbound = TickSignals(rawValue: 1)
    /// A turn began or ended, or the conversation has an event: the legs should look now.
    public static let news = TickSignals(rawValue: 2)
    /// The call is over: tick it no more.
    public static let ended = TickSignals(rawValue: 4)
}

/// How many messages each of a call's rings holds.
public enum RingCapacity {
    /// 2.5 s of 20 ms packets: a stalled socket's burst.
    public static let inbound = 128
    public static let outbound = 32
    /// Slots audio leaves free, so that a stalled socket still gets its `clear` and `close` when it comes back.
    public static let outboundReserve = 8
    /// 1.3 s of speech synthesised ahead.
    public static let speech = 64
    /// 1.3 s of the caller for a recogniser that is busy.
    public static let caller = 64
    /// Slots a burst of packets leaves free: a turn's start brings its pre-roll along, and no border of a turn may be lost.
    public static let callerReserve = 32
    /// Packets a tick takes however busy the recogniser is: faster than they come, so that a call never falls behind.
    public static let packetsAlways = 4
    public static let events = 64
    public static let commands = 32
    /// 1.3 s of both sides for a recorder that is busy.
    public static let tap = 64
}

/// What full rings refused, by ring.
public struct RingOverflows: Sendable {
    public let inbound = EventCounter()
    public let outbound = EventCounter()
    public let speech = EventCounter()
    public let caller = EventCounter()
    public let events = EventCounter()
    public let commands = EventCounter()
    public let tap = EventCounter()
    /// Captures that broke off.
    public let capture = EventCounter()
    public init() {}
}

/// The outer ends of a call's rings; each is taken once by its owner.
public struct CallEnds: ~Copyable, Sendable {
    /// For the provider's socket.
    public var packets: RingWriter<MediaPacket>?
    public var messages: RingReader<OutboundMessage>?
    /// For the TTS leg.
    public var speech: RingWriter<SpeechChunk>?
    /// For the STT leg.
    public var frames: RingReader<CallerFrame>?
    /// For the conversation.
    public var events: RingReader<CallEvent>?
    public var commands: RingWriter<CallCommand>?
    /// For the recorder; nil when the call is not recorded.
    public var tap: RingReader<TapFrame>?
    /// For the recorder; nil when the call is not captured.
    public var capture: CaptureStream?
}

/// A pipeline joined to its rings: what a call actor owns and ticks.
public struct CallMedia: ~Copyable, Sendable {
    private struct RingPorts: PipelinePorts, ~Copyable, Sendable {
        var packets: RingReader<MediaPacket>
        var messages: RingWriter<OutboundMessage>
        var speech: RingReader<SpeechChunk>
        var frames: RingWriter<CallerFrame>
        var events: RingWriter<CallEvent>
        var commands: RingReader<CallCommand>
        /// nil: the call is not recorded.
        var tap: RingWriter<TapFrame>?
        var signals: TickSignals = []
        /// How long packets waited for their tick, and when this one is.
        let wait: LatencyHistogram
        var monotonic: Int64 = 0
        /// Packets of this tick.
        var taken = 0
        var isPressed = false

        mutating func nextCommand() -> CallCommand? { commands.pop() }
        /// A burst is taken at the pace of who listens: what the recogniser has no room for yet waits for the next tick.
        mutating func take(packet: inout MediaPacket) -> Bool {
            guard taken < RingCapacity.packetsAlways || frames.space > RingCapacity.callerReserve,
                packets.pop(into: &packet)
            else { return false }
            taken += 1
            if packet.arrival > 0 { wait.record(nanoseconds: monotonic - packet.arrival) }
            return true
        }
        mutating func take(speech chunk: inout SpeechChunk) -> Bool { speech.pop(into: &chunk) }
        var hasRoom: Bool { messages.space > RingCapacity.outboundReserve }
        mutating func send(audio: Span<UInt8>) {
            messages.push { $0.hold(audio) }
            signals.insert(.outbound)
        }
        mutating func send(_ message: OutboundMessage) {
            messages.push(message)
            signals.insert(.outbound)
        }
        mutating func hear(audio: Span<Int16>, turn: Int32, at: MediaInstant) {
            frames.push { $0.hold(audio, turn: turn, at: at) }
        }
        mutating func hear(_ border: CallerFrame) {
            frames.push(border)
            signals.insert(.news)
        }
        mutating func report(_ event: CallEvent) {
            events.push(event)
            signals.insert(.news)
        }
        mutating func record(_ frame: TapFrame) { tap?.push(frame) }

        /// Asks for the slots that a tick of a talking caller and a talking agent goes through. Mutating, so that the compiler
        /// does not copy all ports to ask them.
        mutating func prefetch() {
            packets.prefetch()
            speech.prefetch()
            frames.prefetch()
            messages.prefetch()
        }
    }

    private var pipeline: CallPipeline<StreamRepair, BandEnergyDetector>
    private var ports: CapturingPorts<RingPorts>

    private init(
        pipeline: consuming CallPipeline<StreamRepair, BandEnergyDetector>,
        ports: consuming CapturingPorts<RingPorts>
    ) {
        self.pipeline = pipeline
        self.ports = ports
    }

    /// Makes a call's media and gives its outer ends to `ends`.
    /// - Parameters:
    ///   - isCaptured: everything the pipeline takes is written down as well.
    ///   - shelf: recordings the call may play.
    public static func make(
        configuration: PipelineConfiguration,
        meters: PipelineMeters,
        overflows: RingOverflows,
        isCaptured: Bool = false,
        shelf: RecordingShelf = .empty,
        ends: inout CallEnds?
    ) -> CallMedia {
        let instant = MediaInstant.zero
        var packets = RingEnds(
            capacity: RingCapacity.inbound,
            initial: MediaPacket(kind: .audio),
            overflow: overflows.inbound
        )
        var messages = RingEnds(
            capacity: RingCapacity.outbound,
            initial: OutboundMessage(kind: .audio),
            overflow: overflows.outbound
        )
        var speech = RingEnds(
            capacity: RingCapacity.speech,
            initial: SpeechChunk(reply: 0, piece: 0, offset: 0),
            overflow: overflows.speech
        )
        var frames = RingEnds(
            capacity: RingCapacity.caller,
            initial: CallerFrame(kind: .audio, at: instant),
            overflow: overflows.caller
        )
        var events = RingEnds(
            capacity: RingCapacity.events,
            initial: CallEvent.timeUp(at: instant),
            overflow: overflows.events
        )
        var commands = RingEnds(
            capacity: RingCapacity.commands,
            initial: CallCommand.stopSpeaking,
            overflow: overflows.commands
        )
        var tap =
            configuration.isRecorded
            ? RingEnds(capacity: RingCapacity.tap, initial: TapFrame(index: 0), overflow: overflows.tap) : nil
        var capture: CaptureStream?
        var encoder: CaptureEncoder?
        if isCaptured {
            let header = CaptureHeader(configuration: configuration, shelf: shelf)
            encoder = CaptureStream.make(header, breaks: overflows.capture, stream: &capture)
        }
        ends = CallEnds(
            packets: packets.takeWriter(),
            messages: messages.takeReader(),
            speech: speech.takeWriter(),
            frames: frames.takeReader(),
            events: events.takeReader(),
            commands: commands.takeWriter(),
            tap: tap?.takeReader(),
            capture: capture.take()
        )
        return CallMedia(
            pipeline: CallPipeline(
                configuration: configuration,
                meters: meters,
                shelf: shelf,
                source: StreamRepair(),
                detector: BandEnergyDetector(sampleRate: Frame.sampleRate)
            ),
            ports: CapturingPorts(
                RingPorts(
                    packets: packets.takeReader(),
                    messages: messages.takeWriter(),
                    speech: speech.takeReader(),
                    frames: frames.takeWriter(),
                    events: events.takeWriter(),
                    commands: commands.takeReader(),
                    tap: tap?.takeWriter(),
                    wait: meters.wait
                ),
                encoder: encoder.take()
            )
        )
    }

    /// Runs one 20 ms tick.
    /// - Parameters:
    ///   - monotonic: the same moment in nanoseconds of the monotonic clock.
    ///   - isPressed: the tick is late, or what its messages wait for is.
    public mutating func tick(now: MediaInstant, monotonic: Int64 = 0, isPressed: Bool = false) -> TickSignals {
        ports.inner.signals = []
        ports.inner.taken = 0
        ports.inner.monotonic = monotonic
        ports.inner.isPressed = isPressed
        ports.inner.prefetch()
        pipeline.prefetch()
        ports.begin(now)
        pipeline.tick(now: now, ports: &ports)
        ports.end(hasEnded: pipeline.hasEnded)
        if pipeline.hasEnded { ports.inner.signals.insert(.ended) }
        return ports.inner.signals
    }
}
