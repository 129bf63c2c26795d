/// Who may reach the engine and how often: the bounds at its edge.
public struct EdgeSettings: Sendable, Equatable {
    /// Proxies whose `X-Forwarded-*` headers count: addresses or networks (`10.0.0.0/8`).
    public var trustedProxies: [String] = []
    /// Addresses or networks that may call webhooks and sockets; empty lets every address in.
    public var allowedAddresses: [String] = []
    /// Requests one address may make per second, and how many at once; 0 sets no limit.
    public var requestsPerSecond = 50
    public var requestBurst = 200
    /// Files of a certificate chain and its key, PEM: then the main port speaks TLS. Read again when they change.
    public var tlsCertificate: String?
    public var tlsKey: String?
    /// Connections one engine holds, media sockets included.
    public var maximumConnections = 10_000
    public var headerBytes = 16_384
    /// A request's body must be there in this time.
    public var bodyTimeoutSeconds = 10

    public init() {}

    init(_ reader: inout SettingsReader) {
        trustedProxies = reader.list("parley.trustedProxies") ?? []
        allowedAddresses = reader.list("parley.allowedAddresses") ?? []
        requestsPerSecond = reader.number("parley.requestsPerSecond", 0...100_000, "requests") ?? requestsPerSecond
        requestBurst = reader.number("parley.requestBurst", 1...1_000_000, "requests") ?? requestBurst
        tlsCertificate = reader.text("parley.tlsCertificate")
        tlsKey = reader.text("parley.tlsKey")
        maximumConnections =
            reader.number("parley.maximumConnections", 1...1_000_000, "connections") ?? maximumConnections
        headerBytes = reader.number("parley.headerBytes", 1024...1_048_576, "bytes") ?? headerBytes
        bodyTimeoutSeconds = reader.number("parley.bodyTimeoutSeconds", 1...300, "seconds") ?? bodyTimeoutSeconds
    }
}
