/// The audio of a WAV file, decoded to 16 bits.
///
/// Reads PCM of 8, 16, 24 and 32 bits, float of 32 and 64 bits, mu-law and A-law, plain or WAVE_FORMAT_EXTENSIBLE, any
/// rate and channel count. Unknown chunks are skipped; streamed files (data size 0 or 0xFFFFFFFF) and truncated ones give
/// the audio that is there.
///
/// - Source: Microsoft "Multiple channel audio data and WAVE files"; RFC 2361 (format tags).
public struct WAVFile: Sendable, Equatable {
    public let format: WAVFormat
    /// Samples per channel, all channels equally long. More than 16 bits are rounded; floats beyond full scale clip.
    public let channels: [[Int16]]
    /// The file ended before the data that its header promised.
    public let isTruncated: Bool

    /// Reads a whole file from memory.
    public init(parsing bytes: [UInt8], limits: WAVLimits = WAVLimits()) throws(WAVError) {
        let layout = try WAVLayout(scanning: bytes, limits: limits)
        format = layout.format
        isTruncated = layout.isTruncated
        channels = WAVSamples.decode(bytes, layout.data, as: layout.format)
    }

    /// Samples per channel.
    public var frameCount: Int { channels.first?.count ?? 0 }

    public var duration: Duration {
        .nanoseconds(Int64(frameCount) * 1_000_000_000 / Int64(format.sampleRate))
    }

    /// All channels mixed to one (their mean) at another rate.
    ///
    /// - Throws: `WAVError.unsupportedRate` if either rate is outside `Resampler.rates`.
    public func mono(at rate: Int, quality: Int = 5) throws(WAVError) -> [Int16] {
        try converted(mixedDown(), to: rate, quality: quality)
    }

    private func converted(_ samples: [Int16], to rate: Int, quality: Int) throws(WAVError) -> [Int16] {
        do throws(ResamplerError) {
            return try Resampler.convert(samples, from: format.sampleRate, to: rate, quality: quality)
        } catch {
            guard case .unsupportedRate(let rate) = error else { throw .unsupportedRate(format.sampleRate) }
            throw .unsupportedRate(rate)
        }
    }

    /// One channel at another rate.
    ///
    /// - Throws: `WAVError.noChannel` if the file has fewer; `.unsupportedRate` if either rate is outside `Resampler.rates`.
    public func channel(_ index: Int, at rate: Int, quality: Int = 5) throws(WAVError) -> [Int16] {
        guard channels.indices.contains(index) else { throw .noChannel(index, count: channels.count) }
        return try converted(channels[index], to: rate, quality: quality)
    }

    private func mixedDown() -> [Int16] {
        guard channels.count > 1 else { return channels.first ?? [] }
        var sums = [Int](repeating: 0, count: frameCount)
        for channel in channels {
            for i in sums.indices { sums[i] += Int(channel[i]) }
        }
        return sums.map { Int16($0 / channels.count) }
    }
}
