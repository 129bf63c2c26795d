/// What is wrong with a value, and where: `pets[1].age: must be at most 40`. Written for the model that sent it.
public struct SchemaFault: Error, Sendable, Equatable, CustomStringConvertible {
    /// Member names and indices; empty for the value itself.
    public var path: String
    public var message: String

    public var description: String { path.isEmpty ? message : "\(path): \(message)" }
}

/// Checks a value against the part of JSON Schema that tools are declared with.
///
/// - Checked: `type` (one or a list), `properties`, `required`, `additionalProperties`, `enum`, `const`, `items`,
///   `minItems`, `maxItems`, `minimum`, `maximum`, `exclusiveMinimum`, `exclusiveMaximum`, `minLength`, `maxLength`.
/// - Not checked: everything else (`pattern`, `format`, `$ref`, `anyOf`, ...); the tool itself judges what is left.
/// - Source: JSON Schema 2020-12, Validation; lengths count Unicode scalars (section 6.3.1).
public struct SchemaCheck: Sendable {
    /// Deeper values are a fault: no tool asks for them, and the check walks them by recursion.
    public static let maximumDepth = 32
    /// More faults than this help no model.
    public static let maximumFaults = 5

    private let schema: JSON

    public init(_ schema: JSON) { self.schema = schema }

    /// - Returns: the first faults, at most `maximumFaults`; empty for a value that fits.
    public func faults(in value: JSON) -> [SchemaFault] {
        var walk = Walk()
        walk.check(value, schema, at: "", depth: 0)
        return walk.faults
    }

    private struct Walk {
        var faults: [SchemaFault] = []

        mutating func fault(_ path: String, _ message: String) {
            if faults.count < maximumFaults { faults.append(SchemaFault(path: path, message: message)) }
        }

        mutating func check(_ value: JSON, _ schema: JSON, at path: String, depth: Int) {
            guard depth <= maximumDepth else { return fault(path, "is nested too deeply") }
            if schema == .flag(false) { return fault(path, "is not allowed") }
            guard case .object(let rules) = schema, faults.count < maximumFaults else { return }
            guard checkType(value, rules, at: path) else { return }
            if let allowed = rules["enum"]?.list, !allowed.contains(where: { $0.isEqual(to: value) }) {
                fault(path, "must be one of \(allowed.map(\.serialized).joined(separator: ", "))")
            }
            if let constant = rules["const"], !constant.isEqual(to: value) {
                fault(path, "must be \(constant.serialized)")
            }
            switch value {
            case .text(let text): checkLength(text, rules, at: path)
            case .integer, .number: checkRange(value, rules, at: path)
            case .list(let items): checkItems(items, rules, at: path, depth: depth)
            case .object(let members): checkMembers(members, rules, at: path, depth: depth)
            case .null, .flag: break
            }
        }

        private mutating func checkType(_ value: JSON, _ rules: [String: JSON], at path: String) -> Bool {
            let names: [String]
            switch rules["type"] {
            case .text(let name): names = [name]
            case .list(let all): names = all.compactMap(\.text)
            default: return true
            }
            if names.contains(where: value.isOf) { return true }
            fault(path, "must be \(names.map(Self.named).joined(separator: " or ")), not \(value.kind)")
            return false
        }

        private static func named(_ type: String) -> String {
            switch type {
            case "integer", "array", "object": "an \(type)"
            case "null": type
            default: "a \(type)"
            }
        }

        private mutating func checkLength(_ text: String, _ rules: [String: JSON], at path: String) {
            let length = text.unicodeScalars.count
            if let least = rules["minLength"]?.integer, length < least {
                fault(path, length == 0 ? "must not be empty" : "must have at least \(least) characters")
            }
            if let most = rules["maxLength"]?.integer, length > most {
                fault(path, "must have at most \(most) characters")
            }
        }

        private mutating func checkRange(_ value: JSON, _ rules: [String: JSON], at path: String) {
            guard let number = value.number else { return }
            if let least = rules["minimum"], let limit = least.number, number < limit {
                fault(path, "must be at least \(least.serialized)")
            }
            if let most = rules["maximum"], let limit = most.number, number > limit {
                fault(path, "must be at most \(most.serialized)")
            }
            if let bound = rules["exclusiveMinimum"], let limit = bound.number, number <= limit {
                fault(path, "must be more than \(bound.serialized)")
            }
            if let bound = rules["exclusiveMaximum"], let limit = bound.number, number >= limit {
                fault(path, "must be less than \(bound.serialized)")
            }
        }

        private mutating func checkItems(_ items: [JSON], _ rules: [String: JSON], at path: String, depth: Int) {
            if let least = rules["minItems"]?.integer, items.count < least {
                fault(path, "must have at least \(least) items")
            }
            if let most = rules["maxItems"]?.integer, items.count > most {
                fault(path, "must have at most \(most) items")
            }
            guard let schema = rules["items"] else { return }
            for (index, item) in items.enumerated() where faults.count < maximumFaults {
                check(item, schema, at: "\(path)[\(index)]", depth: depth + 1)
            }
        }

        private mutating func checkMembers(
            _ members: [String: JSON],
            _ rules: [String: JSON],
            at path: String,
            depth: Int
        ) {
            let known = rules["properties"]?.object ?? [:]
            for name in rules["required"]?.list?.compactMap(\.text) ?? [] where members[name] == nil {
                fault(Self.join(path, name), "is missing")
            }
            for (name, value) in members.sorted(by: { $0.key < $1.key }) where faults.count < maximumFaults {
                let place = Self.join(path, name)
                if let schema = known[name] {
                    check(value, schema, at: place, depth: depth + 1)
                } else if let other = rules["additionalProperties"] {
                    if other == .flag(false) {
                        fault(place, "is not known; known are \(known.keys.sorted().joined(separator: ", "))")
                    } else {
                        check(value, other, at: place, depth: depth + 1)
                    }
                }
            }
        }

        /// A model may invent a name of any length: the start of it says which one is meant.
        private static func join(_ path: String, _ name: String) -> String {
            let name = name.prefix(64)
            return path.isEmpty ? String(name) : "\(path).\(name)"
        }
    }
}

extension JSON {
    /// Of the JSON Schema type: a whole number is also a `number`, however it is written.
    fileprivate func isOf(_ type: String) -> Bool {
        switch type {
        case "integer": integer != nil
        case "number": number != nil
        default: type == kind
        }
    }

    /// JSON Schema's name for the kind of value.
    fileprivate var kind: String {
        switch self {
        case .null: "null"
        case .flag: "boolean"
        case .integer, .number: "number"
        case .text: "string"
        case .list: "array"
        case .object: "object"
        }
    }

    /// `1` and `1.0` are the same number (JSON Schema Core, section 4.2.2).
    fileprivate func isEqual(to other: JSON) -> Bool {
        if let left = number, let right = other.number { return left == right }
        return self == other
    }
}
