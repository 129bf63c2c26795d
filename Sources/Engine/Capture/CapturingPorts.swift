/// Ports that pass everything on and write down what a pipeline takes: the whole of its input, because it has no other.
///
/// Without an encoder they only pass on.
public struct CapturingPorts<Inner: PipelinePorts & ~Copyable>: PipelinePorts, ~Copyable {
    public var inner: Inner
    private var encoder: CaptureEncoder?
    /// Without an encoder nothing is made only to be written down.
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

    public var isPressed: Bool {
        mutating get {
            let answer = inner.isPressed
            if isCapturing { encoder?.answered(isPressed: answer) }
            return answer
        }
    }

    public mutating func nextCommand() -> CallCommand? {
        guard isCapturing else { return inner.nextCommand() }
        let command = inner.nextCommand()
        encoder?.took(command)
        return command
    }

    public mutating func take(packet: inout MediaPacket) -> Bool {
        let isTaken = inner.take(packet: &packet)
        if isCapturing { encoder?.took(isTaken ? packet : nil) }
        return isTaken
    }

    public mutating func take(speech chunk: inout SpeechChunk) -> Bool {
        let isTaken = inner.take(speech: &chunk)
        if isCapturing { encoder?.took(isTaken ? chunk : nil) }
        return isTaken
    }

    public var hasRoom: Bool {
        mutating get {
            let answer = inner.hasRoom
            if isCapturing { encoder?.answered(hasRoom: answer) }
            return answer
        }
    }

    public mutating func send(audio: Span<UInt8>) {
        if isCapturing { encoder?.left(OutboundMessage(audio: audio)) }
        inner.send(audio: audio)
    }

    public mutating func send(_ message: OutboundMessage) {
        if isCapturing { encoder?.left(message) }
        inner.send(message)
    }

    public mutating func hear(audio: Span<Int16>, turn: Int32, at: MediaInstant) {
        if isCapturing { encoder?.left(CallerFrame(audio: audio, turn: turn, at: at)) }
        inner.hear(audio: audio, turn: turn, at: at)
    }

    public mutating func hear(_ border: CallerFrame) {
        if isCapturing { encoder?.left(border) }
        inner.hear(border)
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
