/// Writes 16-bit PCM WAV files.
public enum WAVWriter {
    private static let headerBytes = 44

    /// One channel.
    public static func bytes(mono samples: [Int16], sampleRate: Int) throws(WAVError) -> [UInt8] {
        try bytes(channels: [samples], sampleRate: sampleRate)
    }

    /// A whole file in memory.
    ///
    /// - Shape: `channels` holds 1...32 767 arrays of equal length.
    /// - Throws: `WAVError.badChannels`, `.unsupportedRate`, `.tooLargeToWrite`.
    public static func bytes(channels: [[Int16]], sampleRate: Int) throws(WAVError) -> [UInt8] {
        guard let frames = channels.first?.count, channels.allSatisfy({ $0.count == frames }),
            channels.count * 2 <= Int(UInt16.max)
        else { throw .badChannels }
        let (size, overflow) = frames.multipliedReportingOverflow(by: channels.count * 2)
        guard !overflow, size <= Int(UInt32.max) - headerBytes else { throw .tooLargeToWrite(bytes: size) }
        guard 1...Int(UInt32.max) ~= sampleRate, sampleRate * channels.count * 2 <= Int(UInt32.max) else {
            throw .unsupportedRate(sampleRate)
        }
        var output: [UInt8] = []
        output.reserveCapacity(headerBytes + size)
        output += Array("RIFF".utf8) + little(headerBytes - 8 + size, 4) + Array("WAVEfmt ".utf8) + little(16, 4)
        output += little(1, 2) + little(channels.count, 2) + little(sampleRate, 4)
        output += little(sampleRate * channels.count * 2, 4) + little(channels.count * 2, 2) + little(16, 2)
        output += Array("data".utf8) + little(size, 4)
        for frame in 0..<frames {
            for channel in channels {
                output.append(UInt8(truncatingIfNeeded: channel[frame]))
                output.append(UInt8(truncatingIfNeeded: channel[frame] >> 8))
            }
        }
        return output
    }

    private static func little(_ value: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
}
