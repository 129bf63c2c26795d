import Codecs

/// Samples as Deepgram's raw encodings have them.
enum DeepgramAudio {
    static func bytes(_ samples: [Int16], as encoding: DeepgramLiveConfiguration.Encoding) -> [UInt8] {
        switch encoding {
        case .mulaw: samples.map { MuLaw.byte($0) }
        case .linear16: samples.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
        }
    }
}
