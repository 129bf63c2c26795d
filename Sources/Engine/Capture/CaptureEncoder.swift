/// Writes what a pipeline takes, tick by tick, into a byte ring.
///
/// On the tick: no allocation, no lock, no wait. When a tick does not fit, the capture is broken from there: what came
/// before stays readable, nothing follows, and the break is counted once.
public struct CaptureEncoder: ~Copyable, Sendable {
    private var ring: ByteRingWriter
    private let breaks: EventCounter
    private var isOpen = true
    private var expected = CapturePrediction()
    private var taken = CaptureDigest()
    private var left = CaptureDigest()
    private var nextCheckpoint = CaptureFormat.checkpointNanoseconds
    private var ticks: UInt64 = 0
    private var inputs = 0
    // Questions of this tick that were answered with nothing since the last something.
    private var noCommands: UInt64 = 0
    private var noPackets: UInt64 = 0
    private var noSpeech: UInt64 = 0
    private var hadRoom = true
    private var wasPressed = false
    private var roomQuestions: UInt64 = 0

    init(ring: consuming ByteRingWriter, header: CaptureHeader, breaks: EventCounter) {
        self.ring = ring
        self.breaks = breaks
        self.ring.begin()
        for byte in header.encoded { self.ring.append(byte) }
        if !self.ring.commit() { breakOff() }
    }

    // MARK: A tick

    mutating func begin(_ now: MediaInstant) {
        guard isOpen else { return }
        ring.begin()
        record(.tick)
        let steady = expected.now &+ Frame.nanoseconds
        signed(now.nanoseconds &- steady)
        expected.now = now.nanoseconds
        taken.add(.tick, now.nanoseconds)
        (noCommands, noPackets, noSpeech, roomQuestions, inputs) = (0, 0, 0, 0, 0)
    }

    mutating func took(_ command: CallCommand?) {
        guard isOpen else { return }
        guard let command else {
            noCommands &+= 1
            return
        }
        noCommands = nothing(.noCommand, noCommands)
        record(.command)
        let (code, value, detail) = command.captured
        number(UInt64(code))
        signed(value)
        signed(detail)
        taken.add(.command, Int64(code))
        taken.add(value)
        taken.add(detail)
    }

    mutating func took(_ packet: MediaPacket?) {
        guard isOpen else { return }
        guard let packet else {
            noPackets &+= 1
            return
        }
        noPackets = nothing(.noPacket, noPackets)
        let arrival = packet.arrival &- expected.arrival &- Frame.nanoseconds
        if expected.expects(packet) {
            record(.nextPacket)
            signed(arrival)
        } else {
            record(.packet)
            number(UInt64(packet.kind.rawValue))
            number(UInt64(packet.count))
            signed(packet.value)
            signed(packet.timestampSamples)
            signed(arrival)
        }
        ring.append(packet.bytes, count: Int(packet.count))
        expected.follow(packet)
        taken.add(packet)
    }

    mutating func took(_ chunk: SpeechChunk?) {
        guard isOpen else { return }
        guard let chunk else {
            noSpeech &+= 1
            return
        }
        noSpeech = nothing(.noSpeech, noSpeech)
        if expected.expects(chunk) {
            record(.nextSpeech)
        } else {
            record(.speech)
            signed(Int64(chunk.reply))
            signed(Int64(chunk.piece))
            signed(Int64(chunk.offset))
            number(UInt64(chunk.count) << 1 | (chunk.endsReply ? 1 : 0))
        }
        ring.append(chunk.samples, count: Int(chunk.count), history: &expected.history)
        expected.follow(chunk)
        taken.add(chunk)
    }

    mutating func answered(hasRoom: Bool) {
        guard isOpen else { return }
        if hasRoom != hadRoom {
            record(.room)
            number(roomQuestions)
            taken.add(.room, Int64(bitPattern: roomQuestions))
            hadRoom = hasRoom
            roomQuestions = 0
        }
        roomQuestions &+= 1
    }

    mutating func answered(isPressed: Bool) {
        guard isOpen, isPressed != wasPressed else { return }
        record(.pressure)
        taken.add(.pressure, isPressed ? 1 : 0)
        wasPressed = isPressed
    }

