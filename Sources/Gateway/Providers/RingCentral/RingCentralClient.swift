import HTTPTypes

/// RingCentral's REST API: authorised, within its limits, and never during a penalty.
package struct RingCentralClient: Sendable {
    private let baseURL: String
    private let auth: RingCentralAuth
    private let transport: any VendorTransport
    private let gate: RingCentralGate

    package init?(_ settings: RingCentralSettings, transport: any VendorTransport, time: VendorTime = .real) {
        guard let account = RingCentralAuth.Account(settings) else { return nil }
        baseURL = account.baseURL
        self.transport = transport
        gate = RingCentralGate(time: time)
        auth = RingCentralAuth(account: account, transport: transport, gate: gate, time: time)
    }

    /// One request of the API.
    package struct Call: Sendable {
        var method: HTTPRequest.Method
        /// From `/restapi` on; ids in it are escaped.
        var path: String
        var body: EventValue?
        var group: RingCentralRates.Group
        var isIdempotent: Bool
        /// Another host than the API's: recordings.
        var base: String?
        var bodyLimit = 1 << 20
        var deadline: Duration

        package init(
            _ method: HTTPRequest.Method,
            _ path: String,
            body: EventValue? = nil,
            group: RingCentralRates.Group = .light,
            isIdempotent: Bool? = nil,
            deadline: Duration = .seconds(10)
        ) {
            self.method = method
            self.path = path
            self.body = body
            self.group = group
            self.isIdempotent = isIdempotent ?? (method == .get)
            self.deadline = deadline
        }
    }

    /// - Returns: a 2xx answer.
    package func send(_ call: Call, _ patience: RingCentralGate.Patience = .asLongAsItTakes)
        async throws(RingCentralError) -> VendorResponse
    {
        var token = try await auth.token(patience)
        var response = try await attempt(call, token, patience)
        if response.status.code == 401 {
            // The token was ended from elsewhere (more than about five sessions): once with a new one.
            await auth.refuse(token)
            token = try await auth.token(patience)
            response = try await attempt(call, token, patience)
            if response.status.code == 401 { await auth.refuse(token) }
        }
        guard (200...299).contains(response.status.code) else { throw Self.error(response) }
        return response
    }

    private func attempt(_ call: Call, _ token: String, _ patience: RingCentralGate.Patience)
        async throws(RingCentralError) -> VendorResponse
    {
        try await gate.enter(call.group, patience)
        var headers: HTTPFields = [.authorization: "Bearer \(token)", .accept: "application/json"]
        if call.base != nil { headers[.accept] = "audio/mpeg, audio/wav" }
        var body: [UInt8] = []
        if let value = call.body {
            headers[.contentType] = "application/json"
            body = Array(value.json.utf8)
        }
        do {
            let response = try await transport.send(
                VendorRequest(
                    call.method,
                    (call.base ?? baseURL) + call.path,
                    headers: headers,
                    body: body,
                    deadline: call.deadline,
                    isIdempotent: call.isIdempotent,
                    bodyLimit: call.bodyLimit
                )
            )
            gate.note(response, call.group)
            return response
        } catch {
            throw .unreachable(error.code)
        }
    }

    static func error(_ response: VendorResponse) -> RingCentralError {
        switch response.status.code {
        case 404, 410: return .gone
        case 401: return .credentials(code(of: response))
        case 429:
            let seconds = response.headers[.retryAfter].flatMap { Int($0) } ?? RingCentralRates.defaultPenalty
            return .rateLimited(retryAfter: .seconds(min(max(seconds, 1), 3600)))
        default: return .refused(status: response.status.code, code: code(of: response))
        }
    }

    /// `CMN-102`, `SUB-525`, `OAU-251`: nothing else of an error's body is repeated.
    static func code(of response: VendorResponse) -> String? {
        guard let json = try? RingCentralJSON(parsing: response.body),
            let code = json["errorCode"]?.string ?? json["error"]?.string, code.utf8.count <= 32,
            code.utf8.allSatisfy({
                (0x30...0x39).contains($0) || (0x41...0x5A).contains($0 & 0xDF) || $0 == 0x2D || $0 == 0x5F
            })
        else { return nil }
        return code
    }
}
