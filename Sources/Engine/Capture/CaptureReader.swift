/// One tick of a capture: the answers to each of the pipeline's questions, in order. nil is "nothing now".
public struct CapturedTick {
    public internal(set) var now = MediaInstant.zero
    var commands: [CallCommand?] = []
    var packets: [MediaPacket?] = []
    var speech: [SpeechChunk?] = []
    /// After how many questions each the answer to `hasRoom` changed.
    var roomChanges: [UInt64] = []
    var isPressed = false
    /// The digest of everything that had left the pipeline at the end of this tick; nil on most.
    var left: CaptureDigest?

    public init() {}

    mutating func clear() {
        commands.removeAll(keepingCapacity: true)
        packets.removeAll(keepingCapacity: true)
        speech.removeAll(keepingCapacity: true)
        roomChanges.removeAll(keepingCapacity: true)
        left = nil
    }
}

/// Reads a capture tick by tick. What it gives was captured: every second is checked against its digest.
public struct CaptureReader {
    public enum Ending: Equatable, Sendable {
        /// The call's own end.
        case complete
        /// The writer of the file could not keep up from here on.
        case broken
    }

    public let header: CaptureHeader
    /// How the capture ended, once `next` has returned false.
    public private(set) var ending: Ending?
    public private(set) var ticks: UInt64 = 0
    private var cursor: CaptureCursor
    private var expected = CapturePrediction()
    private var taken = CaptureDigest()
    private var isPressed = false

    public init(_ bytes: [UInt8], maximumBytes: Int = CaptureFormat.maximumBytes) throws(CaptureError) {
        guard bytes.count <= maximumBytes else { throw .tooLarge(bytes: bytes.count, limit: maximumBytes) }
        cursor = CaptureCursor(bytes)
        header = try CaptureHeader(reading: &cursor)
    }

    /// Reads the next tick.
    /// - Returns: false after the last one.
    public mutating func next(_ tick: inout CapturedTick) throws(CaptureError) -> Bool {
        guard ending == nil else { return false }
        tick.clear()
        let at = cursor.position
        switch try record() {
        case .tick: break
        case .end:
            guard try cursor.number() == ticks else { throw .badValue(.tickCount, at: at) }
            return try finish(.complete)
        case .broken: return try finish(.broken)
        default: throw .unknownRecord(cursor.bytes[at], at: at)
        }
        expected.now = expected.now &+ Frame.nanoseconds &+ (try cursor.signed())
        tick.now = MediaInstant(nanoseconds: expected.now)
        taken.add(.tick, expected.now)
        ticks += 1
        var inputs = 0
        defer { tick.isPressed = isPressed }
        while try readInput(into: &tick) {
            inputs += 1
            guard inputs <= CaptureFormat.maximumTickInputs else { throw .badValue(.tickInputs, at: at) }
        }
        return true
    }

    /// Whether the call plays a recording of its shelf from here on. Reads to the end, or up to what cannot be read.
    public func playsRecordings() -> Bool {
        var (ahead, tick) = (self, CapturedTick())
        while (try? ahead.next(&tick)) == true {
            if tick.commands.contains(where: { if case .beginBackground? = $0 { true } else { false } }) { return true }
        }
        return false
    }

    private mutating func finish(_ ending: Ending) throws(CaptureError) -> Bool {
        guard cursor.isAtEnd else { throw .trailing(at: cursor.position) }
        self.ending = ending
        return false
    }

    private mutating func record() throws(CaptureError) -> CaptureFormat.Record {
        let at = cursor.position
        let byte = try cursor.byte()
        guard let record = CaptureFormat.Record(rawValue: byte) else { throw .unknownRecord(byte, at: at) }
        return record
    }

