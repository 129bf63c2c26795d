import Engine

/// A recording: WAV, mu-law at 8 kHz, the caller left and the agent right.
///
/// - Source: Microsoft "Multiple channel audio data and WAVE files"; RFC 2361 (`WAVE_FORMAT_MULAW`, 7). A format other than
///   PCM has a `fact` chunk with the samples per channel.
public struct StereoWAV {
    public static let headerBytes = 58
    /// The silence that takes a lost frame's place.
    private static let silence: UInt8 = 0xFF
    /// Silence is handed out in pieces of this many frames (2 s), so that a long gap takes little memory.
    static let silenceFrames: Int64 = 100

    /// The frame that is expected next.
    private var next: Int64

    /// - Parameter first: the number of the recording's first frame.
    public init(startingAt first: Int64 = 0) { next = first }

    /// - Parameter dataBytes: of both channels together.
    public static func header(dataBytes: Int) -> [UInt8] {
        func little(_ value: Int, _ count: Int) -> [UInt8] {
            (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
        }
        let size = min(dataBytes, Int(UInt32.max) - headerBytes)
        var header = Array("RIFF".utf8) + little(headerBytes - 8 + size, 4) + Array("WAVE".utf8)
        header += Array("fmt ".utf8) + little(18, 4) + little(7, 2) + little(2, 2)
        header +=
            little(Frame.sampleRate, 4) + little(Frame.sampleRate * 2, 4) + little(2, 2) + little(8, 2) + little(0, 2)
        header += Array("fact".utf8) + little(4, 4) + little(size / 2, 4)
        return header + Array("data".utf8) + little(size, 4)
    }

    /// Frames that are missing before `frame`.
    public func gap(before frame: borrowing TapFrame) -> Int64 { max(0, frame.index &- next) }

    /// Appends up to `silenceFrames` frames of silence for frames that were lost.
    public mutating func fill(_ frames: Int64, into bytes: inout [UInt8]) {
        let count = min(max(0, frames), Self.silenceFrames)
        bytes.append(contentsOf: repeatElement(Self.silence, count: Int(count) * Frame.samples * 2))
        next += count
    }

    /// Appends a frame. One that is older than the last is left out: its place is taken.
    public mutating func append(_ frame: borrowing TapFrame, into bytes: inout [UInt8]) {
        guard frame.index >= next else { return }
        next = frame.index + 1
        for index in 0..<Frame.samples {
            bytes.append(frame.caller[index])
            bytes.append(frame.agent[index])
        }
    }
}
