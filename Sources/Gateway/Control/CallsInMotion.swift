import Synchronization

/// The calls somebody is acting on just now: a second transfer of one call, while the first is being asked for, is the
/// same one.
package final class CallsInMotion: Sendable {
    private let calls = Mutex<Set<String>>([])

    package init() {}

    /// - Returns: false when somebody is at it already.
    package func begin(_ call: String) -> Bool { calls.withLock { $0.insert(call).inserted } }
    package func end(_ call: String) { _ = calls.withLock { $0.remove(call) } }
}
