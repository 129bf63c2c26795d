import CFloor
import Codecs
import Foundation

/// Real speech as mu-law and as PCM, the input of both sides: 128 frames of 20 ms, in memory that lives as long as the
/// process.
public struct Recording: @unchecked Sendable {  // written by its initialiser only
    public static let frameCount = 128
    /// Frame `i & mask` is the `i`-th of an endless loop.
    public static let mask = frameCount - 1

    public let bytes: UnsafeMutablePointer<UInt8>
    public let samples: UnsafeMutablePointer<Int16>
    /// Each frame's base64, 216 characters.
    public let texts: UnsafeMutablePointer<CChar>

    /// The folder of the tests' recordings.
    static let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Tests/Fixtures")

    public static let shared: Recording = {
        let file = fixtures.appendingPathComponent("speech/flite_slt_00.ulaw")
        let recording = must { try Data(contentsOf: file) }
        precondition(recording.count >= frameCount * 160, "the recording holds \(frameCount) frames")
        return Recording(Array(recording.prefix(frameCount * 160)))
    }()

    private init(_ recording: [UInt8]) {
        floor_prepare()
        bytes = .allocate(capacity: recording.count)
        samples = .allocate(capacity: recording.count)
        texts = .allocate(capacity: Self.frameCount * 216)
        bytes.initialize(from: recording, count: recording.count)
        for index in 0..<recording.count { (samples + index).initialize(to: MuLaw.linear(recording[index])) }
        for frame in 0..<Self.frameCount { floor_base64_encode(bytes + frame * 160, 0, 1, texts + frame * 216) }
    }

    /// 160 bytes of mu-law.
    @inline(__always) public func frame(_ index: Int) -> UnsafePointer<UInt8> {
        UnsafePointer(bytes + (index & Self.mask) * 160)
    }
    /// 160 samples.
    @inline(__always) public func linear(_ index: Int) -> UnsafePointer<Int16> {
        UnsafePointer(samples + (index & Self.mask) * 160)
    }
    /// 216 characters.
    @inline(__always) public func text(_ index: Int) -> UnsafePointer<UInt8> {
        UnsafeRawPointer(texts + (index & Self.mask) * 216).assumingMemoryBound(to: UInt8.self)
    }
}
