/// Writes a WAV file while it is being recorded: bytes to append, and at the end the few bytes to put over the header.
///
/// The header says "until the end of the file" in the way streaming tools do (sizes of 0xFFFFFFFF), so a file that was never
/// finished is read in full by `WAVFile`, sox and ffmpeg. It is at most 4 GiB.
///
/// - Source: Microsoft "Multiple channel audio data and WAVE files"; RFC 2361 (format tags).
public struct WAVStreamWriter: Sendable {
    public enum Encoding: Sendable, Equatable {
        case pcm16
        case muLaw
        case aLaw
    }

    /// What completes a file.
    public struct Ending: Sendable, Equatable {
        public struct Patch: Sendable, Equatable {
            /// From the start of the file.
            public var offset: Int
            public var bytes: [UInt8]
        }

        /// To be appended first: a chunk has an even length.
        public var padding: [UInt8]
        /// To be written over what is there.
        public var patches: [Patch]
    }

    public let encoding: Encoding
    public let sampleRate: Int
    public let channels: Int
    /// Of the `data` chunk so far.
    public private(set) var dataBytes = 0
    public private(set) var isFinished = false

    /// - Throws: `WAVError.badChannels`, `.unsupportedRate`.
    public init(encoding: Encoding, sampleRate: Int, channels: Int) throws(WAVError) {
        let width = encoding == .pcm16 ? 2 : 1
        guard 1...Int(UInt16.max) / width ~= channels else { throw .badChannels }
        guard 1...Int(UInt32.max) / (channels * width) ~= sampleRate else { throw .unsupportedRate(sampleRate) }
        self.encoding = encoding
        self.sampleRate = sampleRate
        self.channels = channels
    }

    private var bytesPerFrame: Int { channels * (encoding == .pcm16 ? 2 : 1) }
    private static let unknown: [UInt8] = [0xFF, 0xFF, 0xFF, 0xFF]

    /// The start of the file, to be written before anything else.
    public var header: [UInt8] {
        let little = LittleEndian.little
        let tag = encoding == .pcm16 ? 1 : encoding == .aLaw ? 6 : 7
        let isPCM = encoding == .pcm16
        var bytes = Array("RIFF".utf8) + Self.unknown + Array("WAVEfmt ".utf8) + little(isPCM ? 16 : 18, 4)
        bytes += little(tag, 2) + little(channels, 2) + little(sampleRate, 4) + little(sampleRate * bytesPerFrame, 4)
        bytes += little(bytesPerFrame, 2) + little(isPCM ? 16 : 8, 2)
        // Formats other than PCM say how long their extension is, and how many samples there are.
        if !isPCM { bytes += little(0, 2) + Array("fact".utf8) + little(4, 4) + Self.unknown }
        return bytes + Array("data".utf8) + Self.unknown
    }

    /// Encodes what comes next.
    ///
    /// - Shape: whole frames, channels interleaved.
    /// - Throws: `WAVError.badChannels` for part of a frame, `.tooLargeToWrite` at 4 GiB; nothing was added.
    public mutating func write(_ samples: Span<Int16>, into output: inout [UInt8]) throws(WAVError) {
        precondition(!isFinished, "a finished file takes no more samples")
        guard samples.count % channels == 0 else { throw .badChannels }
        let added = samples.count / channels * bytesPerFrame
        // 0xFFFFFFFF itself means "unknown"; the header and a padding byte count in the outer size.
        guard dataBytes + added <= Int(UInt32.max) - 64 else { throw .tooLargeToWrite(bytes: dataBytes + added) }
        output.reserveCapacity(output.count + added)
        for index in samples.indices {
            switch encoding {
            case .pcm16:
                output.append(UInt8(truncatingIfNeeded: samples[index]))
                output.append(UInt8(truncatingIfNeeded: samples[index] &>> 8))
            case .muLaw: output.append(MuLaw.byte(samples[index]))
            case .aLaw: output.append(ALaw.byte(samples[index]))
            }
        }
        dataBytes += added
    }

    /// Ends the file. Without it the file is still readable.
    public mutating func finish() -> Ending {
        isFinished = true
        let headerBytes = header.count
        let padding = [UInt8](repeating: 0, count: dataBytes % 2)
        let little = LittleEndian.little
        var patches = [Ending.Patch(offset: 4, bytes: little(headerBytes - 8 + dataBytes + padding.count, 4))]
        if encoding != .pcm16 {
            patches.append(Ending.Patch(offset: headerBytes - 12, bytes: little(dataBytes / bytesPerFrame, 4)))
        }
        patches.append(Ending.Patch(offset: headerBytes - 4, bytes: little(dataBytes, 4)))
        return Ending(padding: padding, patches: patches)
    }
}
