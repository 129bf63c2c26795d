/// The identification header of an Ogg Opus stream.
///
/// - Source: RFC 7845 section 5.1.
public struct OpusHead: Equatable, Sendable {
    /// 1 or 2 (mapping family 0).
    public var channels: Int
    /// Samples at 48 kHz to throw away at the start: what the encoder looked ahead.
    public var preSkip: Int
    /// Of the recording before it was encoded; for display only.
    public var inputRate: Int
    /// To be applied by the decoder, in 1/256 dB.
    public var gain: Int

    public init(channels: Int, preSkip: Int, inputRate: Int, gain: Int = 0) {
        self.channels = channels
        self.preSkip = preSkip
        self.inputRate = inputRate
        self.gain = gain
    }

    init(parsing packet: [UInt8]) throws(OggError) {
        let reader = ByteReader(bytes: packet)
        guard reader.has("OpusHead", at: 0) else { throw .badHeader("the first packet is not OpusHead") }
        guard packet.count >= 19, let preSkip = reader.uint16(at: 10), let rate = reader.uint32(at: 12),
            let gain = reader.uint16(at: 16)
        else { throw .badHeader("OpusHead has \(packet.count) bytes instead of 19 or more") }
        // The upper four bits are the incompatible part of the version.
        guard packet[8] & 0xF0 == 0 else { throw .badHeader("OpusHead has version \(packet[8])") }
        guard packet[18] == 0 else { throw .unsupportedMapping(family: Int(packet[18])) }
        guard 1...2 ~= packet[9] else { throw .badHeader("it says \(packet[9]) channels") }
        channels = Int(packet[9])
        self.preSkip = preSkip
        inputRate = rate
        self.gain = Int(Int16(truncatingIfNeeded: gain))
    }

    var bytes: [UInt8] {
        Array("OpusHead".utf8) + [1, UInt8(clamping: channels)] + LittleEndian.little(preSkip, 2)
            + LittleEndian.little(inputRate, 4) + LittleEndian.little(gain, 2) + [0]
    }
}

/// The comment header of an Ogg Opus stream.
///
/// - Source: RFC 7845 section 5.2.
public struct OpusTags: Equatable, Sendable {
    public var vendor: String
    /// `NAME=value` each.
    public var comments: [String]

    public init(vendor: String = "parley", comments: [String] = []) {
        self.vendor = vendor
        self.comments = comments
    }

    init(parsing packet: [UInt8]) throws(OggError) {
        let reader = ByteReader(bytes: packet)
        guard reader.has("OpusTags", at: 0) else { throw .badHeader("the second packet is not OpusTags") }
        var place = 8
        func text() throws(OggError) -> String {
            guard let length = reader.uint32(at: place), length <= packet.count - place - 4 else {
                throw .badHeader("OpusTags ends early")
            }
            defer { place += 4 + length }
            return String(decoding: packet[(place + 4)..<(place + 4 + length)], as: UTF8.self)
        }
        vendor = try text()
        // Each comment takes at least its length's four bytes.
        guard let count = reader.uint32(at: place), count <= (packet.count - place - 4) / 4 else {
            throw .badHeader("OpusTags ends early")
        }
        place += 4
        comments = []
        for _ in 0..<count { comments.append(try text()) }
    }

    var bytes: [UInt8] {
        let field = { (text: String) in LittleEndian.little(text.utf8.count, 4) + Array(text.utf8) }
        return Array("OpusTags".utf8) + field(vendor) + LittleEndian.little(comments.count, 4) + comments.flatMap(field)
    }
}
