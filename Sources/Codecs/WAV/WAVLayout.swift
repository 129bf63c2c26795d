/// Where a WAV file's samples are and how they are stored: the chunk walk, before anything is decoded.
struct WAVLayout {
    private(set) var format: WAVFormat
    /// Whole frames only.
    private(set) var data: Range<Int>
    private(set) var isTruncated: Bool

    init(scanning bytes: [UInt8], limits: WAVLimits) throws(WAVError) {
        guard bytes.count <= limits.maximumBytes else {
            throw .tooLarge(bytes: bytes.count, limit: limits.maximumBytes)
        }
        let reader = ByteReader(bytes: bytes)
        try Self.checkContainer(reader)
        var format: WAVFormat?
        var position = 12
        while let size = reader.uint32(at: position + 4) {
            let body = position + 8
            if reader.has("fmt ", at: position) {
                format = try WAVFormatChunk.parse(reader, body..<min(body + size, bytes.count))
            } else if reader.has("data", at: position) {
                guard let format else { throw .missingFormat }
                self.format = format
                let end = Self.dataEnd(reader, body: body, size: size)
                let whole = (min(end, bytes.count) - body) / format.bytesPerFrame * format.bytesPerFrame
                data = body..<(body + whole)
                isTruncated = end > bytes.count || body + whole < min(end, bytes.count)
                try check(limits)
                return
            }
            position = Self.nextChunk(reader, after: body + size, isOdd: size % 2 == 1)
        }
        throw format == nil ? .missingFormat : .missingData
    }

    private func check(_ limits: WAVLimits) throws(WAVError) {
        guard format.channels <= limits.maximumChannels else {
            throw .tooManyChannels(format.channels, limit: limits.maximumChannels)
        }
        let seconds = data.count / format.bytesPerFrame / format.sampleRate
        guard seconds <= limits.maximumSeconds else { throw .tooLong(seconds: seconds, limit: limits.maximumSeconds) }
    }

    private static func checkContainer(_ reader: ByteReader) throws(WAVError) {
        guard reader.has("RIFF", at: 0) else {
            for name: StaticString in ["RIFX", "RF64", "BW64"] where reader.has(name, at: 0) {
                throw .otherContainer(name.description)
            }
            throw .notWAV(found: guess(reader))
        }
        guard reader.has("WAVE", at: 8) else { throw .otherContainer("RIFF without WAVE") }
    }

    /// What people most often take for a WAV file.
    private static func guess(_ reader: ByteReader) -> String? {
        let known: [(StaticString, Int, String)] = [
            ("ID3", 0, "MP3"), ("OggS", 0, "Ogg"), ("fLaC", 0, "FLAC"), ("FORM", 0, "AIFF"), (".snd", 0, "Sun AU"),
            ("caff", 0, "Apple CAF"), ("ftyp", 4, "MP4"), ("#!AMR", 0, "AMR"),
        ]
        if let match = known.first(where: { reader.has($0.0, at: $0.1) }) { return match.2 }
        // An MPEG audio frame starts with 11 set bits and a layer that is not 0.
        if let start = reader.uint16(at: 0), start & 0xE0FF == 0xE0FF, start & 0x0600 != 0 { return "MP3" }
        return nil
    }

    /// Past the end of the file for a size that promises more than there is.
    private static func dataEnd(_ reader: ByteReader, body: Int, size: Int) -> Int {
        let fileEnd = reader.bytes.count
        // Writers to a pipe cannot go back to fill sizes in: ffmpeg leaves 0xFFFFFFFF, sox about 0x7FFFF000, others 0.
        if size == 0xFFFF_FFFF || (size >= 0x7FFF_F000 && body + size > fileEnd) { return fileEnd }
        if size == 0 {
            // A really empty file has a RIFF size that reaches exactly to its end.
            let riffSize = reader.uint32(at: 4) ?? 0
            return riffSize + 8 == fileEnd || riffSize + 9 == fileEnd ? body : fileEnd
        }
        return body + size
    }

    /// Chunks are padded to even lengths, but some writers forget to: then the next name stands at the odd place.
    private static func nextChunk(_ reader: ByteReader, after end: Int, isOdd: Bool) -> Int {
        guard isOdd, end < reader.bytes.count else { return end }
        let isName = { (offset: Int) in
            offset + 4 <= reader.bytes.count && reader.bytes[offset..<(offset + 4)].allSatisfy { 0x20...0x7E ~= $0 }
        }
        return isName(end) && !isName(end + 1) ? end : end + 1
    }
}
