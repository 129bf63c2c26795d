/// A tool that a profile declares: one request to the tenant's own service, without code.
public struct HTTPToolDeclaration: Sendable, Hashable {
    public enum Method: String, Sendable, Hashable, CaseIterable {
        case get = "GET"
        case post = "POST"
        case put = "PUT"
        case patch = "PATCH"
        case delete = "DELETE"

        /// The arguments are its body, as JSON.
        public var hasBody: Bool { self == .post || self == .put || self == .patch }
    }

    /// What proves who asks. Secrets are names of environment variables that begin with `PARLEY_TOOL_`.
    public enum Auth: Sendable, Hashable {
        case none
        case bearer(secret: String)
        case basic(user: String, secret: String)
        /// The secret itself in a header of this name.
        case header(name: String, secret: String)
        /// `t=SECONDS,v1=HEX`: HMAC-SHA256 (RFC 2104) over `SECONDS.METHOD.TARGET.BODY`, the target being path and query.
        case hmac(header: String, secret: String)

        var secret: String? {
            switch self {
            case .none: nil
            case .bearer(let secret), .basic(_, let secret), .header(_, let secret), .hmac(_, let secret): secret
            }
        }
    }

    /// `[a-zA-Z0-9_-]`, at most 64.
    public var name: String
    public var description: String
    /// JSON Schema of an object; every place of the URL is one of its required properties.
    public var parameters: JSON
    public var method: Method
    /// `https://api.example.com/orders/{id}`: places in path and query only.
    public var url: String
    public var headers: [String: String] = [:]
    public var auth = Auth.none
    public var timeout = Duration.seconds(8)
    /// Longest text of a result that the model is given, in bytes; more is cut off and said to be.
    public var resultBytes = 4096
    /// Largest answer that is read.
    public var responseBytes = 256 << 10
    /// RFC 6901: what of a JSON answer the model is given. Empty: all of it.
    public var pointer = ""
    /// It changes something: nil says so of every method but GET.
    public var effect: Bool?

    public init(name: String, description: String, parameters: JSON, method: Method = .get, url: String) {
        self.name = name
        self.description = description
        self.parameters = parameters
        self.method = method
        self.url = url
    }

    public var hasEffect: Bool { effect ?? (method != .get) }

    /// Everything that is wrong with it; empty when it can be used.
    ///
    /// - Parameter loopbackAllowed: the engine's own setting lets tools reach this machine, also without TLS.
    public func faults(loopbackAllowed: Bool = false) -> [DeclarationFault] {
        var faults = ToolNames.faults(name: name, description: description)
        faults += urlFaults(loopbackAllowed) + headerFaults() + authFaults()
        if parameters["type"]?.text != "object" {
            faults.append(.init("parameters", "it must be the JSON Schema of an object: `type: object`"))
        }
        if parameters.serialized.utf8.count > ToolNames.maximumSchemaBytes {
            faults.append(.init("parameters", "it is longer than \(ToolNames.maximumSchemaBytes) bytes"))
        }
        if timeout < .milliseconds(100) || timeout > .seconds(30) {
            faults.append(.init("timeout", "it must be from 100ms to 30s"))
        }
        if !(64...65_536).contains(resultBytes) {
            faults.append(.init("result_bytes", "it must be from 64 to 65536"))
        }
        if !(64...(4 << 20)).contains(responseBytes) {
            faults.append(.init("response_bytes", "it must be from 64 to \(4 << 20)"))
        }
        if !pointer.isEmpty, JSONPointer(pointer) == nil {
            faults.append(.init("pointer", "it must be a JSON Pointer (RFC 6901), `/data/0/name`"))
        }
        return faults
    }

    private func urlFaults(_ loopbackAllowed: Bool) -> [DeclarationFault] {
        let template: URLTemplate
        do throws(URLTemplate.Fault) {
            template = try URLTemplate(url)
        } catch {
            return [.init("url", error.text)]
        }
        var faults: [DeclarationFault] = []
        let isHere = ["localhost", "127.0.0.1", "::1"].contains(template.base.host)
        if isHere, !loopbackAllowed {
            faults.append(.init("url", "this machine is not reached by tools unless the engine's setting allows it"))
        } else if template.base.scheme != .https, !isHere {
            faults.append(.init("url", "it must be https"))
        } else if template.base.isLiteral, !isHere {
            faults.append(.init("url", "its host must be a name, not an address"))
        }
        let required = Set(parameters["required"]?.list?.compactMap(\.text) ?? [])
        for place in template.places where !required.contains(place) || parameters["properties"]?[place] == nil {
            faults.append(.init("url", "{\(place)} must be a required property of `parameters`"))
        }
        return faults
    }

    private func headerFaults() -> [DeclarationFault] {
        headers.keys.sorted().compactMap { name in
            if !HeaderText.isName(name) || HeaderText.isReserved(name) {
                return .init("headers.\(name)", "it is no header that a tool may set")
            }
            return HeaderText.isValue(headers[name] ?? "")
                ? nil : .init("headers.\(name)", "its value must be visible ASCII on one line, at most 1000 characters")
        }
    }

    private func authFaults() -> [DeclarationFault] {
        guard let secret = auth.secret else { return [] }
        var faults: [DeclarationFault] = []
        if !ToolSecretName.isAllowed(secret) {
            faults.append(
                .init("auth.secret", "it must name an environment variable that begins with \(ToolSecretName.prefix)")
            )
        }
        switch auth {
        case .header(let name, _), .hmac(let name, _):
            if !HeaderText.isName(name) || HeaderText.isReserved(name) {
                faults.append(.init("auth.header", "it is no header that a tool may set"))
            }
        case .basic(let user, _):
            // RFC 7617, section 2: a colon ends the user's name.
            if !HeaderText.isValue(user) || user.contains(":") {
                faults.append(.init("auth.user", "it must be visible ASCII without a colon"))
            }
        case .none, .bearer: break
        }
        return faults
    }
}

extension URLTemplate.Fault {
    var text: String {
        switch self {
        case .url(let fault): fault.rawValue
        case .placeInOrigin: "a place may stand in the path and the query only, never in scheme, host or port"
        case .badPlace: "a place is written {name}, with letters, digits and underscores"
        case .fragment: "it must have no fragment"
        case .tooManyPlaces: "it has more than \(URLTemplate.maximumPlaces) places"
        case .dots: "its path must not lead through . or .."
        }
    }
}
