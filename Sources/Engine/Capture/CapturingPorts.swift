/// Ports that pass everything on and write down what a pipeline takes: the whole of its input, because it has no other.
///
/// Without an encoder they only pass on.
public struct CapturingPorts<Inner: PipelinePorts & ~Copyable>: PipelinePorts, ~Copyable {
    public var inner: Inner
    private var encoder: CaptureEncoder?
    /// Without an encoder what is taken goes from the inner ports to the pipeline and is copied nowhere else.
    private let isCapturing: Bool

    public init(_ inner: consuming Inner, encoder: consuming CaptureEncoder? = nil) {
        self.inner = inner
        isCapturing = encoder != nil
        self.encoder = encoder
    }

    /// Call before the pipeline's tick.
    public mutating func begin(_ now: MediaInstant) { encoder?.begin(now) }

    /// Call after the pipeline's tick.
    /// - Parameter hasEnded: the pipeline will not be ticked again; the capture is complete.
    public mutating func end(hasEnded: Bool) { encoder?.end(isLast: hasEnded) }

    public mutating func nextCommand() -> CallCommand? {
        guard isCapturing else { return inner.nextCommand() }
        let command = inner.nextCommand()
        encoder?.took(command)
        return command
    }

    public mutating func nextPacket() -> MediaPacket? {
        guard isCapturing else { return inner.nextPacket() }
        let packet = inner.nextPacket()
        encoder?.took(packet)
        return packet
    }

    public mutating func nextSpeech() -> SpeechChunk? {
        guard isCapturing else { return inner.nextSpeech() }
        let chunk = inner.nextSpeech()
        encoder?.took(chunk)
        return chunk
    }

    public var hasRoom: Bool {
        mutating get {
            let answer = inner.hasRoom
            if isCapturing { encoder?.answered(hasRoom: answer) }
            return answer
        }
    }

    public mutating func send(_ message: OutboundMessage) {
        if isCapturing { encoder?.left(message) }
        inner.send(message)
    }

    public mutating func hear(_ frame: CallerFrame) {
        if isCapturing { encoder?.left(frame) }
        inner.hear(frame)
    }

    public mutating func report(_ event: CallEvent) {
        if isCapturing { encoder?.left(event) }
        inner.report(event)
    }

    public mutating func record(_ frame: TapFrame) {
        if isCapturing { encoder?.left(frame) }
        inner.record(frame)
    }
}

extension CapturingPorts: Sendable where Inner: Sendable & ~Copyable {}
