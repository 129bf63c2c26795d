import NIOHTTP1

/// What one proxy says about the request it took: `Forwarded` (RFC 7239) or the older `X-Forwarded-*` headers.
package struct ForwardedHop: Equatable, Sendable {
    /// Who connected to that proxy; nil when it does not tell (`unknown`, an obfuscated name) or is not readable.
    package var client: IPAddress?
    package var scheme: String?
    package var host: String?

    package init(client: IPAddress?, scheme: String? = nil, host: String? = nil) {
        self.client = client
        self.scheme = scheme
        self.host = host
    }

    /// `X-Forwarded-For`: addresses, the nearest proxy's last. Some proxies add the client's port.
    package static func parse(forwardedFor values: [String]) -> [ForwardedHop] {
        values.flatMap { $0.split(separator: ",", omittingEmptySubsequences: false) }
            .map { ForwardedHop(client: address(of: $0)) }
    }

    /// `Forwarded`: elements separated by commas, each `for=…;proto=…;host=…` in any order.
    package static func parse(forwarded values: [String]) -> [ForwardedHop] {
        values.flatMap { split($0[...], at: ",") }.map { element in
            var hop = ForwardedHop(client: nil)
            for pair in split(element, at: ";") {
                let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                guard parts.count == 2 else { continue }
                let value = unquoted(parts[1])
                switch trimmed(parts[0]).lowercased() {
                case "for": hop.client = address(of: value[...])
                case "proto": hop.scheme = value.lowercased()
                case "host": hop.host = value
                default: break
                }
            }
            return hop
        }
    }

    /// An address with or without port: `192.0.2.1`, `192.0.2.1:80`, `2001:db8::1`, `[2001:db8::1]:80`.
    private static func address(of text: Substring) -> IPAddress? {
        let text = trimmed(text)
        if text.first == "[" {
            guard let end = text.firstIndex(of: "]") else { return nil }
            let rest = text[text.index(after: end)...]
            guard rest.isEmpty || rest.first == ":" else { return nil }
            return IPAddress(text[text.index(after: text.startIndex)..<end])
        }
        let colons = text.utf8.count { $0 == UInt8(ascii: ":") }
        return IPAddress(colons == 1 ? text.prefix { $0 != ":" } : text)
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text.drop { $0 == " " || $0 == "\t" }
        while text.last == " " || text.last == "\t" { text.removeLast() }
        return text
    }

    private static func unquoted(_ text: Substring) -> String {
        let text = trimmed(text)
        guard text.first == "\"", text.last == "\"", text.count >= 2 else { return String(text) }
        let inner = text.dropFirst().dropLast()
        // No address, scheme or host needs an escaped character: what has one says nothing we could read.
        return inner.contains("\\") ? "" : String(inner)
    }

    /// Splits where the separator stands outside a quoted string.
    private static func split(_ text: Substring, at separator: Character) -> [Substring] {
        var parts: [Substring] = []
        var start = text.startIndex
        var isQuoted = false
        var isEscaped = false
        for index in text.indices {
            let character = text[index]
            if isEscaped {
                isEscaped = false
            } else if isQuoted, character == "\\" {
                isEscaped = true
            } else if character == "\"" {
                isQuoted.toggle()
            } else if character == separator, !isQuoted {
                parts.append(text[start..<index])
                start = text.index(after: index)
            }
        }
        parts.append(text[start...])
        return parts
    }
}
