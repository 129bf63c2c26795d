/// How a provider's media stream carries samples. All are mono.
public enum WireFormat: Equatable, Sendable {
    /// G.711 mu-law, 8 kHz.
    case muLaw
    /// G.711 A-law, 8 kHz.
    case aLaw
    /// Signed 16 bit, little-endian, 8 kHz.
    case linear8k
    /// Signed 16 bit, little-endian, 16 kHz.
    case linear16k

    public var sampleRate: Int { self == .linear16k ? 16_000 : 8_000 }
    public var bytesPerSample: Int {
        switch self {
        case .muLaw, .aLaw: 1
        case .linear8k, .linear16k: 2
        }
    }
}

/// Why a payload was not decoded.
public enum WireError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Nothing was read or written.
    case outputTooSmall(needed: Int, capacity: Int)
    case resampler(ResamplerError)

    public var description: String {
        switch self {
        case .outputTooSmall(let needed, let capacity):
            "the payload becomes up to \(needed) samples, the output holds \(capacity)"
        case .resampler(let error): error.description
        }
    }
}
