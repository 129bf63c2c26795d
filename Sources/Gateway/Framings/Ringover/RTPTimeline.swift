/// Where the packets of an RTP stream lie: numbers and times that do not wrap, counted from the first packet.
///
/// The times go on over a change of the sample rate (RFC 7160: timestamps of two clock rates cannot be compared) and over a
/// new source, whose numbers and timestamps begin anywhere (RFC 3550 section 5.1).
struct RTPTimeline: BitwiseCopyable, Sendable {
    struct Place: Equatable {
        /// From 1; 0 for a packet from before the first.
        var number: Int64
        /// Samples at 8 kHz since the stream began.
        var samples: Int64
    }

    /// 1 s at 8 kHz: a packet so long before the stream's beginning is no late one; its clock was set anew.
    private static let longestLateness: Int64 = 8000

    private var source: UInt32?
    private var sequence: UInt16 = 0
    private var timestamp: UInt32 = 0
    private var number: Int64 = 0
    /// Hertz of `ticks`: a multiple of 8000.
    private var rate: Int64 = 8000
    /// Where the rate was told, in samples at 8 kHz, and what has passed since, in samples of that rate.
    private var start: Int64 = 0
    private var ticks: Int64 = 0

    /// - Parameters:
    ///   - rate: of the packet's samples, in hertz.
    ///   - end: of the sound so far, in samples at 8 kHz: there a new rate or source goes on.
    mutating func place(_ header: RTPHeader, rate: Int, end: Int64) -> Place {
        if source == header.source {
            number &+= Int64(Int16(bitPattern: header.sequence &- sequence))
        } else {
            number = max(0, number) &+ 1
        }
        if source == header.source, self.rate == rate {
            ticks &+= Int64(Int32(bitPattern: header.timestamp &- timestamp))
        } else {
            (start, ticks) = (end, 0)
        }
        (source, self.rate) = (header.source, Int64(rate))
        (sequence, timestamp) = (header.sequence, header.timestamp)
        if samples < -Self.longestLateness { (start, ticks) = (end, 0) }
        return Place(number: max(0, number), samples: max(0, samples))
    }

    private var samples: Int64 { start &+ ticks / (rate / 8000) }
}
