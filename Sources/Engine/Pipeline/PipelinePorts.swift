/// Where a pipeline's inputs come from and its outputs go: rings in a live call, arrays in virtual time.
///
/// What carries a frame of audio is copied once on its way in, into what the pipeline holds ready for it, and once on its way
/// out, from where it lies. Given and returned as values, each step of the way copies them again.
public protocol PipelinePorts: ~Copyable {
    /// The tick is late, or what its messages wait for is. Asked once per tick.
    var isPressed: Bool { mutating get }
    mutating func nextCommand() -> CallCommand?
    /// Puts the oldest packet into `packet`.
    /// - Returns: false when there is none; `packet` is then left as it is.
    mutating func take(packet: inout MediaPacket) -> Bool
    /// Puts the oldest piece of speech into `chunk`.
    /// - Returns: false when there is none; `chunk` is then left as it is.
    mutating func take(speech chunk: inout SpeechChunk) -> Bool
    /// The socket keeps up: another frame of audio can be sent, and room for `clear` and `close` remains.
    var hasRoom: Bool { mutating get }
    /// Sends 20 ms of G.711.
    mutating func send(audio: Span<UInt8>)
    /// Sends what is no audio.
    mutating func send(_ message: OutboundMessage)
    /// Gives the recogniser 20 ms of the caller.
    mutating func hear(audio: Span<Int16>, turn: Int32, at: MediaInstant)
    /// Tells the recogniser a border of a turn.
    mutating func hear(_ border: CallerFrame)
    mutating func report(_ event: CallEvent)
    /// One frame of both sides for the recording.
    mutating func record(_ frame: TapFrame)
}
