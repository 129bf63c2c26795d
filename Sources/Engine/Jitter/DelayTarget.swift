/// How late packets may be and still be used: from the transits of the last 2.5 s, as NetEq's delay manager does with its
/// histogram over a history of 2 s.
///
/// A transit is the time of arrival minus the packet's timestamp, in samples: it contains the unknown offset of the two
/// clocks, which cancels where transits are compared. Since the window moves, drift of the clocks is followed.
struct DelayTarget: BitwiseCopyable, Sendable {
    /// Packets per block; five blocks are the window. The largest of 100 to 125 transits is their 0.99 quantile.
    private static let blockPackets = 25
    private static let blocks = 5
    /// 15 ms: what the newest 25 to 50 packets may be exceeded by. After a delay that has gone the target is back within
    /// a second; for half-normal jitter the share of late packets this costs is below 1 %.
    private static let recentMargin: Int64 = 120
    /// 5 ms: what the next packet may be later than any of the window's.
    private static let margin: Int64 = 40
    /// Reordering of up to 65 ms is waited for; what is later belongs to a delay that has gone.
    private static let longestReorder: Int64 = 520
    /// Packets, 10 s: overtaken packets are too rare for the window to remember.
    private static let reorderMemory = 500

    private var longest = [5 of Int64](repeating: 0)
    private var shortest = [5 of Int64](repeating: 0)
    private var newest = 0
    private var inBlock = 0
    /// How much later than the fastest packets overtaken ones come, and for how many packets that is believed.
    private var reorder: Int64 = 0
    private var reorderLeft = 0

    /// Forgets everything but one transit.
    mutating func reset(to transit: Int64) {
        for index in 0..<Self.blocks { (longest[index], shortest[index]) = (transit, transit) }
        (inBlock, reorder, reorderLeft) = (1, 0, 0)
    }

    /// - Parameter wasOvertaken: a packet of a later time has come before it.
    mutating func observe(_ transit: Int64, wasOvertaken: Bool) {
        if inBlock == Self.blockPackets {
            newest = (newest + 1) % Self.blocks
            (longest[newest], shortest[newest]) = (transit, transit)
            inBlock = 0
        }
        longest[newest] = max(longest[newest], transit)
        shortest[newest] = min(shortest[newest], transit)
        inBlock += 1
        if reorderLeft > 0 { reorderLeft -= 1 } else { reorder = 0 }
        let lateness = transit &- fastest
        if wasOvertaken, lateness <= Self.longestReorder, lateness > reorder - Self.recentMargin {
            reorder = max(reorder, lateness)
            reorderLeft = Self.reorderMemory
        }
    }

    /// The transit that playing should allow for.
    var transit: Int64 {
        var most = longest[0]
        for index in 1..<Self.blocks { most = max(most, longest[index]) }
        let before = (newest + Self.blocks - 1) % Self.blocks
        let usual = min(most, max(longest[newest], longest[before]) &+ Self.recentMargin)
        return max(usual, fastest &+ reorder) &+ Self.margin
    }

    /// The fastest packet's transit.
    var fastest: Int64 {
        var least = shortest[0]
        for index in 1..<Self.blocks { least = min(least, shortest[index]) }
        return least
    }
}
