import Engine

/// What the recorders of an engine count, together.
public struct RecordingMeters: Sendable {
    /// Files that got their name.
    public let finished = EventCounter()
    /// Files that were given up; what was written stays.
    public let abandoned = EventCounter()
    /// Frames of recordings that were lost on the way and became silence.
    public let lostFrames = EventCounter()
    private let faults: [EventCounter] = RecordingFault.labels.map { _ in EventCounter() }

    public init() {}

    /// Failed attempts, by `RecordingFault.labels`.
    public var failures: [(reason: String, count: Int)] {
        zip(RecordingFault.labels, faults).map { ($0, $1.value) }
    }

    func count(_ fault: RecordingFault) {
        for (label, counter) in zip(RecordingFault.labels, faults) where label == fault.label { counter.increment() }
    }
}
