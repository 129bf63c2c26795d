/// The constants of a capture file. Integers are varints (LEB128, little endian), signed ones zigzag-coded first.
///
///     file    magic, version, header, records
///     header  length, { tag, value }, check (4 bytes, little endian)
///     tick    tick, inputs in the order they were taken, and once a second a checkpoint
///     end     end | broken
public enum CaptureFormat {
    static let magic: [UInt8] = Array("PARLEYCAP".utf8)
    /// Raised whenever an old capture would be read differently. A new tag of the header alone does not raise it.
    public static let version: UInt8 = 1
    /// Bytes a capture may have: 10 hours of a talking call.
    public static let maximumBytes = 1 << 30
    static let maximumHeaderBytes = 1 << 16
    /// Inputs of one tick: far above what the rings of a call hold.
    static let maximumTickInputs = 1 << 14
    /// Checkpoints are written this often.
    static let checkpointNanoseconds: Int64 = 1_000_000_000
    /// Bytes on their way to the writer of the file: 2.6 s of a call in which both sides talk (25 kB/s).
    public static let ringBytes = 1 << 16

    enum Record: UInt8 {
        /// `now`, as the difference to 20 ms after the one before.
        case tick = 0x01
        case command = 0x02
        /// The ports were asked this many times for a command and had none, before they had the next one of this tick.
        case noCommand = 0x03
        case packet = 0x10
        /// A full frame of audio whose number and timestamp follow the one before: arrival and bytes only.
        case nextPacket = 0x11
        case noPacket = 0x12
        case speech = 0x20
        /// A full frame that follows the one before in its piece: samples only.
        case nextSpeech = 0x21
        case noSpeech = 0x22
        /// `hasRoom` changed its answer, after this many of this tick's questions since the last change.
        case room = 0x30
        /// `isPressed` changed its answer.
        case pressure = 0x31
        /// Digests of what was taken and of what left, 8 bytes each, at the end of a tick.
        case checkpoint = 0x40
        /// The pipeline ended: ticks. The last checkpoint comes just before it.
        case end = 0x41
        /// The writer of the file could not keep up: nothing is known from here on.
        case broken = 0x42
    }

    /// Appended to a file whose ring broke.
    public static let brokenMark: [UInt8] = [Record.broken.rawValue]

    @inline(__always) static func zigzag(_ value: Int64) -> UInt64 {
        UInt64(bitPattern: value &<< 1) ^ UInt64(bitPattern: value &>> 63)
    }

    @inline(__always) static func unzigzag(_ value: UInt64) -> Int64 {
        Int64(bitPattern: value &>> 1) ^ -Int64(bitPattern: value & 1)
    }
}

/// What the next values are expected to be: a steady call's records then hold only the differences.
struct CapturePrediction: Sendable {
    var now: Int64 = 0
    var packetValue: Int64 = 0
    var timestamp: Int64 = 0
    var arrival: Int64 = 0
    var reply: Int32 = 0
    var piece: Int32 = 0
    var offset: Int32 = 0
    var history = SpeechPacking.History()

    mutating func follow(_ packet: MediaPacket) {
        arrival = packet.arrival
        guard packet.kind == .audio else { return }
        packetValue = packet.value
        timestamp = packet.timestampSamples
    }

    func expects(_ packet: borrowing MediaPacket) -> Bool {
        guard packet.kind == .audio, packet.count == UInt8(Frame.samples), packet.value == packetValue &+ 1 else {
            return false
        }
        return packet.timestampSamples == timestamp &+ Int64(Frame.samples)
    }

    mutating func follow(_ chunk: borrowing SpeechChunk) {
        reply = chunk.reply
        piece = chunk.piece
        offset = chunk.offset &+ Int32(chunk.count)
    }

    func expects(_ chunk: borrowing SpeechChunk) -> Bool {
        guard chunk.reply == reply, chunk.piece == piece, chunk.offset == offset else { return false }
        return chunk.count == UInt8(Frame.samples) ? !chunk.endsReply : false
    }
}
