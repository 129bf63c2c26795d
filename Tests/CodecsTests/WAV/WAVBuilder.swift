/// Builds WAV files byte by byte, right or deliberately wrong.
struct WAVBuilder {
    var tag = 1
    var channels = 1
    var rate = 8_000
    var bits = 16
    /// Overrides what the other fields give.
    var blockAlign: Int?
    /// Bytes appended to the 16 of the plain format chunk.
    var formatExtension: [UInt8] = []
    var before: [[UInt8]] = []
    var after: [[UInt8]] = []
    var data: [UInt8] = []
    /// Overrides the sizes in the headers.
    var dataSize: Int?
    var riffSize: Int?

    static func little(_ value: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    static func chunk(_ name: String, _ body: [UInt8], size: Int? = nil, padded: Bool = true) -> [UInt8] {
        Array(name.utf8) + little(size ?? body.count, 4) + body + (padded && body.count % 2 == 1 ? [0] : [])
    }

    /// The 24 bytes that turn a plain format chunk into an extensible one.
    static func extensible(_ tag: Int, validBits: Int) -> [UInt8] {
        little(22, 2) + little(validBits, 2) + little(0, 4) + little(tag, 2)
            + [0x00, 0x00, 0x00, 0x00, 0x10, 0x00, 0x80, 0x00, 0x00, 0xAA, 0x00, 0x38, 0x9B, 0x71]
    }

    var bytes: [UInt8] {
        let align = blockAlign ?? channels * ((bits + 7) / 8)
        let format =
            Self.little(tag, 2) + Self.little(channels, 2) + Self.little(rate, 4) + Self.little(rate * align, 4)
            + Self.little(align, 2) + Self.little(bits, 2) + formatExtension
        var body = Array("WAVE".utf8)
        for chunk in before { body += chunk }
        body += Self.chunk("fmt ", format)
        body += Self.chunk("data", data, size: dataSize)
        for chunk in after { body += chunk }
        return Array("RIFF".utf8) + Self.little(riffSize ?? body.count, 4) + body
    }
}
