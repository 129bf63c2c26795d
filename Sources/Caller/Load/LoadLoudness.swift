import Codecs

/// Whether a media payload can be heard, from a glance: 36 of a frame's 160 samples are decoded.
///
/// The four places lie a quarter of the payload apart, so that a voice between two pitch pulses is not missed. The threshold
/// is the one of `TwilioCallConfiguration.agentThreshold`: comfort noise and line noise lie below -50 dBFS.
package enum LoadLoudness {
    private static let places = 4
    /// Characters per place: nine samples.
    private static let characters = 12
    /// (32768 * 10^(-50 / 20))^2
    private static let audibleSquare = 10_737

    /// - Parameter text: base64 without escapes.
    package static func isAudible(_ text: Span<UInt8>) -> Bool {
        // The last group may hold padding.
        let groups = max(0, text.count / 4 - 1)
        guard groups * 4 >= places * characters else { return isAudibleShort(text) }
        var energy = 0
        var bytes = InlineArray<9, UInt8>(repeating: PhoneFrame.silence)
        for place in 0..<places {
            let start = (groups * 4 - characters) * place / (places - 1) / 4 * 4
            var output = bytes.mutableSpan
            let piece = text.extracting(start..<start + characters)
            guard (try? Base64.decode(piece, into: &output)) != nil else { return false }
            for index in 0..<9 {
                let sample = Int(MuLaw.linear(bytes[index]))
                energy += sample * sample
            }
        }
        return energy > audibleSquare * places * 9
    }

    /// Payloads of less than a quarter of a frame: decoded whole.
    private static func isAudibleShort(_ text: Span<UInt8>) -> Bool {
        var bytes = [UInt8](repeating: 0, count: Base64.decodedCapacity(for: text.count))
        var output = bytes.mutableSpan
        guard let count = try? Base64.decode(text, into: &output), count > 0 else { return false }
        let energy = bytes[..<count].reduce(0) { $0 + Int(MuLaw.linear($1)) * Int(MuLaw.linear($1)) }
        return energy > audibleSquare * count
    }

    /// Bytes of audio in a base64 text.
    package static func audioBytes(_ text: Span<UInt8>) -> Int {
        guard text.count >= 4 else { return 0 }
        let padding =
            text[text.count - 1] != UInt8(ascii: "=") ? 0 : text[text.count - 2] != UInt8(ascii: "=") ? 1 : 2
        return text.count / 4 * 3 - padding
    }
}
