/// An address with places for a tool's arguments: `https://api.example.com/orders/{id}?detail={detail}`.
///
/// Scheme, host and port are fixed; a place stands in the path or the query only, and an argument can leave neither the path
/// segment nor the query value it stands in. Pure.
package struct URLTemplate: Sendable, Equatable {
    package enum Fault: Error, Equatable {
        case url(FetchURL.Fault)
        case placeInOrigin
        case badPlace
        case fragment
        case tooManyPlaces
        /// The fixed part leads through `.` or `..`.
        case dots
    }

    /// What an argument cannot be.
    package enum Misfit: Error, Equatable {
        case missing(String)
        case empty(String)
        case tooLong(String)
        /// A list or an object.
        case notPlain(String)
        /// The argument makes a segment `.` or `..`.
        case dots(String)
    }

    private enum Piece: Equatable {
        case fixed(String)
        case place(String, isPath: Bool)
    }

    /// The address with nothing in its places: its origin is every expansion's.
    package let base: FetchURL
    private let pieces: [Piece]

    package static let maximumPlaces = 16
    package static let maximumArgumentBytes = 1000

    package init(_ text: String) throws(Fault) {
        guard !text.contains("#") else { throw .fragment }
        let (pieces, bare) = try Self.pieces(of: text)
        do throws(FetchURL.Fault) { base = try FetchURL(bare) } catch { throw .url(error) }
        guard !Self.leadsThroughDots(Self.path(bare)) else { throw .dots }
        self.pieces = pieces
    }

    /// The names in the places, each once, in order.
    package var places: [String] {
        var names: [String] = []
        for case .place(let name, _) in pieces where !names.contains(name) { names.append(name) }
        return names
    }

    package func expanded(_ arguments: JSON) throws(Misfit) -> FetchURL {
        var text = ""
        for piece in pieces {
            switch piece {
            case .fixed(let fixed): text += fixed
            case .place(let name, let isPath):
                text += try Self.escaped(Self.plain(arguments[name], name, mayBeEmpty: !isPath))
            }
        }
        let names = places.joined(separator: ", ")
        // Two arguments may make `..` of one segment together.
        guard !Self.leadsThroughDots(Self.path(text)) else { throw .dots(names) }
        let url: FetchURL
        do throws(FetchURL.Fault) { url = try FetchURL(text) } catch { throw .tooLong(names) }
        guard url.hasOrigin(of: base) else { throw .notPlain(names) }
        return url
    }

    private static func pieces(of text: String) throws(Fault) -> ([Piece], bare: String) {
        guard let scheme = text.firstRange(of: "://") else { throw .url(.notAbsolute) }
        let end = text[scheme.upperBound...].firstIndex { "/?#".contains($0) } ?? text.endIndex
        guard !text[..<end].contains(where: { "{}".contains($0) }) else { throw .placeInOrigin }
        var pieces: [Piece] = [.fixed(String(text[..<end]))]
        var bare = String(text[..<end])
        var rest = text[end...]
        var isPath = true
        while let open = rest.firstIndex(of: "{") {
            let fixed = rest[..<open]
            guard !fixed.contains("}"), let close = rest[open...].firstIndex(of: "}") else { throw .badPlace }
            let name = rest[rest.index(after: open)..<close]
            guard isName(name) else { throw .badPlace }
            if fixed.contains("?") { isPath = false }
            pieces += [.fixed(String(fixed)), .place(String(name), isPath: isPath)]
            bare += fixed + "x"
            rest = rest[rest.index(after: close)...]
            guard pieces.count <= 2 * maximumPlaces + 1 else { throw .tooManyPlaces }
        }
        guard !rest.contains("}") else { throw .badPlace }
        pieces.append(.fixed(String(rest)))
        return (pieces, bare + rest)
    }

    private static func isName(_ name: Substring) -> Bool {
        (1...64).contains(name.utf8.count)
            && name.utf8.allSatisfy {
                (0x61...0x7A).contains($0) || (0x41...0x5A).contains($0) || (0x30...0x39).contains($0)
                    || $0 == UInt8(ascii: "_")
            }
    }

    private static func plain(_ value: JSON?, _ name: String, mayBeEmpty: Bool) throws(Misfit) -> String {
        let text: String
        switch value {
        case .text(let value): text = value
        case .integer(let value): text = String(value)
        case .number(let value): text = JSON.number(value).serialized
        case .flag(let value): text = value ? "true" : "false"
        case .none, .null: throw .missing(name)
        case .list, .object: throw .notPlain(name)
        }
        guard text.utf8.count <= maximumArgumentBytes else { throw .tooLong(name) }
        guard mayBeEmpty || !text.isEmpty else { throw .empty(name) }
        return text
    }

    /// All but the unreserved characters (RFC 3986, section 2.3).
    private static func escaped(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF")
        var escaped = ""
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E:
                escaped.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                escaped.append("%")
                escaped.append(digits[Int(byte >> 4)])
                escaped.append(digits[Int(byte & 15)])
            }
        }
        return escaped
    }

    private static func path(_ text: String) -> Substring {
        guard let scheme = text.firstRange(of: "://") else { return "" }
        let rest = text[scheme.upperBound...].prefix { $0 != "?" }
        return rest.firstIndex(of: "/").map { rest[$0...] } ?? ""
    }

    /// RFC 3986, section 5.2.4; a dot may be written `%2e`.
    private static func leadsThroughDots(_ path: Substring) -> Bool {
        path.split(separator: "/").contains { segment in
            let bare = segment.lowercased().replacing("%2e", with: ".")
            return bare == "." || bare == ".."
        }
    }
}
