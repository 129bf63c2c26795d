import Codecs

/// What the provider plays to the caller, on the engine's 20 ms grid: the recent past and the lead that is still queued.
///
/// The far end of echo cancelling and the agent's side of a recording. It holds what is *played*, not what was sent: a frame
/// lies at the slot in which the ledger's model plays it, and `flush` removes what a `clear` took away.
/// Slot `n` covers `n * 20 ms ..< (n + 1) * 20 ms` of the call's clock.
public struct FarEndLine: ~Copyable, Sendable {
    /// 2.56 s: a caller's frame may come that late, after a stall of its socket, and still find its far end.
    public static let slots = 128

    private var frames = Block(repeating: FrameBytes(repeating: 0xFF), count: FarEndLine.slots)
    /// One bit per place of `frames`: it holds sound.
    private var sounding: UInt128 = 0
    /// The slot after the last one that was written.
    private var end: Int64 = 0

    public init() {}

    public static func slot(of instant: MediaInstant) -> Int64 { instant.nanoseconds / Frame.nanoseconds }

    /// Puts a frame where it will be played.
    /// - Shape: 20 ms of mu-law.
    /// - Parameter start: when its playing begins; what is already queued goes first.
    public mutating func play(_ frame: Span<UInt8>, from start: MediaInstant) {
        // Queued frames follow each other exactly, so rounding cannot put two into one slot except at a new start.
        let wanted = (start.nanoseconds + Frame.nanoseconds / 2) / Frame.nanoseconds
        let slot = max(wanted, end)
        silence(from: end, to: slot)
        let place = Int(slot & 127)
        frames[place].copy(frame)
        sounding |= 1 << UInt128(place)
        end = slot + 1
    }

    /// Forgets what was not played before `instant`.
    public mutating func flush(from instant: MediaInstant) {
        let first = max(Self.slot(of: instant) + 1, end - Int64(Self.slots), 0)
        guard first < end else { return }
        silence(from: first, to: end)
        end = first
    }

    /// Copies the frame that is played in `slot`.
    /// - Returns: false when the provider plays nothing in it; `frame` is left alone.
    public borrowing func copy(slot: Int64, into frame: inout FrameBytes) -> Bool {
        guard slot < end, slot >= end - Int64(Self.slots), slot >= 0 else { return false }
        let place = Int(slot & 127)
        guard sounding >> UInt128(place) & 1 == 1 else { return false }
        frame = frames[place]
        return true
    }

    private mutating func silence(from first: Int64, to last: Int64) {
        guard last - first < Int64(Self.slots) else {
            sounding = 0
            return
        }
        for slot in first..<max(first, last) { sounding &= ~(1 << UInt128(slot & 127)) }
    }
}
