import Actors
import Yams

/// Tools that a tenant declares: requests to its own service, and servers of the Model Context Protocol.
extension ProfileReader {
    func httpTools(in section: ProfileSection) -> [HTTPToolDeclaration] {
        section.sections("tools", maximum: ProfileLimits.maximumTools, fix: "write each tool as `- name: ...`").map {
            part in
            part.allow([
                "name", "description", "parameters", "method", "url", "headers", "auth", "timeout", "result_bytes",
                "response_bytes", "pointer", "effect",
            ])
            var tool = HTTPToolDeclaration(
                name: part.text("name", fix: "write a name: find_order"),
                description: part.text("description", fix: "tell the model what it does and when to use it"),
                parameters: part.entry("parameters").map { JSON($0.node) } ?? ["type": "object"],
                method: part.choice("method", or: HTTPToolDeclaration.Method.get),
                url: part.text("url", fix: "write https://api.example.com/orders/{id}")
            )
            tool.headers = headers(in: part)
            tool.auth = auth(in: part)
            tool.timeout = .milliseconds(part.duration("timeout", in: ProfileLimits.toolTimeout, or: 8000))
            tool.resultBytes = part.whole("result_bytes", in: 64...65_536, or: tool.resultBytes)
            tool.responseBytes = part.whole("response_bytes", in: 64...(4 << 20), or: tool.responseBytes)
            tool.pointer = part.text("pointer", or: "", fix: "write a JSON Pointer: /data/0")
            if part.entry("effect") != nil { tool.effect = part.flag("effect", or: tool.hasEffect) }
            report(tool.faults(loopbackAllowed: toolsReachLoopback), in: part)
            return tool
        }
    }

    func mcpServers(in section: ProfileSection) -> [MCPServerDeclaration] {
        section.sections("mcp", maximum: ProfileLimits.maximumServers, fix: "write each server as `- name: ...`").map {
            part in
            part.allow([
                "name", "url", "headers", "auth", "allow", "read_only", "timeout", "result_bytes", "response_bytes",
            ])
            var server = MCPServerDeclaration(
                name: part.text("name", fix: "write a short name: crm"),
                url: part.text("url", fix: "write https://mcp.example.com/mcp"),
                allow: part.texts("allow", fix: "list the server's tools that may be used").map(\.text)
            )
            server.headers = headers(in: part)
            server.auth = auth(in: part)
            server.readOnly = Set(part.texts("read_only", fix: "list those that change nothing").map(\.text))
            server.timeout = .milliseconds(part.duration("timeout", in: ProfileLimits.toolTimeout, or: 8000))
            server.resultBytes = part.whole("result_bytes", in: 64...65_536, or: server.resultBytes)
            server.responseBytes = part.whole("response_bytes", in: 64...(4 << 20), or: server.responseBytes)
            report(server.faults(loopbackAllowed: toolsReachLoopback), in: part)
            return server
        }
    }

    private func headers(in part: ProfileSection) -> [String: String] {
        guard let headers = part.section("headers") else { return [:] }
        return Dictionary(
            headers.entries.map { ($0.key, headers.text($0.key, or: "", fix: "write the header's value")) },
            uniquingKeysWith: { first, _ in first }
        )
    }

    private func auth(in part: ProfileSection) -> HTTPToolDeclaration.Auth {
        guard let auth = part.section("auth") else { return .none }
        auth.allow(["kind", "secret", "user", "header"])
        let secret = auth.text("secret", fix: "name an environment variable that begins with PARLEY_TOOL_")
        switch auth.choice("kind", or: AuthKind.bearer) {
        case .bearer: return .bearer(secret: secret)
        case .basic: return .basic(user: auth.text("user", fix: "write the user's name"), secret: secret)
        case .header: return .header(name: auth.text("header", fix: "write the header's name"), secret: secret)
        case .hmac: return .hmac(header: auth.text("header", fix: "write the header's name"), secret: secret)
        }
    }

    private enum AuthKind: String, CaseIterable { case bearer, basic, header, hmac }

    private func report(_ faults: [DeclarationFault], in part: ProfileSection) {
        for fault in faults { part.fault(fault.field, fault.message, fix: "see profiles/README.md, `tools`") }
    }
}

extension JSON {
    /// A part of a profile as JSON: plain words that look like numbers or truth values are those, as YAML has it.
    init(_ node: Node) {
        switch node {
        case .mapping(let mapping):
            self = .object(
                Dictionary(
                    mapping.map { ($0.key.string ?? "", JSON($0.value)) },
                    uniquingKeysWith: { first, _ in first }
                )
            )
        case .sequence(let items): self = .list(items.map { JSON($0) })
        case .scalar(let scalar):
            if node.isNull {
                self = .null
            } else if scalar.style == .plain || scalar.style == .any {
                self =
                    node.bool.map { .flag($0) } ?? node.int.map { .integer(Int64($0)) } ?? node.float.map {
                        .number($0)
                    }
                    ?? .text(scalar.string)
            } else {
                self = .text(scalar.string)
            }
        case .alias: self = .null
        }
    }
}
