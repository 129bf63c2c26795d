/// Header fields that a declaration may set (RFC 9110, section 5).
package enum HeaderText {
    /// A token (section 5.6.2).
    package static func isName(_ name: String) -> Bool {
        (1...100).contains(name.utf8.count)
            && name.utf8.allSatisfy {
                (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
                    || "!#$%&'*+-.^_`|~".utf8.contains($0)
            }
    }

    /// Those that the exchange itself needs, and those that carry secrets: they have a field of their own.
    package static func isReserved(_ name: String) -> Bool {
        let name = name.lowercased()
        return reserved.contains(name) || name.hasPrefix("proxy-") || name.hasPrefix("mcp-")
    }

    package static func isValue(_ value: String) -> Bool {
        value.utf8.count <= 1000 && value.utf8.allSatisfy { (0x20...0x7E).contains($0) }
    }

    private static let reserved: Set<String> = [
        "host", "content-length", "content-type", "transfer-encoding", "connection", "keep-alive", "upgrade", "te",
        "trailer", "expect", "authorization", "cookie", "accept-encoding", "idempotency-key", "last-event-id",
    ]
}

/// What every vendor's model takes as a tool's name and description.
package enum ToolNames {
    package static let maximumSchemaBytes = 16 << 10
    package static let maximumDescription = 1024

    package static func isName(_ name: String) -> Bool {
        (1...64).contains(name.utf8.count)
            && name.utf8.allSatisfy {
                (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
                    || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-")
            }
    }

    static func faults(name: String, description: String) -> [DeclarationFault] {
        var faults: [DeclarationFault] = []
        if !isName(name) {
            faults.append(.init("name", "it must be 1 to 64 letters, digits, hyphens and underscores"))
        }
        if description.isEmpty || description.count > maximumDescription {
            faults.append(.init("description", "it must tell the model when to use it, in 1 to 1024 characters"))
        }
        return faults
    }
}
