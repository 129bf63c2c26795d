import Actors
import Testing

@Suite("Declared tools")
struct DeclarationTests {
    private static let schema: JSON = [
        "type": "object", "properties": ["id": ["type": "string"], "q": ["type": "string"]], "required": ["id", "q"],
    ]

    private static func tool(_ change: (inout HTTPToolDeclaration) -> Void) -> HTTPToolDeclaration {
        var tool = HTTPToolDeclaration(
            name: "find_order",
            description: "Finds an order.",
            parameters: schema,
            url: "https://api.example.com/orders/{id}?q={q}"
        )
        change(&tool)
        return tool
    }

    @Test func aWholeDeclarationHasNoFault() {
        #expect(Self.tool { $0.auth = .hmac(header: "X-Signature", secret: "PARLEY_TOOL_ORDERS") }.faults().isEmpty)
    }

    @Test(arguments: [
        ("http://api.example.com/x", "url"), ("https://{id}.example.com/", "url"), ("https://a.example:{id}/", "url"),
        ("{id}://a.example/", "url"), ("https://a.example/{other}", "url"), ("https://a.example/{", "url"),
        ("https://a.example/}", "url"), ("https://a.example/{a b}", "url"), ("https://a.example/{id}#f", "url"),
        ("https://127.0.0.1/x", "url"), ("http://localhost:9/x", "url"), ("https://10.0.0.1/", "url"),
        ("https://2130706433/", "url"), ("https://user@a.example/", "url"), ("ftp://a.example/", "url"), ("", "url"),
        ("https://a.example/../{id}", "url"), ("https://a.example/%2e%2E/{id}", "url"),
    ])
    func aBadAddressIsNamed(_ url: String, _ field: String) {
        #expect(Set(Self.tool { $0.url = url }.faults().map(\.field)) == [field], "\(url)")
    }

    @Test func thisMachineIsReachedOnlyWhereTheEngineAllowsIt() {
        #expect(Self.tool { $0.url = "http://localhost:9/{id}" }.faults(loopbackAllowed: true).isEmpty)
        #expect(!Self.tool { $0.url = "http://10.0.0.1:9/{id}" }.faults(loopbackAllowed: true).isEmpty)
    }

    @Test(arguments: [
        "OPENAI_API_KEY", "DATABASE_URL", "PARLEY_JWT_SECRET", "PARLEY_TOOL_", "PARLEY_TOOL_a", "PARLEY_TOOL_X=", "",
    ])
    func onlySecretsForToolsAreTaken(_ name: String) {
        let faults = Self.tool { $0.auth = .bearer(secret: name) }.faults()
        #expect(faults.map(\.field) == ["auth.secret"])
    }

    @Test(arguments: [
        "Host", "authorization", "Content-Length", "Transfer-Encoding", "Idempotency-Key", "Proxy-Authorization",
        "Mcp-Session-Id", "a b", "", "ä", "a:b",
    ])
    func aHeaderOfTheExchangeIsNotSet(_ name: String) {
        #expect(Self.tool { $0.headers = [name: "x"] }.faults().map(\.field) == ["headers.\(name)"])
        #expect(Self.tool { $0.auth = .header(name: name, secret: "PARLEY_TOOL_X") }.faults().count == 1)
    }

    @Test func everyFaultIsNamedAtOnce() {
        let tool = Self.tool {
            $0.name = "find order"
            $0.description = ""
            $0.headers = ["X": "a\r\nHost: b"]
            $0.timeout = .seconds(90)
            $0.resultBytes = 1
            $0.responseBytes = 1
            $0.pointer = "x"
            $0.parameters = "string"
            $0.auth = .basic(user: "a:b", secret: "PARLEY_TOOL_X")
        }
        let fields = tool.faults().map(\.field)
        #expect(
            Set(fields) == [
                "name", "description", "url", "headers.X", "timeout", "result_bytes", "response_bytes", "pointer",
                "parameters", "auth.user",
            ]
        )
    }

    @Test func readingHasNoEffectAndTheRestHasUnlessItIsSaid() {
        #expect(!Self.tool { _ in }.hasEffect)
        #expect(Self.tool { $0.method = .post }.hasEffect)
        #expect(!Self.tool { ($0.method, $0.effect) = (.post, false) }.hasEffect)
    }

    @Test(arguments: [
        ("https://mcp.example.com/mcp", MCPServerDeclaration.Reach.internet, true),
        ("http://mcp.example.com/mcp", .internet, false), ("http://localhost:1/mcp", .internet, false),
        ("http://mcp:8000/mcp", .operators, true), ("http://10.0.0.7/mcp", .operators, true),
        ("https://mcp.example.com/{x}", .operators, false), ("mcp:8000", .operators, false),
    ])
    func aTenantsServerIsOnTheInternet(_ url: String, _ reach: MCPServerDeclaration.Reach, _ isTaken: Bool) {
        let server = MCPServerDeclaration(name: "crm", url: url, reach: reach, allow: ["find"])
        #expect(server.faults().isEmpty == isTaken, "\(server.faults())")
    }

    @Test func aServersToolsAreNamed() {
        var server = MCPServerDeclaration(name: "crm", url: "https://mcp.example.com/mcp", allow: [])
        #expect(server.faults().map(\.field) == ["allow"])
        server.allow = ["find"]
        server.readOnly = ["find", "list"]
        #expect(server.faults().map(\.field) == ["read_only"])
    }
}