    /// - Returns: false when the next record is no input of this tick.
    private mutating func readInput(into tick: inout CapturedTick) throws(CaptureError) -> Bool {
        let before = cursor
        switch try record() {
        case .tick, .end, .broken:
            cursor = before
            return false
        case .checkpoint: try readCheckpoint(into: &tick, at: before.position)
        case .command: tick.commands.append(try command(at: before.position))
        case .noCommand: tick.commands += repeatElement(nil, count: try run(.noCommand, tick.commands.count))
        case .packet: tick.packets.append(try packet(isNext: false, at: before.position))
        case .nextPacket: tick.packets.append(try packet(isNext: true, at: before.position))
        case .noPacket: tick.packets += repeatElement(nil, count: try run(.noPacket, tick.packets.count))
        case .speech: tick.speech.append(try speech(isNext: false, at: before.position))
        case .nextSpeech: tick.speech.append(try speech(isNext: true, at: before.position))
        case .noSpeech: tick.speech += repeatElement(nil, count: try run(.noSpeech, tick.speech.count))
        case .room:
            let questions = try cursor.number()
            taken.add(.room, Int64(bitPattern: questions))
            tick.roomChanges.append(questions)
        case .pressure:
            isPressed.toggle()
            taken.add(.pressure, isPressed ? 1 : 0)
        }
        return true
    }

    private mutating func readCheckpoint(into tick: inout CapturedTick, at: Int) throws(CaptureError) {
        guard try cursor.word() == taken.value else {
            throw .altered(at: at, second: max(0, expected.now) / 1_000_000_000)
        }
        tick.left = CaptureDigest(value: try cursor.word())
    }

    /// A run of answers "nothing", bounded before anything is made of it.
    private mutating func run(_ record: CaptureFormat.Record, _ before: Int) throws(CaptureError) -> Int {
        let at = cursor.position
        let count = try cursor.number()
        guard count > 0, count <= UInt64(CaptureFormat.maximumTickInputs - min(before, CaptureFormat.maximumTickInputs))
        else { throw .badValue(.tickInputs, at: at) }
        taken.add(record, Int64(count))
        return Int(count)
    }

    private mutating func command(at: Int) throws(CaptureError) -> CallCommand {
        let code = try cursor.number()
        let value = try cursor.signed()
        let detail = try cursor.signed()
        guard let command = CallCommand(captured: code, value, detail) else { throw .badValue(.command, at: at) }
        taken.add(.command, Int64(code))
        taken.add(value)
        taken.add(detail)
        return command
    }

    private mutating func packet(isNext: Bool, at: Int) throws(CaptureError) -> MediaPacket {
        var packet = MediaPacket(
            kind: .audio,
            value: expected.packetValue &+ 1,
            count: UInt8(Frame.samples),
            timestampSamples: expected.timestamp &+ Int64(Frame.samples)
        )
        if !isNext {
            guard let raw = UInt8(exactly: try cursor.number()), let kind = MediaPacket.Kind(rawValue: raw) else {
                throw .badValue(.packetKind, at: at)
            }
            guard let count = UInt8(exactly: try cursor.number()) else { throw .badValue(.packetCount, at: at) }
            packet.kind = kind
            packet.count = count
            packet.value = try cursor.signed()
            packet.timestampSamples = try cursor.signed()
        }
        packet.arrival = expected.arrival &+ Frame.nanoseconds &+ (try cursor.signed())
        try cursor.fill(&packet.bytes, count: min(Int(packet.count), Frame.samples))
        expected.follow(packet)
        taken.add(packet)
        return packet
    }

    private mutating func speech(isNext: Bool, at: Int) throws(CaptureError) -> SpeechChunk {
        var chunk = SpeechChunk(
            reply: expected.reply,
            piece: expected.piece,
            offset: expected.offset,
            count: UInt8(Frame.samples)
        )
        if !isNext {
            guard let reply = Int32(exactly: try cursor.signed()), let piece = Int32(exactly: try cursor.signed()),
                let offset = Int32(exactly: try cursor.signed())
            else { throw .badValue(.speech, at: at) }
            let size = try cursor.number()
            guard let count = UInt8(exactly: size >> 1) else { throw .badValue(.speech, at: at) }
            chunk = SpeechChunk(reply: reply, piece: piece, offset: offset, count: count, endsReply: size & 1 == 1)
        }
        let count = min(Int(chunk.count), Frame.samples)
        try cursor.fill(&chunk.samples, count: count, history: &expected.history)
        expected.follow(chunk)
        taken.add(chunk)
        return chunk
    }
}
