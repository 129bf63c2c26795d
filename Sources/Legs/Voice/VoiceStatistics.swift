/// What a vendor's voice has under way.
public struct VoiceStatistics: Sendable, Equatable {
    /// Pieces whose work is not over; a cancelled one until its socket is closed or clean.
    public var pieces: Int
    public var sockets: VoicePoolStatistics

    public init(pieces: Int, sockets: VoicePoolStatistics = VoicePoolStatistics()) {
        self.pieces = pieces
        self.sockets = sockets
    }
}
