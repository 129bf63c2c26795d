/// Ports that answer a pipeline as a captured tick did, and keep what leaves it.
public struct ReplayPorts: PipelinePorts {
    /// The answers of the tick that is replayed; read the next one into it, then `begin`.
    var tick = CapturedTick()
    private var commands = 0
    private var packets = 0
    private var speech = 0
    private var roomChanges = 0
    private var roomQuestions: UInt64 = 0
    private var room = true
    /// Tap frames count for the digest: the captured call was recorded.
    private let isRecorded: Bool
    private(set) var left = CaptureDigest()
    /// What left in this tick.
    public private(set) var sent: [OutboundMessage] = []
    public private(set) var events: [CallEvent] = []
    public private(set) var recorded: [TapFrame] = []

    init(isRecorded: Bool) { self.isRecorded = isRecorded }

    mutating func begin() {
        (commands, packets, speech, roomChanges, roomQuestions) = (0, 0, 0, 0, 0)
        sent.removeAll(keepingCapacity: true)
        events.removeAll(keepingCapacity: true)
        recorded.removeAll(keepingCapacity: true)
    }

    /// The pipeline took all the answers it took then.
    var isExhausted: Bool {
        commands >= tick.commands.count && packets >= tick.packets.count && speech >= tick.speech.count
            && roomChanges >= tick.roomChanges.count
    }

    public var isPressed: Bool { tick.isPressed }

    public mutating func nextCommand() -> CallCommand? { Self.next(tick.commands, &commands) }
    public mutating func take(packet: inout MediaPacket) -> Bool {
        guard let next = Self.next(tick.packets, &packets) else { return false }
        packet = next
        return true
    }
    public mutating func take(speech chunk: inout SpeechChunk) -> Bool {
        guard let next = Self.next(tick.speech, &speech) else { return false }
        chunk = next
        return true
    }

    public var hasRoom: Bool {
        mutating get {
            if roomChanges < tick.roomChanges.count, tick.roomChanges[roomChanges] == roomQuestions {
                roomChanges += 1
                roomQuestions = 0
                room.toggle()
            }
            roomQuestions += 1
            return room
        }
    }

    public mutating func send(audio: Span<UInt8>) { send(OutboundMessage(audio: audio)) }
    public mutating func send(_ message: OutboundMessage) {
        left.add(message)
        sent.append(message)
    }
    public mutating func hear(audio: Span<Int16>, turn: Int32, at: MediaInstant) {
        left.add(CallerFrame(audio: audio, turn: turn, at: at))
    }
    public mutating func hear(_ border: CallerFrame) { left.add(border) }
    public mutating func report(_ event: CallEvent) {
        left.add(event)
        events.append(event)
    }
    public mutating func record(_ frame: TapFrame) {
        if isRecorded { left.add(frame) }
        recorded.append(frame)
    }

    private static func next<Value>(_ answers: [Value?], _ position: inout Int) -> Value? {
        guard position < answers.count else { return nil }
        defer { position += 1 }
        return answers[position]
    }
}
