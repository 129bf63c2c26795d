/// How the samples of a WAV file are stored.
public struct WAVFormat: Sendable, Equatable {
    public enum Encoding: Sendable, Equatable {
        /// Unsigned 8 bit, or signed 16, 24 or 32 bit; fewer valid bits are left-justified in these.
        case pcm(bits: Int)
        /// IEEE 754, 32 or 64 bit, full scale 1.0.
        case float(bits: Int)
        case muLaw
        case aLaw
    }

    public var encoding: Encoding
    /// Samples per second and channel.
    public var sampleRate: Int
    public var channels: Int

    public init(encoding: Encoding, sampleRate: Int, channels: Int) {
        self.encoding = encoding
        self.sampleRate = sampleRate
        self.channels = channels
    }

    /// Bytes of one sample of one channel.
    public var bytesPerSample: Int {
        switch encoding {
        case .pcm(let bits), .float(let bits): bits / 8
        case .muLaw, .aLaw: 1
        }
    }

    /// Bytes of one sample of all channels.
    public var bytesPerFrame: Int { bytesPerSample * channels }
}

/// What a reader accepts before it allocates anything.
public struct WAVLimits: Sendable, Equatable {
    /// Of the whole file. Default 64 MiB.
    public var maximumBytes: Int
    /// Default one hour.
    public var maximumSeconds: Int
    /// Default 32.
    public var maximumChannels: Int

    public init(maximumBytes: Int = 64 << 20, maximumSeconds: Int = 3_600, maximumChannels: Int = 32) {
        self.maximumBytes = maximumBytes
        self.maximumSeconds = maximumSeconds
        self.maximumChannels = maximumChannels
    }
}
