import Cases
import Engine
import Synchronization

/// The provider's side of one call, without a socket: a frame of speech every 20 ms, marks returned at once.
final class Phone: ClockTarget {
    private struct Line: ~Copyable {
        var packets: RingWriter<MediaPacket>
        var messages: RingReader<OutboundMessage>
        var frame: Int
        var heard = 0
    }
    private let line: Mutex<Line>

    /// - Parameter start: which frame of the recording comes first.
    init(_ ends: inout CallEnds?, start: Int) {
        guard let packets = ends?.packets.take(), let messages = ends?.messages.take() else {
            preconditionFailure("a new call's rings are whole")
        }
        line = Mutex(Line(packets: packets, messages: messages, frame: start))
    }

    /// Audio frames received.
    var heard: Int { line.withLock { $0.heard } }

    func tick(now: Int64) {
        line.withLock { line in
            var packet = MediaPacket(kind: .audio, count: 160)
            let bytes = Recording.shared.frame(line.frame)
            for index in 0..<160 { packet.bytes[index] = bytes[index] }
            line.frame += 1
            line.packets.push(packet)
            while let message = line.messages.pop() {
                switch message.kind {
                case .audio: line.heard += 1
                case .mark: line.packets.push(MediaPacket(kind: .mark, value: message.value))
                case .clear, .close: break
                }
            }
        }
    }
}
