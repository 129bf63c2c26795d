/// Where a pipeline's inputs come from and its outputs go: rings in a live call, arrays in virtual time.
public protocol PipelinePorts: ~Copyable {
    mutating func nextCommand() -> CallCommand?
    mutating func nextPacket() -> MediaPacket?
    mutating func nextSpeech() -> SpeechChunk?
    /// The socket keeps up: another frame of audio can be sent, and room for `clear` and `close` remains.
    var hasRoom: Bool { mutating get }
    mutating func send(_ message: OutboundMessage)
    mutating func hear(_ frame: CallerFrame)
    mutating func report(_ event: CallEvent)
    /// One frame of both sides for the recording.
    mutating func record(_ frame: TapFrame)
}
