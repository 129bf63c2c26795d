import Foundation

/// A JSON object of a request, read strictly: what is missing or of another type is refused in the vendor's way.
struct WireObject {
    let members: [String: Any]
    /// Where it stands in the request, for the refusal: `messages[1]`.
    let place: String

    init(parsing body: [UInt8]) throws {
        guard let members = try? JSONSerialization.jsonObject(with: Data(body)) as? [String: Any] else {
            throw ChatRefusal.invalid("We could not parse the JSON body of your request.")
        }
        self.members = members
        place = ""
    }

    init?(_ value: Any, place: String) {
        guard let members = value as? [String: Any] else { return nil }
        self.members = members
        self.place = place
    }

    /// A member that is there and not null.
    func value(_ name: String) -> Any? {
        guard let value = members[name], !(value is NSNull) else { return nil }
        return value
    }

    func text(_ name: String) throws -> String {
        guard let text = value(name) as? String else { throw wrong(name, "a string") }
        return text
    }

    func number(_ name: String) throws -> Double? {
        guard let value = value(name) else { return nil }
        guard let number = value as? NSNumber, !Self.isFlag(number) else { throw wrong(name, "a number") }
        return number.doubleValue
    }

    func wholeNumber(_ name: String) throws -> Int? {
        guard let number = try number(name) else { return nil }
        guard let whole = Int(exactly: number) else { throw wrong(name, "an integer") }
        return whole
    }

    func flag(_ name: String) throws -> Bool? {
        guard let value = value(name) else { return nil }
        guard let number = value as? NSNumber, Self.isFlag(number) else { throw wrong(name, "a boolean") }
        return number.boolValue
    }

    func object(_ name: String) throws -> WireObject {
        guard let object = value(name).flatMap({ WireObject($0, place: at(name)) }) else {
            throw wrong(name, "an object")
        }
        return object
    }

    /// nil when it is not there; empty is refused, as the vendors do.
    func objects(_ name: String) throws -> [WireObject]? {
        guard let value = value(name) else { return nil }
        guard let items = value as? [Any] else { throw wrong(name, "an array") }
        guard !items.isEmpty else { throw ChatRefusal.invalid("[] is too short - '\(at(name))'") }
        return try items.enumerated().map { index, item in
            guard let object = WireObject(item, place: "\(at(name))[\(index)]") else {
                throw wrong("\(name)[\(index)]", "an object")
            }
            return object
        }
    }

    /// - Throws: for a member the vendor does not know.
    func onlyMembers(_ known: Set<String>) throws {
        if let extra = members.keys.sorted().first(where: { !known.contains($0) }) {
            throw ChatRefusal.invalid("\(at(extra)): Extra inputs are not permitted")
        }
    }

    func wrong(_ name: String, _ expected: String) -> ChatRefusal {
        .invalid(
            value(name) == nil
                ? "\(at(name)): Field required" : "Invalid type for '\(at(name))': expected \(expected)."
        )
    }

    /// The name of a tool: `[a-zA-Z0-9_-]`, at most 64.
    func toolName() throws -> String {
        let name = try text("name")
        let isName =
            (1...64).contains(name.utf8.count)
            && name.unicodeScalars.allSatisfy {
                $0.isASCII && ($0.properties.isAlphabetic || ("0"..."9").contains($0) || $0 == "_" || $0 == "-")
            }
        guard isName else { throw ChatRefusal.invalid("Invalid '\(at("name"))': '^[a-zA-Z0-9_-]{1,64}$' expected") }
        return name
    }

    /// A tool's schema: of an object.
    func schema(_ name: String) throws {
        guard try object(name).text("type") == "object" else {
            throw ChatRefusal.invalid("\(at(name)).type: Input should be 'object'")
        }
    }

    private func at(_ name: String) -> String { place.isEmpty ? name : place + "." + name }

    /// Foundation reads `true` as a number too; its type tells.
    private static func isFlag(_ number: NSNumber) -> Bool { String(cString: number.objCType) == "c" }
}

/// JSON text of a value made of Foundation's types, members in order.
func wireText(_ value: [String: Any]) -> String {
    let options: JSONSerialization.WritingOptions = [.sortedKeys, .withoutEscapingSlashes]
    guard let bytes = try? JSONSerialization.data(withJSONObject: value, options: options) else {
        preconditionFailure("a server's message that is no JSON")
    }
    return String(decoding: bytes, as: UTF8.self)
}
