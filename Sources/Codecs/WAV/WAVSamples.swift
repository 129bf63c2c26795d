/// Stored samples to 16 bits, one array per channel.
enum WAVSamples {
    /// - Parameter data: whole frames inside `bytes`.
    static func decode(_ bytes: [UInt8], _ data: Range<Int>, as format: WAVFormat) -> [[Int16]] {
        switch format.encoding {
        case .pcm(bits: 8):
            split(bytes, data, format) { Int16(Int($0[$1]) - 128) &<< 8 }
        case .pcm(bits: 16):
            split(bytes, data, format) { Int16(truncatingIfNeeded: Int($0[$1]) | Int($0[$1 + 1]) << 8) }
        case .pcm(bits: 24):
            split(bytes, data, format) { rounded(word($0, $1, 3)) }
        case .pcm:
            split(bytes, data, format) { rounded(word($0, $1, 4)) }
        case .float(bits: 32):
            split(bytes, data, format) { clipped(Double(Float(bitPattern: word($0, $1, 4)))) }
        case .float:
            split(bytes, data, format) {
                clipped(Double(bitPattern: UInt64(word($0, $1, 4)) | UInt64(word($0, $1 + 4, 4)) << 32))
            }
        case .muLaw:
            split(bytes, data, format) { MuLaw.linear($0[$1]) }
        case .aLaw:
            split(bytes, data, format) { ALaw.linear($0[$1]) }
        }
    }

    @inline(__always) private static func split(
        _ bytes: [UInt8],
        _ data: Range<Int>,
        _ format: WAVFormat,
        _ sample: ([UInt8], Int) -> Int16
    ) -> [[Int16]] {
        let frames = data.count / format.bytesPerFrame
        return (0..<format.channels).map { channel in
            let start = data.lowerBound + channel * format.bytesPerSample
            return (0..<frames).map { sample(bytes, start + $0 * format.bytesPerFrame) }
        }
    }

    /// `count` little-endian bytes in the high end of 32 bits, so that 24 and 32 bits need no two ways.
    private static func word(_ bytes: [UInt8], _ offset: Int, _ count: Int) -> UInt32 {
        var value: UInt32 = 0
        for i in 0..<count { value |= UInt32(bytes[offset + i]) << UInt32(8 * (i + 4 - count)) }
        return value
    }

    private static func rounded(_ word: UInt32) -> Int16 {
        Int16(clamping: (Int(Int32(bitPattern: word)) + 0x8000) >> 16)
    }

    private static func clipped(_ value: Double) -> Int16 {
        guard !value.isNaN else { return 0 }
        return Int16(max(-32_768, min(32_767, (value * 32_768).rounded())))
    }
}
