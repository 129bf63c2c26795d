/// An absolute web address, read strictly: what it does not understand it refuses, so that the address that was checked is
/// the one that is asked. Pure.
///
/// Stricter than RFC 3986 on purpose: no user info, no escapes or other odd spellings in the host, no trailing dot, no
/// character that some reader takes for another (`\` for `/`, tabs and line ends for nothing).
package struct FetchURL: Equatable, Sendable {
    package enum Fault: String, Error, Equatable, CaseIterable {
        case tooLong = "it is too long"
        case badCharacter = "it holds a character an address cannot hold"
        case notAbsolute = "it is not an absolute address"
        case badScheme = "its scheme is neither https nor http"
        case userInfo = "it holds a user name"
        case badHost = "its host is not a plain name"
        case badPort = "its port is not a number from 1 to 65535"
    }

    package enum Scheme: String, Sendable {
        case https, http
        package var port: Int { self == .https ? 443 : 80 }
    }

    package let scheme: Scheme
    /// Lower case; a literal IPv6 address without its brackets.
    package let host: String
    package let port: Int
    /// Path and query, from the first slash on. No fragment.
    package let target: String
    /// The host is an address, or some reader may take it for one (`2130706433`, `0x7f.1`).
    package let isLiteral: Bool

    package static let maximumBytes = 4096

    package init(_ text: String) throws(Fault) {
        let bytes = Array(text.utf8)
        guard bytes.count <= Self.maximumBytes else { throw .tooLong }
        guard bytes.allSatisfy(Self.isPlain) else { throw .badCharacter }
        guard let colon = text.firstRange(of: "://") else { throw .notAbsolute }
        guard let scheme = Scheme(rawValue: text[..<colon.lowerBound].lowercased()) else { throw .badScheme }
        let rest = text[colon.upperBound...]
        let authority = rest.prefix { !"/?#".contains($0) }
        guard !authority.contains("@") else { throw .userInfo }
        let (host, port, isLiteral) = try Self.hostAndPort(authority)
        let target = rest[authority.endIndex...].prefix { $0 != "#" }
        self.scheme = scheme
        self.host = host
        self.port = port ?? scheme.port
        self.target = target.hasPrefix("/") ? String(target) : "/" + target
        self.isLiteral = isLiteral
    }

    /// Where a `Location` leads from here (RFC 3986, section 5.2, without the removal of dot segments: that is the server's).
    package func resolving(_ location: String) throws(Fault) -> FetchURL {
        let head = location.prefix { !"/?#".contains($0) }
        if head.contains(":") { return try FetchURL(location) }
        if location.hasPrefix("//") { return try FetchURL("\(scheme.rawValue):\(location)") }
        if location.hasPrefix("/") { return try FetchURL(origin + location) }
        let path = target.prefix { $0 != "?" }
        if location.isEmpty || location.hasPrefix("#") { return self }
        if location.hasPrefix("?") { return try FetchURL(origin + path + location) }
        let folder = path.lastIndex(of: "/").map { path[...$0] } ?? "/"
        return try FetchURL(origin + folder + location)
    }

    /// Written anew from its parts.
    package var text: String { origin + target }

    private var origin: String { "\(scheme.rawValue)://\(host.contains(":") ? "[\(host)]" : host):\(port)" }

    package func hasOrigin(of other: FetchURL) -> Bool {
        scheme == other.scheme && host == other.host && port == other.port
    }

    /// Visible ASCII without what RFC 3986 leaves out.
    private static func isPlain(_ byte: UInt8) -> Bool {
        (0x21...0x7E).contains(byte) && !#""<>\^`{|}"#.utf8.contains(byte)
    }

    private static func hostAndPort(_ authority: Substring) throws(Fault) -> (String, Int?, Bool) {
        if authority.hasPrefix("[") {
            guard let end = authority.firstIndex(of: "]") else { throw .badHost }
            let address = authority[authority.index(after: authority.startIndex)..<end].lowercased()
            guard !address.isEmpty, address.allSatisfy({ $0.isHexDigit || $0 == ":" || $0 == "." }) else {
                throw .badHost
            }
            return (address, try port(authority[authority.index(after: end)...]), true)
        }
        let name = authority.prefix { $0 != ":" }
        let host = name.lowercased()
        guard isName(host) else { throw .badHost }
        return (host, try port(authority[name.endIndex...]), endsInNumber(host))
    }

    /// - Parameter text: nothing, or a colon and digits.
    private static func port(_ text: Substring) throws(Fault) -> Int? {
        if text.isEmpty { return nil }
        let digits = text.dropFirst()
        guard text.hasPrefix(":"), (1...5).contains(digits.utf8.count), !digits.hasPrefix("0"),
            digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let port = Int(digits), port <= 65_535
        else { throw .badPort }
        return port
    }

    /// Letters, digits and hyphens in labels of 1 to 63 (RFC 1123, section 2.1).
    private static func isName(_ host: String) -> Bool {
        guard (1...253).contains(host.utf8.count) else { return false }
        return host.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
            (1...63).contains(label.utf8.count) && !label.hasPrefix("-") && !label.hasSuffix("-")
                && label.utf8.allSatisfy {
                    (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == UInt8(ascii: "-")
                }
        }
    }

    /// WHATWG URL, section 3.5: such a host is read as an IPv4 address, in decimal, octal or hexadecimal.
    private static func endsInNumber(_ host: String) -> Bool {
        guard let last = host.split(separator: ".").last else { return false }
        return last.allSatisfy(\.isNumber) || (last.hasPrefix("0x") && last.dropFirst(2).allSatisfy(\.isHexDigit))
    }
}
