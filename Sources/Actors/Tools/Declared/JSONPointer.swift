/// Which value of a JSON document is meant (RFC 6901).
package struct JSONPointer: Sendable, Hashable {
    private let tokens: [String]

    /// - Returns: nil for what is no pointer.
    package init?(_ text: String) {
        guard text.isEmpty || text.hasPrefix("/"), text.utf8.count <= 1000 else { return nil }
        var tokens: [String] = []
        for part in text.split(separator: "/", omittingEmptySubsequences: false).dropFirst() {
            var rest = part[...]
            var token = ""
            while let character = rest.popFirst() {
                guard character == "~" else {
                    token.append(character)
                    continue
                }
                switch rest.popFirst() {
                case "0": token.append("~")
                case "1": token.append("/")
                default: return nil
                }
            }
            tokens.append(token)
        }
        self.tokens = tokens
    }

    /// - Returns: nil when there is no such value.
    package func value(in document: JSON) -> JSON? {
        var value = document
        for token in tokens {
            switch value {
            case .object(let members):
                guard let member = members[token] else { return nil }
                value = member
            case .list(let items):
                // Digits without a leading zero (section 4).
                guard let index = Int(token), String(index) == token, items.indices.contains(index) else { return nil }
                value = items[index]
            default: return nil
            }
        }
        return value
    }
}
