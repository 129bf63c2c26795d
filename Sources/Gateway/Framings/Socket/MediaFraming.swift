import Actors
import Engine
import NIOCore
import NIOWebSocket

/// How one provider puts a call on a WebSocket: its messages in become packets in the call's ring, the call's messages
/// become its messages out.
///
/// A value without a clock, a socket or a task: `MediaSocketHandler` has those. Times are nanoseconds of the monotonic clock.
protocol MediaFraming: ~Copyable, SendableMetatype {
    /// A metric label.
    static var provider: String { get }
    /// The provider reports no keys: they are heard as tones in the caller's audio.
    static var needsTones: Bool { get }
    /// The provider speaks for us before the stream begins: what must be said of recording has been said.
    static var hasVerbs: Bool { get }
    /// The provider acknowledges nothing: marks come back when they should have played.
    static var marksAreModelled: Bool { get }
    /// The peer's close frame ends the call in order; otherwise only a message of its own does.
    static var endsWithClose: Bool { get }
    /// Nothing follows a closed socket at this provider: a caller is handed on over the socket, before it is closed.
    static var handsOverItself: Bool { get }

    mutating func read(text: Span<UInt8>, arrival: Int64, into packets: inout RingWriter<MediaPacket>?) -> FramingAction
    mutating func read(binary: Span<UInt8>, arrival: Int64, into packets: inout RingWriter<MediaPacket>?)
        -> FramingAction

    /// The call was let in: what follows is its own. May set what this provider needs of a call.
    mutating func begin(_ profile: inout TenantProfile)

    /// Writes one message as whole WebSocket frames, or keeps it for a larger one. Never gets `close`.
    mutating func write(_ message: OutboundMessage, now: Int64, to buffer: inout ByteBuffer)
    /// The call has no more messages for now. At the `end` nothing is kept back any longer.
    mutating func flush(now: Int64, isEnd: Bool, to buffer: inout ByteBuffer)
    /// When `wake` wants to be called, whatever else happens; nil when it need not be.
    var deadline: Int64? { get }
    mutating func wake(now: Int64, to buffer: inout ByteBuffer, into packets: inout RingWriter<MediaPacket>?)

    /// Writes what somebody outside the call wants of the provider.
    /// - Returns: false when it has no message for it; nothing is written.
    mutating func write(_ order: SocketOrder, to buffer: inout ByteBuffer) -> Bool
}

extension MediaFraming where Self: ~Copyable {
    mutating func flush(now: Int64, isEnd: Bool, to buffer: inout ByteBuffer) {}
    var deadline: Int64? { nil }
    mutating func wake(now: Int64, to buffer: inout ByteBuffer, into packets: inout RingWriter<MediaPacket>?) {}
    mutating func write(_ order: SocketOrder, to buffer: inout ByteBuffer) -> Bool { false }
}

/// What a message means for the socket.
package enum FramingAction: Equatable {
    case none
    /// Not used, and counted by this name: one of a small fixed set.
    case odd(String)
    /// Used, and counted: the caller's audio goes on at another sample rate.
    case rateChanged
    /// A call begins.
    case begin(StreamOpening)
    /// The provider ended it.
    case end(EndReason)
    /// Nothing can come of this stream.
    case refuse(WebSocketErrorCode, counting: String, odd: String?)
}

/// What a provider says of a call when its stream begins.
package struct StreamOpening: Equatable, Sendable {
    /// The provider's own id of the call.
    package var callID: String
    /// The tenant by name, where our own words travel with the stream.
    package var tenant: String?
    /// Our own number in the call, E.164: the called one of an inbound call. Personal data.
    package var ownNumber: String?

    package init(callID: String, tenant: String? = nil, ownNumber: String? = nil) {
        self.callID = callID
        self.tenant = tenant
        self.ownNumber = ownNumber
    }
}

/// What somebody outside the call tells its provider over the socket.
package enum SocketOrder: Sendable, Equatable {
    /// E.164. The call's conversation ends.
    case transfer(String)
    /// E.164. The conversation keeps the caller company until the provider closes the socket.
    case move(String)
    case digits(String)
}
