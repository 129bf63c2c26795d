import CFloor
import Codecs
import Engine
import Foundation

/// A caller who speaks while the agent does, and whose phone returns the agent's voice 12 dB down and 60 ms late: 5.12 s of
/// the corpus as an endless loop, the same for both sides.
public struct Conversation: @unchecked Sendable {  // written by its initialiser only
    public static let frameCount = 256
    public static let mask = frameCount - 1
    /// 5.9 s into the recordings: before it the caller is silent.
    private static let firstFrame = 295

    /// What the phone hears, as packets and as PCM.
    public let packets: UnsafeMutablePointer<MediaPacket>
    public let near: UnsafeMutablePointer<Int16>
    /// What the agent says, as chunks and as PCM after mu-law.
    public let chunks: UnsafeMutablePointer<SpeechChunk>
    public let far: UnsafeMutablePointer<Int16>

    public static let shared = Conversation()

    private init() {
        floor_prepare()
        let caller = Self.recording("mic_double_d60_erl12")
        let agent = Self.recording("far")
        packets = .allocate(capacity: Self.frameCount)
        chunks = .allocate(capacity: Self.frameCount)
        near = .allocate(capacity: caller.count)
        far = .allocate(capacity: agent.count)
        for index in caller.indices { (near + index).initialize(to: MuLaw.linear(caller[index])) }
        for index in agent.indices { (far + index).initialize(to: MuLaw.linear(agent[index])) }
        for frame in 0..<Self.frameCount {
            var packet = MediaPacket(kind: .audio, count: 160)
            var chunk = SpeechChunk(reply: 1, piece: 0, offset: Int32(frame * 160), count: 160)
            for sample in 0..<160 {
                packet.bytes[sample] = caller[frame * 160 + sample]
                chunk.samples[sample] = far[frame * 160 + sample]
            }
            (packets + frame).initialize(to: packet)
            (chunks + frame).initialize(to: chunk)
        }
    }

    private static func recording(_ name: String) -> ArraySlice<UInt8> {
        let file = Recording.fixtures.appendingPathComponent("corpus/echo/\(name).ulaw")
        let bytes = must { try Data(contentsOf: file) }
        precondition(bytes.count >= (firstFrame + frameCount) * 160, "\(name) is long enough")
        return ArraySlice(Array(bytes.dropFirst(firstFrame * 160).prefix(frameCount * 160)))
    }

    /// The packets and chunks as the floor knows them.
    var floorPackets: UnsafePointer<floor_packet> {
        UnsafeRawPointer(packets).assumingMemoryBound(to: floor_packet.self)
    }
    public var floorChunks: UnsafePointer<floor_chunk> {
        UnsafeRawPointer(chunks).assumingMemoryBound(to: floor_chunk.self)
    }

    /// Where each of so many calls begins in the loop: spread evenly, so that every pass costs the same.
    public static func starts(_ calls: Int) -> [Int] { (0..<calls).map { $0 * frameCount / calls & mask } }
}
