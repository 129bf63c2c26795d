import Codecs

/// Takes Ogg files apart and puts them together again, right or deliberately wrong. Shares no code with the reader.
enum OggBuilder {
    /// RFC 3533 section 6, bit by bit.
    static func checksum(_ page: [UInt8]) -> UInt32 {
        var value: UInt32 = 0
        for byte in page {
            value ^= UInt32(byte) << 24
            for _ in 0..<8 { value = value & 0x8000_0000 != 0 ? (value << 1) ^ 0x04C1_1DB7 : value << 1 }
        }
        return value
    }

    /// A page with the checksum it must have.
    static func sealed(_ page: [UInt8]) -> [UInt8] {
        guard page.count >= 27 else { return page }
        var page = page
        for index in 22..<26 { page[index] = 0 }
        let value = checksum(page)
        for index in 0..<4 { page[22 + index] = UInt8(truncatingIfNeeded: value >> (8 * UInt32(index))) }
        return page
    }

    static func page(
        flags: UInt8 = 0,
        granule: Int = 0,
        serial: Int = 7,
        sequence: Int,
        segments: [UInt8],
        body: [UInt8]
    ) -> [UInt8] {
        sealed(
            Array("OggS".utf8) + [0, flags] + WAVBuilder.little(granule, 8) + WAVBuilder.little(serial, 4)
                + WAVBuilder.little(sequence, 4) + [0, 0, 0, 0, UInt8(segments.count)] + segments + body
        )
    }

    /// A page with whole packets below 255 bytes.
    static func page(flags: UInt8 = 0, granule: Int = 0, serial: Int = 7, sequence: Int, packets: [[UInt8]]) -> [UInt8]
    {
        page(
            flags: flags,
            granule: granule,
            serial: serial,
            sequence: sequence,
            segments: packets.map { UInt8($0.count) },
            body: packets.flatMap { $0 }
        )
    }

    static func head(version: UInt8 = 1, channels: UInt8 = 1, preSkip: Int = 312, family: UInt8 = 0) -> [UInt8] {
        Array("OpusHead".utf8) + [version, channels] + WAVBuilder.little(preSkip, 2) + WAVBuilder.little(16_000, 4)
            + [0, 0, family]
    }

    static let tags: [UInt8] = Array("OpusTags".utf8) + [1, 0, 0, 0, 0x78, 0, 0, 0, 0]

    static func headers() -> [UInt8] {
        page(flags: 2, sequence: 0, packets: [head()]) + page(sequence: 1, packets: [tags])
    }

    /// The pages of a well-formed file.
    static func pages(_ file: [UInt8]) -> [[UInt8]] {
        var pages: [[UInt8]] = []
        var place = 0
        while place < file.count {
            let count = Int(file[place + 26])
            let body = file[(place + 27)..<(place + 27 + count)].reduce(0) { $0 + Int($1) }
            pages.append(Array(file[place..<(place + 27 + count + body)]))
            place += 27 + count + body
        }
        return pages
    }
}
