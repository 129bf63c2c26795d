import CFloor
import Engine

/// A call in virtual time whose caller and agent talk at once, without end, with the agent's echo on the line: the busiest
/// frame there is, short of an interruption. The provider returns each mark on the next frame.
public final class TalkingCall {
    /// One value, so that one access of this object is checked per frame and not one per ring.
    private var line: Line

    /// What all calls of an engine share.
    public struct Shared: Sendable {
        public let meters = PipelineMeters()
        public let overflows = RingOverflows()
        fileprivate let desk = Desk()
        public init() {}
    }

    /// - Parameters:
    ///   - start: the frame of the conversation that comes first.
    ///   - isCaptured: everything the pipeline takes is written down, and read again once a second.
    public init(start: Int, shared: Shared, isCaptured: Bool = false) {
        line = Line(start: start, shared: shared, isCaptured: isCaptured)
    }

    /// What is written down of a call, from its beginning to its end.
    /// - Parameter frames: of 20 ms.
    public static func capture(frames: Int) -> [UInt8] {
        var line = Line(start: 0, shared: Shared(), isCaptured: true, isKept: true)
        for _ in 0..<frames { line.frame() }
        return line.end()
    }

    public var seen: (messages: Int, frames: Int, events: Int) { line.seen }

    /// One 20 ms of it: the socket and the voice write, the pipeline ticks, the socket, the recogniser and the
    /// conversation read.
    @inline(__always) public func frame() { line.frame() }

    /// The same with the socket's text around it.
    /// - Parameters:
    ///   - receive: gives the next packet.
    ///   - send: gets each message.
    ///   - hear: gets each frame of the caller.
    @inline(__always) public func frame(
        receive: (Int) -> MediaPacket,
        send: (borrowing OutboundMessage) -> Void,
        hear: (borrowing CallerFrame) -> Void
    ) {
        line.frame(receive: receive, send: send, hear: hear)
    }

    /// Whether each call sends and hears a frame per tick, after the time it takes to find the echo and the caller's turn.
    /// - Parameter frame: one frame of the call with this number.
    public static func difference(_ calls: [TalkingCall], frame: ((Int) -> Void)? = nil) -> String? {
        let (settling, counted) = (160, 32)
        func run(_ passes: Int) {
            for _ in 0..<passes {
                for index in calls.indices { if let frame { frame(index) } else { calls[index].frame() } }
            }
        }
        run(settling)
        let before = calls.map(\.seen)
        run(counted)
        for (index, call) in calls.enumerated() {
            let messages = call.seen.messages - before[index].messages
            let frames = call.seen.frames - before[index].frames
            guard messages >= counted, frames >= counted else {
                return "call \(index): \(messages) messages, \(frames) frames in \(counted) ticks"
            }
        }
        return nil
    }
}

/// Where the recogniser and the socket copy what they read. The calls of one thread share it, as the floor's share its stack.
private final class Desk: @unchecked Sendable {  // calls that share one are served in turn
    let frame = UnsafeMutablePointer<CallerFrame>.allocate(capacity: 1)
    let message = UnsafeMutablePointer<OutboundMessage>.allocate(capacity: 1)

    init() {
        frame.initialize(to: CallerFrame(kind: .audio, at: .zero))
        message.initialize(to: OutboundMessage(kind: .audio))
    }

    deinit {
        frame.deallocate()
        message.deallocate()
    }
}

/// The call's media, its rings' outer ends, and where the recording stands.
private struct Line: ~Copyable {
    private(set) var seen = (messages: 0, frames: 0, events: 0)
    private var media: CallMedia
    private var packets: RingWriter<MediaPacket>
    private var messages: RingReader<OutboundMessage>
    private var chunks: RingWriter<SpeechChunk>
    private var frames: RingReader<CallerFrame>
    private var events: RingReader<CallEvent>
    private var capture: CaptureStream?
    private var captured: [UInt8] = []
    /// What was captured is not thrown away once it is read.
    private let isKept: Bool
    private let conversation = Conversation.shared
    private let start: Int
    private var position = 0
    private var now = MediaInstant.zero
    private let desk: Desk

