/// How much of a server's is taken, and how long it is waited for. A tool's own call has its declaration's timeout.
public struct MCPLimits: Sendable {
    /// For `initialize`, each page of `tools/list`, and `ping`.
    public var handshake = Duration.seconds(5)
    /// For what nobody waits for: a cancellation, an answer to a `ping`, the session's end.
    public var farewell = Duration.seconds(2)
    /// Pages of `tools/list`.
    public var pages = 20
    /// Tools listed on all pages together.
    public var tools = 512
    /// How long a list of tools is good.
    public var fresh = Duration.seconds(300)
    /// How long a server that did not list its tools is left alone: no call waits for it meanwhile.
    public var pause = Duration.seconds(15)
    /// Messages of the server before its answer, on one stream.
    public var messages = 256

    public init() {}
}
