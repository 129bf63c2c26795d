/// A capture on its way to a file: the end that is read off the media worker.
public struct CaptureStream: ~Copyable, Sendable {
    public enum State: Sendable { case open, over }

    private var ring: ByteRingReader
    private var isOver = false

    private init(ring: consuming ByteRingReader) { self.ring = ring }

    /// Makes the two ends of a call's capture.
    /// - Parameters:
    ///   - breaks: counts a capture that broke because nobody read it in time.
    ///   - stream: receives the end that is read.
    /// - Returns: the end that is given to `CapturingPorts`.
    public static func make(
        _ header: CaptureHeader,
        breaks: EventCounter,
        capacity: Int = CaptureFormat.ringBytes,
        stream: inout CaptureStream?
    ) -> CaptureEncoder {
        let storage = ByteRingStorage(capacity: capacity)
        stream = CaptureStream(ring: ByteRingReader(storage: storage))
        return CaptureEncoder(ring: ByteRingWriter(storage: storage), header: header, breaks: breaks)
    }

    /// Appends what was captured since the last time; all of it together is a capture file.
    /// - Returns: `over` when nothing will follow.
    public mutating func drain(into bytes: inout [UInt8]) -> State {
        guard !isOver else { return .over }
        // First how it stands, then the bytes: after `finished` these are all.
        let state = ring.state
        ring.drain(into: &bytes)
        guard state != .open else { return .open }
        isOver = true
        if state == .broken { bytes += CaptureFormat.brokenMark }
        return .over
    }
}
