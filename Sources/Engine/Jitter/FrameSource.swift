/// Turns a provider's packets into 20 ms frames: `StreamRepair` for sockets over TCP, `JitterBuffer` for RTP.
public protocol FrameSource: ~Copyable {
    /// Whether time itself makes frames: such a source is asked once per tick, others until they have no more.
    static var isClocked: Bool { get }
    var statistics: JitterStatistics { get }
    /// What the source adds to the way of the caller's voice.
    var delay: Duration { get }
    mutating func insert(_ packet: borrowing MediaPacket, now: MediaInstant)
    /// Inserts a packet and gives the frame it completes, if it does; more may follow from `next`.
    /// - Parameter packet: `inout` only so that it is read where it lies; a borrowed one is copied first.
    mutating func take(_ packet: inout MediaPacket, now: MediaInstant, into frame: inout FrameSamples) -> FrameOrigin?
    /// - Returns: nil when there is no frame now; `frame` is then left as it is.
    mutating func next(now: MediaInstant, into frame: inout FrameSamples) -> FrameOrigin?
}

extension StreamRepair: FrameSource {
    public static var isClocked: Bool { false }
    public var delay: Duration { .zero }
}

extension JitterBuffer: FrameSource {
    public static var isClocked: Bool { true }

    /// A clocked source gives its frames by the clock and none by a packet.
    public mutating func take(
        _ packet: inout MediaPacket,
        now: MediaInstant,
        into frame: inout FrameSamples
    ) -> FrameOrigin? {
        insert(packet, now: now)
        return nil
    }
}
