/// How many of a vendor's sockets are kept ready, and how long.
public struct VoicePoolConfiguration: Sendable, Equatable {
    /// Sockets kept ready for one voice and format; 0 opens each when it is needed.
    public var idlePerVoice: Int
    /// Sockets kept ready altogether.
    public var idle: Int
    /// A socket that waited this long is closed and replaced, before the vendor closes it.
    public var idleLimit: Duration
    /// Sockets are kept ready for a voice until this long after its last piece.
    public var keepWarm: Duration

    public init(
        idlePerVoice: Int = 4,
        idle: Int = 64,
        idleLimit: Duration = .seconds(15),
        keepWarm: Duration = .seconds(120)
    ) {
        self.idlePerVoice = idlePerVoice
        self.idle = idle
        self.idleLimit = idleLimit
        self.keepWarm = keepWarm
    }
}
