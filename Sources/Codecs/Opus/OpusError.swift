import COpus

/// Why libopus refused.
public enum OpusError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Opus knows 8, 12, 16, 24 and 48 kHz, one or two channels.
    case unsupportedFormat(sampleRate: Int, channels: Int)
    /// Opus frames last 2.5, 5, 10, 20, 40 or 60 ms.
    case badFrameSize(samplesPerChannel: Int, sampleRate: Int)
    case badSetting(name: String, value: Int)
    /// Nothing was written.
    case outputTooSmall(needed: Int, capacity: Int)
    /// The bytes are not an Opus packet.
    case badPacket
    /// Any other libopus code (`opus_defines.h`).
    case library(code: Int)

    public var description: String {
        switch self {
        case .unsupportedFormat(let rate, let channels):
            "Opus cannot work at \(rate) Hz with \(channels) channels: use 8000, 12000, 16000, 24000 or 48000 Hz, 1 or 2 channels"
        case .badFrameSize(let samples, let rate):
            "\(samples) samples per channel at \(rate) Hz are no Opus frame: use 2.5, 5, 10, 20, 40 or 60 ms"
        case .badSetting(let name, let value):
            "Opus refuses \(name) = \(value)"
        case .outputTooSmall(let needed, let capacity):
            "Opus output holds \(capacity) elements, \(needed) are needed"
        case .badPacket:
            "the bytes are not an Opus packet"
        case .library(let code):
            "libopus error \(code)"
        }
    }

    static let rates = [8_000, 12_000, 16_000, 24_000, 48_000]

    init(code: Int32) {
        self = code == OPUS_INVALID_PACKET ? .badPacket : .library(code: Int(code))
    }

    /// Frames of 2.5, 5, 10, 20, 40 and 60 ms.
    static func isFrame(_ samples: Int, at rate: Int) -> Bool {
        [1, 2, 4, 8, 16, 24].contains { samples == rate / 400 * $0 }
    }
}