    mutating func left(_ message: OutboundMessage) { left.add(message) }
    mutating func left(_ frame: CallerFrame) { left.add(frame) }
    mutating func left(_ event: CallEvent) { left.add(event) }
    mutating func left(_ frame: TapFrame) { left.add(frame) }

    /// - Parameter isLast: the pipeline has ended.
    mutating func end(isLast: Bool) {
        guard isOpen else { return }
        ticks &+= 1
        if isLast || expected.now >= nextCheckpoint {
            record(.checkpoint)
            word(taken.value)
            word(left.value)
            let period = CaptureFormat.checkpointNanoseconds
            nextCheckpoint = (max(0, expected.now) / period &+ 1) &* period
        }
        if isLast {
            record(.end)
            number(ticks)
        }
        guard inputs <= CaptureFormat.maximumTickInputs, ring.commit() else { return breakOff() }
        guard isLast else { return }
        isOpen = false
        ring.close(.finished)
    }

    private mutating func breakOff() {
        isOpen = false
        ring.close(.broken)
        breaks.increment()
    }

    // MARK: Values

    private mutating func record(_ record: CaptureFormat.Record) {
        inputs &+= 1
        ring.append(record.rawValue)
    }

    /// - Returns: the new count.
    private mutating func nothing(_ record: CaptureFormat.Record, _ count: UInt64) -> UInt64 {
        guard count > 0 else { return 0 }
        self.record(record)
        number(count)
        taken.add(record, Int64(bitPattern: count))
        return 0
    }

    private mutating func number(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            ring.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest &>>= 7
        }
        ring.append(UInt8(truncatingIfNeeded: rest))
    }

    private mutating func signed(_ value: Int64) { number(CaptureFormat.zigzag(value)) }

    private mutating func word(_ value: UInt64) {
        for shift in stride(from: 0 as UInt64, to: 64, by: 8) {
            ring.append(UInt8(truncatingIfNeeded: value &>> shift))
        }
    }
}

extension CallCommand {
    /// A number that never changes its meaning, and what the command carries in up to two values.
    var captured: (code: UInt8, value: Int64, detail: Int64) {
        switch self {
        case .beginReply(let reply): (1, Int64(reply), 0)
        case .stopSpeaking: (2, 0, 0)
        case .protect(let until): (3, until.nanoseconds, 0)
        case .close(let reason): (4, reason.rawValue, 0)
        case .beginBackground(let play):
            (
                5, Int64(play.recording) << 2 | (play.loops ? 2 : 0) | (play.endsWithReply ? 1 : 0),
                Int64(play.gain.bitPattern)
            )
        case .endBackground: (6, 0, 0)
        case .holdReply(let reply, let pause): (7, Int64(reply), Int64(pause))
        case .endpoint(let pause, let silence): (8, Int64(pause), silence.nanoseconds)
        case .discardReply(let reply): (9, Int64(reply), 0)
        }
    }

    /// - Returns: nil for what this version does not know.
    init?(captured code: UInt64, _ value: Int64, _ detail: Int64) {
        guard detail == 0 || [5, 7, 8].contains(code) else { return nil }
        switch code {
        case 1:
            guard let reply = Int32(exactly: value) else { return nil }
            self = .beginReply(reply)
        case 2: self = .stopSpeaking
        case 3: self = .protect(until: MediaInstant(nanoseconds: value))
        case 4:
            guard let reason = EndReason(rawValue: value) else { return nil }
            self = .close(reason)
        case 5:
            guard let recording = Int32(exactly: value >> 2), let bits = UInt32(exactly: detail) else { return nil }
            self = .beginBackground(
                BackgroundPlay(
                    recording: recording,
                    loops: value & 2 != 0,
                    endsWithReply: value & 1 != 0,
                    gain: Float(bitPattern: bits)
                )
            )
        case 6: self = .endBackground
        case 7:
            guard let reply = Int32(exactly: value), let pause = Int32(exactly: detail) else { return nil }
            self = .holdReply(reply, pause: pause)
        case 8:
            guard let pause = Int32(exactly: value) else { return nil }
            self = .endpoint(pause: pause, silence: .nanoseconds(detail))
        case 9:
            guard let reply = Int32(exactly: value) else { return nil }
            self = .discardReply(reply)
        default: return nil
        }
    }
}
