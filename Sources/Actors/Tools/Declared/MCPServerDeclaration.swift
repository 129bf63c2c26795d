/// A Model Context Protocol server whose tools an agent may use.
public struct MCPServerDeclaration: Sendable, Hashable {
    /// Where it may be.
    public enum Reach: Sendable, Hashable {
        /// A tenant's: https, and a public address.
        case internet
        /// The operator's own: wherever the operator says, also in the own network and without TLS.
        case operators
    }

    /// The tools' names begin with it: `crm` makes `crm_find_order`. `[a-zA-Z0-9_-]`, at most 24.
    public var name: String
    /// The one endpoint: `https://mcp.example.com/mcp`.
    public var url: String
    public var reach: Reach
    public var headers: [String: String] = [:]
    /// `none`, `bearer` or `header`.
    public var auth = HTTPToolDeclaration.Auth.none
    /// Which of its tools are offered, by the server's own names. No other is, whatever the server lists later.
    public var allow: [String]
    /// Those that change nothing. What a server says of its tools is not to be trusted (specification, "Tools").
    public var readOnly: Set<String> = []
    /// For one call of a tool.
    public var timeout = Duration.seconds(8)
    /// Longest text of a result that the model is given, in bytes.
    public var resultBytes = 4096
    /// Largest answer that is read.
    public var responseBytes = 1 << 20

    public init(name: String, url: String, reach: Reach = .internet, allow: [String]) {
        self.name = name
        self.url = url
        self.reach = reach
        self.allow = allow
    }

    /// Everything that is wrong with it; empty when it can be used.
    public func faults(loopbackAllowed: Bool = false) -> [DeclarationFault] {
        var tool = HTTPToolDeclaration(
            name: name,
            description: "-",
            parameters: ["type": "object"],
            method: .post,
            url: url
        )
        tool.headers = headers
        tool.auth = auth
        tool.timeout = timeout
        tool.resultBytes = resultBytes
        tool.responseBytes = responseBytes
        var faults = tool.faults(loopbackAllowed: loopbackAllowed || reach == .operators)
        if reach == .operators, (try? FetchURL(url)) != nil { faults.removeAll { $0.field == "url" } }
        if url.contains("{") { faults.append(.init("url", "it has no places")) }
        if name.utf8.count > 24 { faults.append(.init("name", "it must be at most 24 characters")) }
        if allow.isEmpty || allow.count > 64 {
            faults.append(.init("allow", "it must name 1 to 64 of the server's tools"))
        }
        switch auth {
        case .none, .bearer, .header: break
        case .basic, .hmac: faults.append(.init("auth", "it must be `none`, `bearer` or `header`"))
        }
        for name in readOnly.subtracting(allow).sorted() {
            faults.append(.init("read_only", "\(name) is not in `allow`"))
        }
        return faults
    }
}