    /// Every frame takes the whole way: the canceller never rests, and the caller's first turn never ends, so that each
    /// frame goes through the noise reducer to the recogniser. The caller must not stop the agent; the call never ends.
    /// Captures hold no time longer than a year.
    static var configuration: PipelineConfiguration {
        var configuration = PipelineConfiguration()
        configuration.echo.mode = .always
        configuration.turn.endSilence = .seconds(30_000_000)
        configuration.turn.maximumTurn = .seconds(30_000_000)
        configuration.protectedStart = .seconds(30_000_000)
        configuration.maximumCall = .seconds(30_000_000)
        return configuration
    }

    init(start: Int, shared: TalkingCall.Shared, isCaptured: Bool = false, isKept: Bool = false) {
        self.start = start
        self.isKept = isKept
        desk = shared.desk
        var ends: CallEnds?
        media = CallMedia.make(
            configuration: Self.configuration,
            meters: shared.meters,
            overflows: shared.overflows,
            isCaptured: isCaptured,
            ends: &ends
        )
        guard let packets = ends?.packets.take(), let messages = ends?.messages.take(),
            var chunks = ends?.speech.take(), let frames = ends?.frames.take(),
            let events = ends?.events.take(), var commands = ends?.commands.take()
        else { preconditionFailure("a new call's rings are whole") }
        commands.push(.beginReply(1))
        // The agent has spoken ahead: the pipeline fills its lead at once and sends one frame per tick from then on.
        for ahead in 1..<FLOOR_LEAD { chunks.push(conversation.chunks[(start + Int(ahead)) & Conversation.mask]) }
        capture = ends?.capture.take()
        if isCaptured { captured.reserveCapacity(1 << 20) }
        self.packets = packets
        self.messages = messages
        self.chunks = chunks
        self.frames = frames
        self.events = events
    }

    @inline(__always) mutating func frame() {
        let (next, position) = ((start &+ position) & Conversation.mask, position)
        let recorded = conversation.packets
        packets.push(filling: {
            $0 = recorded[next]
            Self.number(&$0, position)
        })
        tick()
        let (frame, message) = (desk.frame, desk.message)
        while frames.pop({ frame.pointee = copy $0 }) {
            floor_keep(frame)
            seen.frames += 1
        }
        while messages.pop({ message.pointee = copy $0 }) {
            floor_keep(message)
            note(message.pointee.kind, message.pointee.value)
        }
    }

    @inline(__always) mutating func frame(
        receive: (Int) -> MediaPacket,
        send: (borrowing OutboundMessage) -> Void,
        hear: (borrowing CallerFrame) -> Void
    ) {
        let (packet, position) = (receive((start &+ position) & Conversation.mask), position)
        packets.push(filling: {
            $0 = packet
            Self.number(&$0, position)
        })
        tick()
        while let frame = frames.pop() {
            if frame.kind == .audio { hear(frame) }
            seen.frames += 1
        }
        while let message = messages.pop() {
            if message.kind == .audio { send(message) }
            note(message.kind, message.value)
        }
    }

    /// The recording goes round, the provider's counters do not.
    @inline(__always) private static func number(_ packet: inout MediaPacket, _ position: Int) {
        packet.value = Int64(position &+ 1)
        packet.timestampSamples = Int64(position &* 160)
    }

    @inline(__always) private mutating func tick() {
        let (next, recorded) = ((start &+ position &+ Int(FLOOR_LEAD)) & Conversation.mask, conversation.chunks)
        chunks.push(filling: { $0 = recorded[next] })
        position &+= 1
        now = now.advanced(nanoseconds: Frame.nanoseconds)
        _ = media.tick(now: now)
        while events.pop() != nil { seen.events += 1 }
        if position % 50 == 0, capture != nil { readCapture() }
    }

    private mutating func readCapture() {
        if !isKept { captured.removeAll(keepingCapacity: true) }
        let state = capture?.drain(into: &captured)
        precondition(state == .open && !captured.isEmpty, "a capture that is read in time is whole")
    }

    /// The provider ends the call.
    /// - Returns: the whole capture, if it is kept.
    mutating func end() -> [UInt8] {
        packets.push(MediaPacket(kind: .ended, value: EndReason.providerStopped.rawValue))
        now = now.advanced(nanoseconds: Frame.nanoseconds)
        _ = media.tick(now: now)
        let state = capture?.drain(into: &captured)
        precondition(state == .over, "a call that has ended is captured to its end")
        return captured
    }

    @inline(__always) private mutating func note(_ kind: OutboundMessage.Kind, _ value: Int64) {
        if kind == .mark { packets.push(MediaPacket(kind: .mark, value: value)) }
        seen.messages += 1
    }
}
