import Synchronization

/// Whether a call may be recorded yet. Opened once, from any thread; never closed again.
public final class RecordingGate: Sendable {
    private let state: Atomic<Bool>

    public init(isOpen: Bool) { state = Atomic(isOpen) }

    public var isOpen: Bool { state.load(ordering: .acquiring) }

    /// The caller knows and agrees.
    public func open() { state.store(true, ordering: .releasing) }
}
