/// The `fmt ` chunk (WAVEFORMAT, WAVEFORMATEX, WAVEFORMATEXTENSIBLE).
enum WAVFormatChunk {
    private enum Tag {
        static let pcm = 0x0001
        static let float = 0x0003
        static let aLaw = 0x0006
        static let muLaw = 0x0007
        static let extensible = 0xFFFE
    }

    /// The compressed formats people meet (RFC 2361 and mmreg.h).
    private static let names: [Int: String] = [
        0x0002: "Microsoft ADPCM", 0x0011: "IMA ADPCM", 0x0014: "G.723", 0x0031: "GSM 6.10", 0x0045: "G.726",
        0x0050: "MPEG", 0x0055: "MP3", 0x0064: "G.726", 0x0083: "G.729", 0x00FF: "AAC", 0x0161: "WMA",
        0x704F: "Opus", 0x674F: "Vorbis", 0xF1AC: "FLAC",
    ]

    /// The last 14 bytes of the sub-format identifiers that begin with a format tag.
    private static let identifierEnding: [UInt8] = [
        0x00, 0x00, 0x00, 0x00, 0x10, 0x00, 0x80, 0x00, 0x00, 0xAA, 0x00, 0x38, 0x9B, 0x71,
    ]

    static func parse(_ reader: ByteReader, _ body: Range<Int>) throws(WAVError) -> WAVFormat {
        guard body.count >= 16, var tag = reader.uint16(at: body.lowerBound),
            let channels = reader.uint16(at: body.lowerBound + 2),
            let sampleRate = reader.uint32(at: body.lowerBound + 4),
            let blockAlign = reader.uint16(at: body.lowerBound + 12),
            let bits = reader.uint16(at: body.lowerBound + 14)
        else { throw .badFormat("its 'fmt ' chunk has \(body.count) bytes instead of 16 or more") }
        if tag == Tag.extensible { tag = try subFormat(reader, body) }
        guard channels > 0 else { throw .badFormat("it says 0 channels") }
        guard sampleRate > 0 else { throw .badFormat("it says 0 samples per second") }

        let format = WAVFormat(encoding: try encoding(tag, bits: bits), sampleRate: sampleRate, channels: channels)
        guard blockAlign == format.bytesPerFrame else {
            throw .badFormat(
                "it says \(blockAlign) bytes per frame, but \(channels) channels of \(bits) bits need \(format.bytesPerFrame)"
            )
        }
        return format
    }

    private static func subFormat(_ reader: ByteReader, _ body: Range<Int>) throws(WAVError) -> Int {
        let start = body.lowerBound + 24
        guard body.count >= 40, let tag = reader.uint16(at: start) else {
            throw .badFormat("its extensible 'fmt ' chunk has \(body.count) bytes instead of 40")
        }
        guard reader.bytes[(start + 2)..<(start + 16)].elementsEqual(identifierEnding) else {
            throw .compressed(tag: Tag.extensible, name: "unknown sub-format")
        }
        return tag
    }

    private static func encoding(_ tag: Int, bits: Int) throws(WAVError) -> WAVFormat.Encoding {
        switch tag {
        case Tag.pcm:
            // Odd widths (12, 20) are left-justified in whole bytes.
            guard 1...32 ~= bits else { throw .unsupportedBits(bits: bits, isFloat: false) }
            return .pcm(bits: (bits + 7) / 8 * 8)
        case Tag.float:
            guard bits == 32 || bits == 64 else { throw .unsupportedBits(bits: bits, isFloat: true) }
            return .float(bits: bits)
        case Tag.muLaw, Tag.aLaw:
            guard bits == 8 else { throw .badFormat("it says \(bits) bits per G.711 sample instead of 8") }
            return tag == Tag.muLaw ? .muLaw : .aLaw
        default:
            throw .compressed(tag: tag, name: names[tag])
        }
    }
}
