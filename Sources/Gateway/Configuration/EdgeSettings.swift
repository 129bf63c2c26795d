/// Who may reach the engine and how often: the bounds at its edge.
public struct EdgeSettings: Sendable, Equatable {
    /// Proxies whose `X-Forwarded-*` headers count: addresses or networks (`10.0.0.0/8`).
    public var trustedProxies: [String] = []
    /// Addresses or networks that may call webhooks and sockets; empty lets every address in.
    public var allowedAddresses: [String] = []
    /// Requests one address may make per second, and how many at once; 0 sets no limit. A provider's webhooks come from few
    /// addresses, so the limit is about what one core answers, not what one caller needs.
    public var requestsPerSecond = 2_000
    public var requestBurst = 4_000
    /// Addresses remembered for that limit; about 100 bytes each.
    public var rateAddresses = 65_536
    /// Files of a certificate chain and its key, PEM: then the main port speaks TLS. Read again when they change.
    public var tlsCertificate: String?
    public var tlsKey: String?
    /// Connections one engine holds, media sockets included.
    public var maximumConnections = 10_000
    /// Of these, from one address that is no trusted proxy. A provider's media sockets come from few addresses.
    public var connectionsPerAddress = 5_000
    public var requestLineBytes = 8_192
    public var headerBytes = 16_384
    /// A request's whole head must be there in this time.
    public var headTimeoutSeconds = 10
    /// A request's body must be there in this time.
    public var bodyTimeoutSeconds = 10

    public init() {}

    init(_ reader: inout SettingsReader) {
        trustedProxies = reader.addresses("parley.trustedProxies", "PARLEY_TRUSTED_PROXIES")
        allowedAddresses = reader.addresses("parley.allowedAddresses", "PARLEY_ALLOWED_ADDRESSES")
        requestsPerSecond = reader.number("parley.requestsPerSecond", 0...100_000, "requests") ?? requestsPerSecond
        requestBurst = reader.number("parley.requestBurst", 1...1_000_000, "requests") ?? requestBurst
        rateAddresses = reader.number("parley.rateAddresses", 16...10_000_000, "addresses") ?? rateAddresses
        tlsCertificate = reader.text("parley.tlsCertificate")
        tlsKey = reader.text("parley.tlsKey")
        if tlsCertificate == nil, tlsKey != nil { reader.faults.append(Self.half("PARLEY_TLS_CERTIFICATE")) }
        if tlsCertificate != nil, tlsKey == nil { reader.faults.append(Self.half("PARLEY_TLS_KEY")) }
        let connections = 1...1_000_000
        maximumConnections =
            reader.number("parley.maximumConnections", connections, "connections") ?? maximumConnections
        connectionsPerAddress =
            reader.number("parley.connectionsPerAddress", connections, "connections") ?? connectionsPerAddress
        requestLineBytes = reader.number("parley.requestLineBytes", 256...65_536, "bytes") ?? requestLineBytes
        headerBytes = reader.number("parley.headerBytes", 1024...1_048_576, "bytes") ?? headerBytes
        headTimeoutSeconds = reader.number("parley.headTimeoutSeconds", 1...300, "seconds") ?? headTimeoutSeconds
        bodyTimeoutSeconds = reader.number("parley.bodyTimeoutSeconds", 1...300, "seconds") ?? bodyTimeoutSeconds
    }

    /// One of the two files is named and this one is not.
    static func half(_ missing: String) -> SettingsFault {
        let other = missing == "PARLEY_TLS_KEY" ? "PARLEY_TLS_CERTIFICATE" : "PARLEY_TLS_KEY"
        return SettingsFault(
            source: "configuration",
            key: missing,
            message: "is not set but \(other) is: TLS needs both files"
        )
    }

    /// - Throws: `SettingsFaults` for what is no address or network.
    static func addresses(_ texts: [String], variable: String) throws(SettingsFaults) -> AddressList {
        do throws(AddressNetwork.Fault) {
            return try AddressList(texts)
        } catch {
            throw SettingsFaults(faults: [
                SettingsFault(source: "configuration", key: variable, message: error.message)
            ])
        }
    }

    /// Whether the TLS files can be used, for `parley check` and before a start: a fault there is one of the configuration.
    public func checkFiles() throws { _ = try CertificateStore(self) }
}

extension SettingsReader {
    /// A list of addresses and networks; every one that is wrong is a fault.
    fileprivate mutating func addresses(_ key: String, _ variable: String) -> [String] {
        let texts = list(key) ?? []
        let isOption = options[variable] != nil
        let isInFile = !isOption && environment[variable] == nil
        for text in texts {
            do throws(AddressNetwork.Fault) {
                _ = try AddressNetwork(text)
            } catch {
                let source = isOption ? "option" : isInFile ? file : "environment"
                faults.append(SettingsFault(source: source, key: isInFile ? key : variable, message: error.message))
            }
        }
        return texts
    }
}
