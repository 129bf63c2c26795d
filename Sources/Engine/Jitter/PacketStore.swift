/// Packets that wait for their turn, in the order of their time. Room for 64: 1.28 s of 20 ms packets.
struct PacketStore: ~Copyable, Sendable {
    static let capacity = 64

    struct Entry: BitwiseCopyable, Sendable {
        /// The first sample on the unwrapped clock.
        var timestamp: Int64 = 0
        var count = 0
        var bytes = FrameBytes(repeating: 0xFF)
        var end: Int64 { timestamp &+ Int64(count) }
    }

    private var slots = [64 of Entry](repeating: Entry())
    /// Slots in the order of time, first to play first; from `count` on the free ones.
    private var order: [64 of UInt8]
    private(set) var count = 0

    init() {
        order = [64 of UInt8](repeating: 0)
        for index in 0..<Self.capacity { order[index] = UInt8(index) }
    }

    var isFull: Bool { count == Self.capacity }
    var firstTimestamp: Int64 { slots[Int(order[0])].timestamp }
    var firstEnd: Int64 { slots[Int(order[0])].end }
    var lastEnd: Int64? { count > 0 ? slots[Int(order[count - 1])].end : nil }

    /// Adds a packet unless one of that time is there.
    mutating func insert(_ packet: borrowing MediaPacket, at timestamp: Int64) -> Bool {
        var place = count
        while place > 0 {
            let other = slots[Int(order[place - 1])].timestamp
            if other == timestamp { return false }
            if other < timestamp { break }
            place -= 1
        }
        precondition(!isFull, "a full store is emptied before the next packet")
        let slot = order[count]
        for index in stride(from: count, to: place, by: -1) { order[index] = order[index - 1] }
        order[place] = slot
        slots[Int(slot)].timestamp = timestamp
        slots[Int(slot)].count = min(Int(packet.count), Frame.samples)
        slots[Int(slot)].bytes = packet.bytes
        count += 1
        return true
    }

    /// Takes the first packet out. There is one.
    mutating func removeFirst() -> Entry {
        let slot = order[0]
        for index in 1..<count { order[index - 1] = order[index] }
        count -= 1
        order[count] = slot
        return slots[Int(slot)]
    }

    mutating func removeAll() { count = 0 }
}
