/// Says which 20 ms of the provider's playing a caller's frame belongs to.
///
/// The caller's frames are counted, not timed: their arrival jitters and bursts, their sample clock does not, and an echo
/// canceller fails when far and near slip against each other by a frame. The count starts at the arrival of the first frame
/// and is set again only when it cannot be right: a frame of the future, or one older than the far end's memory.
public struct FarEndAlignment: ~Copyable, Sendable {
    /// A stall of the socket may hold frames back so long and they are still placed by their count.
    public static let oldestSlots: Int64 = Int64(FarEndLine.slots) - 16

    private var next: Int64?

    public init() {}

    /// The slot of the next frame.
    /// - Returns: whether frames before it are no longer adjacent to it in the far end (never for the first).
    public mutating func advance(now: MediaInstant) -> (slot: Int64, isNew: Bool) {
        // A frame that arrives now was spoken in the slot before: it took 20 ms to speak.
        let newest = FarEndLine.slot(of: now) - 1
        guard let expected = next else {
            next = newest + 1
            return (newest, false)
        }
        if expected > newest + 1 || expected < newest - Self.oldestSlots {
            next = newest + 1
            return (newest, true)
        }
        next = expected + 1
        return (expected, false)
    }

    /// The provider's clock jumped forward over frames that were never sent.
    public mutating func skip(frames: Int64) {
        if let next { self.next = next &+ frames }
    }
}
