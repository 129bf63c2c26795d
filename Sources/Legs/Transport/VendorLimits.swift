/// How long a vendor may take and how much it may send. Each leg states its own where these defaults do not fit.
public struct VendorLimits: Sendable, Equatable {
    /// From the wish for a socket to its TCP connection. For HTTP the shared client's own limit holds
    /// (`VendorHTTP.client`).
    public var connect: Duration
    /// From the request to the answer's status line and headers, the connection included.
    public var response: Duration
    /// Longest stretch of an answer's body without a byte.
    public var idle: Duration
    /// From the answer's headers to its last byte.
    public var whole: Duration
    /// For the body of an answer that is an error: it only adds a word to the status.
    public var refusal: Duration
    /// Largest body of an answer.
    public var bodyBytes: Int
    /// Largest WebSocket message taken, whole or in fragments.
    public var messageBytes: Int
    /// Most WebSocket messages that wait for the reader (then the socket is not read), and that wait to be sent (then
    /// sending is refused).
    public var queuedMessages: Int
    /// The same in bytes.
    public var queuedBytes: Int
    /// Quiet on a WebSocket before it is asked whether anybody is there (RFC 6455 section 5.5.2).
    public var ping: Duration
    /// From that question to the latest sign of life.
    public var pong: Duration
    /// How long the other side's closing handshake is waited for (RFC 6455 section 7.1.1).
    public var close: Duration

    public init(
        connect: Duration = .seconds(3),
        response: Duration = .seconds(10),
        idle: Duration = .seconds(10),
        whole: Duration = .seconds(120),
        refusal: Duration = .seconds(1),
        bodyBytes: Int = 16 << 20,
        messageBytes: Int = 1 << 20,
        queuedMessages: Int = 1024,
        queuedBytes: Int = 4 << 20,
        ping: Duration = .seconds(10),
        pong: Duration = .seconds(5),
        close: Duration = .seconds(1)
    ) {
        self.connect = connect
        self.response = response
        self.idle = idle
        self.whole = whole
        self.refusal = refusal
        self.bodyBytes = bodyBytes
        self.messageBytes = messageBytes
        self.queuedMessages = queuedMessages
        self.queuedBytes = queuedBytes
        self.ping = ping
        self.pong = pong
        self.close = close
    }
}
