/// Where a pipeline's inputs come from and its outputs go: rings in a live call, arrays in virtual time.
public protocol PipelinePorts: ~Copyable {
    mutating func nextCommand() -> CallCommand?
    mutating func nextPacket() -> MediaPacket?
    mutating func nextSpeech() -> SpeechChunk?
    mutating func send(_ message: OutboundMessage)
    mutating func hear(_ frame: CallerFrame)
    mutating func report(_ event: CallEvent)
}
