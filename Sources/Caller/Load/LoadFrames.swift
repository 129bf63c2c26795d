import NIOCore

/// Writes a call's WebSocket frames (RFC 6455 section 5) into one buffer per tick.
///
/// Client frames are masked; each has a key of its own. All calls of a loop share one scratch, because only one of them writes
/// at a time.
package struct LoadFrames {
    package enum Opcode: UInt8 {
        case continuation = 0x0
        case text = 0x1
        case binary = 0x2
        case close = 0x8
        case ping = 0x9
        case pong = 0xA
    }

    /// Characters of a frame's payload: 160 bytes in base64.
    static let payloadCharacters = 216

    private var scratch = [UInt8](repeating: 0, count: 2048)
    private var count = 0
    private var random: SplitMix

    package init(seed: UInt64) { random = SplitMix(seed: seed) }

    /// One media message.
    ///
    /// - Parameters:
    ///   - tail: what follows the payload, from its closing quote to the end of the object.
    ///   - text: base64, of which `payloadCharacters` from `start` are sent.
    package mutating func writeMedia(
        sequence: Int,
        chunk: Int,
        timestamp: Int,
        text: [UInt8],
        start: Int,
        tail: [UInt8],
        into buffer: inout ByteBuffer
    ) {
        count = 0
        put(#"{"event":"media","sequenceNumber":""#)
        put(sequence)
        put(#"","media":{"track":"inbound","chunk":""#)
        put(chunk)
        put(#"","timestamp":""#)
        put(timestamp)
        put(#"","payload":""#)
        for index in 0..<Self.payloadCharacters { scratch[count + index] = text[start + index] }
        count += Self.payloadCharacters
        for index in 0..<tail.count { scratch[count + index] = tail[index] }
        count += tail.count
        writeScratch(.text, into: &buffer)
    }

    /// A mark on its way back. `name` is as it came, escapes included.
    package mutating func writeMark(
        sequence: Int,
        name: ArraySlice<UInt8>,
        streamSid: [UInt8],
        into buffer: inout ByteBuffer
    ) {
        // The vendor sets no limit; what does not fit in the scratch makes it grow, once.
        let needed = 128 + name.count + streamSid.count
        if scratch.count < needed { scratch += [UInt8](repeating: 0, count: needed - scratch.count) }
        count = 0
        put(#"{"event":"mark","sequenceNumber":""#)
        put(sequence)
        put(#"","streamSid":""#)
        for byte in streamSid { put(byte) }
        put(#"","mark":{"name":""#)
        for byte in name { put(byte) }
        put(#""}}"#)
        writeScratch(.text, into: &buffer)
    }

    /// Any other frame: rare.
    package mutating func write(_ opcode: Opcode, _ bytes: [UInt8], into buffer: inout ByteBuffer) {
        if scratch.count < bytes.count { scratch += [UInt8](repeating: 0, count: bytes.count - scratch.count) }
        for index in 0..<bytes.count { scratch[index] = bytes[index] }
        count = bytes.count
        writeScratch(opcode, into: &buffer)
    }

    private mutating func put(_ text: StaticString) {
        text.withUTF8Buffer { text in
            for index in 0..<text.count { scratch[count + index] = text[index] }
        }
        count += text.utf8CodeUnitCount
    }

    private mutating func put(_ byte: UInt8) {
        scratch[count] = byte
        count += 1
    }

    private mutating func put(_ number: Int) {
        var scale = 1
        while number / scale >= 10 { scale *= 10 }
        while scale > 0 {
            put(UInt8(ascii: "0") + UInt8(number / scale % 10))
            scale /= 10
        }
    }

    private mutating func writeScratch(_ opcode: Opcode, into buffer: inout ByteBuffer) {
        let key = UInt32(truncatingIfNeeded: random.next())
        buffer.writeInteger(0x80 | opcode.rawValue)
        switch count {
        case ..<126: buffer.writeInteger(0x80 | UInt8(count))
        case ..<65_536:
            buffer.writeInteger(UInt8(0x80 | 126))
            buffer.writeInteger(UInt16(count))
        default:
            buffer.writeInteger(UInt8(0x80 | 127))
            buffer.writeInteger(UInt64(count))
        }
        buffer.writeInteger(key)
        for index in 0..<count {
            scratch[index] ^= UInt8(truncatingIfNeeded: key >> UInt32(24 - 8 * (index & 3)))
        }
        buffer.writeBytes(scratch[..<count])
    }
}

/// A small seeded generator (Steele, Lea and Flood 2014): the same seed makes the same calls.
package struct SplitMix: RandomNumberGenerator, Sendable {
    private var state: UInt64

    package init(seed: UInt64) { state = seed }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}
