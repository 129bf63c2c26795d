/// What a recording is, by its own first bytes: what a server says of it may be wrong.
package enum RecordedAudio: String, Sendable, Equatable {
    case wav, mp3, ogg, flac, mp4, webm

    /// - Returns: nil for what is no audio file of a kind that transcribers take.
    package init?(_ bytes: [UInt8]) {
        func has(_ tag: StaticString, at offset: Int = 0) -> Bool {
            bytes.count >= offset + tag.utf8CodeUnitCount
                && bytes[offset..<(offset + tag.utf8CodeUnitCount)].elementsEqual(tag.description.utf8)
        }
        if has("RIFF"), has("WAVE", at: 8) {
            self = .wav
        } else if has("ID3") || Self.isMPEG(bytes) {
            self = .mp3
        } else if has("OggS") {
            self = .ogg
        } else if has("fLaC") {
            self = .flac
        } else if has("ftyp", at: 4) {
            self = .mp4
        } else if bytes.starts(with: [0x1A, 0x45, 0xDF, 0xA3]) {
            self = .webm
        } else {
            return nil
        }
    }

    /// An MPEG audio frame: 11 set bits, a version and a layer that exist (ISO/IEC 11172-3, 2.4.2.3).
    private static func isMPEG(_ bytes: [UInt8]) -> Bool {
        guard bytes.count >= 2, bytes[0] == 0xFF, bytes[1] & 0xE0 == 0xE0 else { return false }
        return bytes[1] & 0x18 != 0x08 && bytes[1] & 0x06 != 0
    }

    package var contentType: String {
        switch self {
        case .wav: "audio/wav"
        case .mp3: "audio/mpeg"
        case .ogg: "audio/ogg"
        case .flac: "audio/flac"
        case .mp4: "audio/mp4"
        case .webm: "audio/webm"
        }
    }

    /// Channels that hold one party each. Only WAV is trusted with that: elsewhere stereo is a manner of coding.
    package func channels(_ bytes: [UInt8]) -> Int {
        guard self == .wav else { return 1 }
        var place = 12
        while place + 12 <= bytes.count {
            let isFormat = bytes[place..<(place + 4)].elementsEqual("fmt ".utf8)
            if isFormat { return max(1, Int(bytes[place + 10]) | Int(bytes[place + 11]) << 8) }
            let size = (0..<4).reduce(0) { $0 | Int(bytes[place + 4 + $1]) << (8 * $1) }
            place += 8 + size + size % 2
        }
        return 1
    }
}
