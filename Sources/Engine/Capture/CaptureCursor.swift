/// Checked little-endian reads from a capture's bytes.
struct CaptureCursor {
    let bytes: [UInt8]
    private(set) var position: Int
    private let end: Int

    init(_ bytes: [UInt8]) { self.init(bytes, 0..<bytes.count) }

    private init(_ bytes: [UInt8], _ range: Range<Int>) {
        self.bytes = bytes
        position = range.lowerBound
        end = range.upperBound
    }

    var isAtEnd: Bool { position == end }
    var remaining: Int { end - position }

    mutating func byte() throws(CaptureError) -> UInt8 {
        guard position < end else { throw .truncated(at: end) }
        defer { position += 1 }
        return bytes[position]
    }

    /// At most ten bytes, and no bit beyond the 64th.
    mutating func number() throws(CaptureError) -> UInt64 {
        let start = position
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            let byte = try byte()
            guard shift < 63 || byte <= 1 else { throw .badValue(.number, at: start) }
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
            shift += 7
        }
    }

    mutating func signed() throws(CaptureError) -> Int64 { CaptureFormat.unzigzag(try number()) }

    mutating func word() throws(CaptureError) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: 0 as UInt64, to: 64, by: 8) { value |= UInt64(try byte()) << shift }
        return value
    }

    /// Fills the first `count` bytes of a frame.
    mutating func fill(_ frame: inout FrameBytes, count: Int) throws(CaptureError) {
        guard remaining >= count else { throw .truncated(at: end) }
        for index in 0..<count { frame[index] = bytes[position + index] }
        position += count
    }

    /// Moves past `expected` if it is next.
    mutating func take(_ expected: [UInt8]) -> Bool {
        guard remaining >= expected.count, bytes[position..<position + expected.count].elementsEqual(expected) else {
            return false
        }
        position += expected.count
        return true
    }

    /// The next `count` bytes as a cursor of their own.
    mutating func part(_ count: Int) throws(CaptureError) -> CaptureCursor {
        guard count >= 0, remaining >= count else { throw .truncated(at: end) }
        defer { position += count }
        return CaptureCursor(bytes, position..<position + count)
    }

    /// Unpacks `count` samples of speech.
    mutating func fill(
        _ frame: inout FrameSamples,
        count: Int,
        history: inout SpeechPacking.History
    ) throws(CaptureError) {
        guard count > 0 else { return }
        let start = position
        let head = try byte()
        let order = head >> 5
        let parameter = UInt64(head & 0x1F)
        let isRaw = head == SpeechPacking.raw
        guard isRaw || ((1...2).contains(order) && parameter <= 18) else { throw .badValue(.samples, at: start) }
        var bits = BitCursor()
        for index in 0..<count {
            let value: Int32
            if isRaw {
                let low = try byte()
                value = Int32(Int16(truncatingIfNeeded: Int(low) | Int(try byte()) << 8))
            } else {
                let residual = SpeechPacking.unfold(try bits.code(parameter: parameter, from: &self))
                value = SpeechPacking.sample(residual, order: order, history)
            }
            guard let sample = Int16(exactly: value) else { throw .badValue(.samples, at: start) }
            frame[index] = sample
            history = .init(last: value, older: history.last)
        }
    }
}

/// Reads Rice codes, lowest bit first.
private struct BitCursor {
    private var held: UInt64 = 0
    private var count: UInt64 = 0

    mutating func code(parameter: UInt64, from cursor: inout CaptureCursor) throws(CaptureError) -> UInt32 {
        var quotient: UInt64 = 0
        while quotient < UInt64(SpeechPacking.escapeQuotient), try take(1, from: &cursor) == 1 { quotient += 1 }
        guard quotient < UInt64(SpeechPacking.escapeQuotient) else {
            return UInt32(try take(UInt64(SpeechPacking.escapeBits), from: &cursor))
        }
        return UInt32(quotient << parameter | (try take(parameter, from: &cursor)))
    }

    private mutating func take(_ wanted: UInt64, from cursor: inout CaptureCursor) throws(CaptureError) -> UInt64 {
        while count < wanted {
            held |= UInt64(try cursor.byte()) << count
            count += 8
        }
        defer {
            held >>= wanted
            count -= wanted
        }
        return held & (1 << wanted - 1)
    }
}
