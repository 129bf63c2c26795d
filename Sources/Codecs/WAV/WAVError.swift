/// Why a file is not usable audio. Each description names the fault and what to do about it.
public enum WAVError: Error, Equatable, Sendable, CustomStringConvertible {
    /// `found` is what the first bytes look like, if they are known: `MP3`, `Ogg`.
    case notWAV(found: String?)
    /// A RIFF relative this reader does not read: `RIFX` (big-endian), `RF64` (above 4 GiB), or RIFF without `WAVE`.
    case otherContainer(String)
    case missingFormat
    case missingData
    /// The format chunk contradicts itself or ends early; the text says how.
    case badFormat(String)
    /// A `wFormatTag` that is not PCM, float, mu-law or A-law.
    case compressed(tag: Int, name: String?)
    case unsupportedBits(bits: Int, isFloat: Bool)
    case tooLarge(bytes: Int, limit: Int)
    case tooLong(seconds: Int, limit: Int)
    case tooManyChannels(Int, limit: Int)
    /// Asked for a channel, counted from 0, that the file does not have.
    case noChannel(Int, count: Int)
    /// Asked for a rate, or made from a rate, that cannot be resampled.
    case unsupportedRate(Int)
    /// A writer was given channels of different lengths, none, or more than 32 767.
    case badChannels
    /// A writer's file would not fit the 32-bit sizes of RIFF.
    case tooLargeToWrite(bytes: Int)

    public var description: String {
        switch self {
        case .notWAV(let found?):
            "not a WAV file: this looks like \(found); convert it with: sox input -t wav out.wav"
        case .notWAV(nil):
            "not a WAV file: no RIFF header; if it is raw 8 kHz mu-law, give it the ending .ulaw, "
                + "else convert it with: sox input out.wav"
        case .otherContainer(let name):
            "a \(name) file, not RIFF/WAVE; convert it with: sox input -t wav out.wav"
        case .missingFormat:
            "damaged WAV file: no 'fmt ' chunk before the audio; export it again"
        case .missingData:
            "damaged WAV file: no 'data' chunk, so there is no audio; export it again"
        case .badFormat(let what):
            "damaged WAV file: \(what); export it again"
        case .compressed(let tag, let name):
            "compressed format \(Self.hexadecimal(tag))\(name.map { " (\($0))" } ?? ""); "
                + "convert it with: sox in\(name == "MP3" ? ".mp3" : ".wav") -e signed -b 16 out.wav"
        case .unsupportedBits(let bits, let isFloat):
            "\(bits)-bit \(isFloat ? "floating point" : "PCM") samples are not supported; "
                + "convert with: sox in.wav -e signed -b 16 out.wav"
        case .tooLarge(let bytes, let limit):
            "the file has \(bytes) bytes, the limit is \(limit); cut or resample it, or raise the limit"
        case .tooLong(let seconds, let limit):
            "the audio lasts \(seconds) s, the limit is \(limit) s; cut it with: sox in.wav out.wav trim 0 \(limit)"
        case .tooManyChannels(let channels, let limit):
            "\(channels) channels, the limit is \(limit); mix down with: sox in.wav -c 1 out.wav"
        case .noChannel(let index, let count):
            "channel \(index) was asked for, the file has \(count), counted from 0"
        case .unsupportedRate(let rate):
            "a sample rate of \(rate) Hz cannot be converted; use "
                + "\(Resampler.rates.lowerBound) to \(Resampler.rates.upperBound) Hz"
        case .badChannels:
            "a WAV file needs 1 to 32767 channels of equal length"
        case .tooLargeToWrite(let bytes):
            "\(bytes) bytes of audio do not fit a WAV file (4 GiB); write shorter files"
        }
    }

    /// `0x0055`, as format tags are written.
    private static func hexadecimal(_ tag: Int) -> String {
        let digits = String(tag, radix: 16, uppercase: true)
        return "0x" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}
