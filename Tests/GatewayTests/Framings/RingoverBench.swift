import Actors
import Codecs
import Engine
import Foundation
import Gateway
import NIOCore
import TestSupport

/// A Ringover framing on a ring, without a socket and with the test's own time.
final class RingoverBench {
    static let millisecond: Int64 = 1_000_000
    private static let resamplers = ResamplerPool()

    private var framing: RingoverFraming
    private var packets: RingWriter<MediaPacket>?
    private var reader: RingReader<MediaPacket>
    private var buffer = ByteBuffer()
    var profile = TenantProfile.test
    var now: Int64 = 1_000 * millisecond

    init(rate: Int = 8000, hasRTP: Bool = false) {
        var configuration = RingoverFraming.Configuration(resamplers: Self.resamplers)
        configuration.sampleRate = rate
        configuration.hasRTPHeaders = hasRTP
        framing = RingoverFraming(configuration)
        var ends = RingEnds(capacity: 128, initial: MediaPacket(kind: .audio))
        packets = ends.takeWriter()
        reader = ends.takeReader()
    }

    var rate: Int { framing.sampleRate }
    var deadline: Int64? { framing.deadline }

    func read(_ text: String) -> FramingAction {
        framing.read(text: Array(text.utf8).span, arrival: now, into: &packets)
    }
    func read(_ bytes: [UInt8]) -> FramingAction { framing.read(binary: bytes.span, arrival: now, into: &packets) }

    /// Reads the metadata and begins the call.
    func open(_ metadata: String = #"{"call_id":"7"}"#) -> FramingAction {
        let action = read(metadata)
        framing.begin(&profile)
        return action
    }

    func takePackets() -> [MediaPacket] {
        var all: [MediaPacket] = []
        while let packet = reader.pop() { all.append(packet) }
        return all
    }

    /// Mu-law bytes of the audio that came.
    func takeAudio() -> [UInt8] {
        takePackets().filter { $0.kind == .audio }.flatMap { packet in (0..<Int(packet.count)).map { packet.bytes[$0] }
        }
    }

    func say(frames: Int, byte: UInt8 = 0x55) {
        for _ in 0..<frames {
            var message = OutboundMessage(kind: .audio)
            message.bytes = FrameBytes(repeating: byte)
            framing.write(message, now: now, to: &buffer)
        }
    }
    func write(_ message: OutboundMessage) { framing.write(message, now: now, to: &buffer) }
    func write(_ kind: OutboundMessage.Kind, _ value: Int64 = 0) {
        framing.write(OutboundMessage(kind: kind, value: value), now: now, to: &buffer)
    }
    func flush(isEnd: Bool = false) { framing.flush(now: now, isEnd: isEnd, to: &buffer) }
    func wake() { framing.wake(now: now, to: &buffer, into: &packets) }
    func order(_ order: SocketOrder) -> Bool { framing.write(order, to: &buffer) }

    /// The messages written since, as a peer reads them.
    func takeMessages() throws -> [JSONValue] {
        var texts: [JSONValue] = []
        while buffer.readableBytes > 0 {
            guard buffer.readInteger(as: UInt8.self) == 0x81, let short = buffer.readInteger(as: UInt8.self) else {
                throw CocoaError(.coderReadCorrupt)
            }
            let long: Int? =
                switch short {
                case ..<126: Int(short)
                case 126: buffer.readInteger(as: UInt16.self).map { Int($0) }
                default: buffer.readInteger(as: UInt64.self).map { Int($0) }
                }
            guard let long, let bytes = buffer.readBytes(length: long) else { throw CocoaError(.coderReadCorrupt) }
            texts.append(try JSONValue(parsing: bytes))
        }
        buffer.clear()
        return texts
    }

    /// The PCM of a `streamAudio` message.
    static func pcm(_ message: JSONValue) -> [Int16] {
        let bytes = Data(base64Encoded: message["data"]?["audioData"]?.word ?? "") ?? Data()
        return stride(from: 0, to: bytes.count & ~1, by: 2).map {
            Int16(bitPattern: UInt16(bytes[$0]) | UInt16(bytes[$0 + 1]) << 8)
        }
    }

    static func bytes(_ samples: [Int16]) -> [UInt8] {
        samples.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
    }
}
