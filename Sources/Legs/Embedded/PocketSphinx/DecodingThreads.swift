import Dispatch
import Synchronization

/// The threads that decode. A call's recogniser stays on the one it was given, so that what it is told is done in order.
final class DecodingThreads: Sendable {
    private let queues: [DispatchQueue]
    private let given = Atomic<Int>(0)

    /// - Parameter count: zero: whoever asks decodes.
    init(count: Int) {
        queues = (0..<count).map { DispatchQueue(label: "parley.recogniser.\($0)") }
    }

    func next() -> DispatchQueue? {
        guard !queues.isEmpty else { return nil }
        return queues[given.wrappingAdd(1, ordering: .relaxed).oldValue % queues.count]
    }
}
