/// Ports that pass everything on and write down what a pipeline takes: the whole of its input, because it has no other.
///
/// Without an encoder they only pass on.
public struct CapturingPorts<Inner: PipelinePorts & ~Copyable>: PipelinePorts, ~Copyable {
    public var inner: Inner
    private var encoder: CaptureEncoder?

    public init(_ inner: consuming Inner, encoder: consuming CaptureEncoder? = nil) {
        self.inner = inner
        self.encoder = encoder
    }

    /// Call before the pipeline's tick.
    public mutating func begin(_ now: MediaInstant) { encoder?.begin(now) }

    /// Call after the pipeline's tick.
    /// - Parameter hasEnded: the pipeline will not be ticked again; the capture is complete.
    public mutating func end(hasEnded: Bool) { encoder?.end(isLast: hasEnded) }

    public mutating func nextCommand() -> CallCommand? {
        let command = inner.nextCommand()
        encoder?.took(command)
        return command
    }

    public mutating func nextPacket() -> MediaPacket? {
        let packet = inner.nextPacket()
        encoder?.took(packet)
        return packet
    }

    public mutating func nextSpeech() -> SpeechChunk? {
        let chunk = inner.nextSpeech()
        encoder?.took(chunk)
        return chunk
    }

    public var hasRoom: Bool {
        mutating get {
            let answer = inner.hasRoom
            encoder?.answered(hasRoom: answer)
            return answer
        }
    }

    public mutating func send(_ message: OutboundMessage) {
        encoder?.left(message)
        inner.send(message)
    }

    public mutating func hear(_ frame: CallerFrame) {
        encoder?.left(frame)
        inner.hear(frame)
    }

    public mutating func report(_ event: CallEvent) {
        encoder?.left(event)
        inner.report(event)
    }

    public mutating func record(_ frame: TapFrame) {
        encoder?.left(frame)
        inner.record(frame)
    }
}

extension CapturingPorts: Sendable where Inner: Sendable & ~Copyable {}
