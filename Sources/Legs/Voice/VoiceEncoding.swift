/// How a vendor sends audio: mono, without a header.
public enum VoiceEncoding: Sendable, Hashable {
    /// G.711 mu-law, one byte a sample.
    case muLaw(rate: Int)
    /// 16 bit signed, little endian.
    case pcm(rate: Int)

    /// Samples per second.
    public var rate: Int {
        switch self {
        case .muLaw(let rate), .pcm(let rate): rate
        }
    }
}
