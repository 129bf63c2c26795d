/// Differences of sequence numbers and timestamps that wrap.
///
/// - Source: RFC 3550 section 5.1: 16-bit sequence numbers, 32-bit timestamps, both from a random start; section A.1 for
///   judging them by their distance.
enum ProviderClock {
    /// Samples from one timestamp to another. Differences of 2^31 and more are those of a 32-bit clock that wrapped:
    /// 74 hours at 8 kHz, longer than any call.
    @inline(__always)
    static func distance(from: Int64, to: Int64) -> Int64 {
        let difference = to &- from
        if difference < 1 << 31, difference >= -(1 << 31) { return difference }
        return Int64(Int32(truncatingIfNeeded: difference))
    }

    /// Packets from one sequence number to another; `nil` when one of them is unknown (0).
    @inline(__always)
    static func sequenceDistance(from: Int64, to: Int64) -> Int64? {
        guard from > 0, to > 0 else { return nil }
        let difference = to &- from
        if difference <= 1 << 15, difference >= -(1 << 15) { return difference }
        // Both fit 16 bits: an RTP number that wrapped.
        if from < 1 << 16, to < 1 << 16 { return Int64(Int16(truncatingIfNeeded: difference)) }
        return Int64(Int32(truncatingIfNeeded: difference))
    }
}
