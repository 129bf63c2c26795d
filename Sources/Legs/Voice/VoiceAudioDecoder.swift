import Codecs

/// Turns a vendor's audio bytes into samples at the rate that was asked for, as one stream: chunks may end anywhere, also in
/// the middle of a sample, and the resampler's past is kept.
package struct VoiceAudioDecoder: ~Copyable, Sendable {
    /// What speech needs (`Resampler`).
    static let quality = 3

    /// Samples decoded so far, at the vendor's rate.
    package private(set) var received = 0
    package let encoding: VoiceEncoding
    private var resampler: Resampler
    private var odd: UInt8?

    /// - Parameter rate: samples per second of what comes out.
    package init(_ encoding: VoiceEncoding, to rate: Int) throws(ResamplerError) {
        self.encoding = encoding
        resampler = try Resampler(
            from: encoding.rate,
            to: rate,
            quality: Self.quality,
            skipsLeadingDelay: true
        )
    }

    /// Samples at the wanted rate that everything received so far lasts. The resampler may still hold the last few.
    package var position: Int { received * resampler.outputRate / resampler.inputRate }

    /// - Returns: samples at the wanted rate; none when the bytes only began a sample, or the resampler keeps them.
    package mutating func decode(_ bytes: [UInt8]) -> [Int16] {
        let samples: [Int16]
        switch encoding {
        case .muLaw: samples = bytes.map(MuLaw.linear)
        case .pcm: samples = littleEndian(bytes)
        }
        received += samples.count
        return convert(samples)
    }

    /// The stream is over. Half a sample at its end is not audio.
    /// - Returns: what the resampler still held.
    package mutating func finish() -> [Int16] {
        let missing = position - written
        guard missing > 0 else { return [] }
        // One input sample more than the filter's delay covers the rounding of either rate.
        let silence = resampler.latency + resampler.inputRate / resampler.outputRate + 1
        return Array(convert([Int16](repeating: 0, count: silence)).prefix(missing))
    }

    private var written = 0

    private mutating func littleEndian(_ bytes: [UInt8]) -> [Int16] {
        var samples: [Int16] = []
        samples.reserveCapacity(bytes.count / 2 + 1)
        var low = odd
        for byte in bytes {
            if let first = low {
                samples.append(Int16(bitPattern: UInt16(first) | UInt16(byte) << 8))
                low = nil
            } else {
                low = byte
            }
        }
        odd = low
        return samples
    }

    private mutating func convert(_ samples: [Int16]) -> [Int16] {
        guard !samples.isEmpty else { return [] }
        var output = [Int16](repeating: 0, count: resampler.outputCapacity(for: samples.count))
        var room = output.mutableSpan
        do throws(ResamplerError) {
            let count = try resampler.process(samples.span, into: &room)
            written += count
            output.removeSubrange(count...)
            return output
        } catch {
            preconditionFailure("outputCapacity sized the resampler's output: \(error)")
        }
    }
}
