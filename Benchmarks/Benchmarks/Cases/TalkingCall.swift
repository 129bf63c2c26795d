import CFloor
import Engine

/// A call in virtual time whose caller and agent talk at once, without end: the busiest tick there is, short of an
/// interruption. The provider returns each mark on the next tick.
public final class TalkingCall {
    public let packets: UnsafeMutablePointer<MediaPacket>
    public let chunks: UnsafeMutablePointer<SpeechChunk>
    public private(set) var seen = (messages: 0, frames: 0, events: 0)

    private var media: CallMedia
    private var packetWriter: RingWriter<MediaPacket>
    private var messageReader: RingReader<OutboundMessage>
    private var chunkWriter: RingWriter<SpeechChunk>
    private var frameReader: RingReader<CallerFrame>
    private var eventReader: RingReader<CallEvent>
    private var now = MediaInstant.zero
    private var count = 0
    private let lastFrame: UnsafeMutablePointer<CallerFrame>
    private let lastMessage: UnsafeMutablePointer<OutboundMessage>

    public init() {
        let input = Recording.shared
        packets = .allocate(capacity: Recording.frameCount)
        chunks = .allocate(capacity: Recording.frameCount)
        for index in 0..<Recording.frameCount {
            var packet = MediaPacket(kind: .audio, count: 160)
            var chunk = SpeechChunk(reply: 1, piece: 0, offset: Int32(index * 160), count: 160)
            for sample in 0..<160 {
                packet.bytes[sample] = input.frame(index)[sample]
                // The agent says the same words half a loop later.
                chunk.samples[sample] = input.linear(index + Recording.frameCount / 2)[sample]
            }
            (packets + index).initialize(to: packet)
            (chunks + index).initialize(to: chunk)
        }
        lastFrame = .allocate(capacity: 1)
        lastMessage = .allocate(capacity: 1)
        lastFrame.initialize(to: CallerFrame(kind: .audio, at: .zero))
        lastMessage.initialize(to: OutboundMessage(kind: .audio))

        var configuration = PipelineConfiguration()
        // The caller talks all the time and must not stop the agent; the call never ends.
        configuration.protectedStart = .seconds(1_000_000_000)
        configuration.maximumCall = .seconds(1_000_000_000)
        var ends: CallEnds?
        media = CallMedia.make(configuration: configuration, meters: .init(), overflows: .init(), ends: &ends)
        guard let packetWriter = ends?.packets.take(), let messageReader = ends?.messages.take(),
            let chunkWriter = ends?.speech.take(), let frameReader = ends?.frames.take(),
            let eventReader = ends?.events.take(), var commands = ends?.commands.take()
        else { preconditionFailure("a new call's rings are whole") }
        self.packetWriter = packetWriter
        self.messageReader = messageReader
        self.chunkWriter = chunkWriter
        self.frameReader = frameReader
        self.eventReader = eventReader
        commands.push(.beginReply(1))
    }

    deinit {
        packets.deallocate()
        chunks.deallocate()
        lastFrame.deallocate()
        lastMessage.deallocate()
    }

    public func run(_ ticks: Int) {
        for _ in 0..<ticks {
            packetWriter.push(packets[count & Recording.mask])
            chunkWriter.push(chunks[count & Recording.mask])
            count &+= 1
            now = now.advanced(by: Frame.duration)
            _ = media.tick(now: now)
            while let message = messageReader.pop() {
                lastMessage.pointee = message
                floor_keep(lastMessage)
                if message.kind == .mark { packetWriter.push(MediaPacket(kind: .mark, value: message.value)) }
                seen.messages += 1
            }
            while let frame = frameReader.pop() {
                lastFrame.pointee = frame
                floor_keep(lastFrame)
                seen.frames += 1
            }
            while eventReader.pop() != nil { seen.events += 1 }
        }
    }
}
