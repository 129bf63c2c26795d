import Foundation
import TestSupport

/// The wire vectors in `Tests/Fixtures/vectors`, as Foundation reads them.
enum WireVectors {
    static func object(_ name: String) throws -> [String: Any] {
        try parse(Data(Fixtures.bytes("vectors/\(name)")))
    }

    static func list(_ name: String, _ key: String) throws -> [[String: Any]] {
        guard let list = try object(name)[key] as? [[String: Any]] else { throw CocoaError(.propertyListReadCorrupt) }
        return list
    }

    /// The provider's messages of a transcript, each written again as text in one of several ways.
    static func messages(_ name: String, _ options: JSONSerialization.WritingOptions) throws -> [String] {
        try Fixtures.text("vectors/\(name)").split(separator: "\n").compactMap { line in
            let entry = try parse(Data(line.utf8))
            guard entry["dir"] as? String == "from_provider", let message = entry["msg"] else { return nil }
            return String(
                decoding: try JSONSerialization.data(withJSONObject: message, options: options),
                as: UTF8.self
            )
        }
    }

    static func parse(_ data: Data) throws -> [String: Any] {
        guard let object = try JSONSerialization.jsonObject(with: data) as? [String: Any] else {
            throw CocoaError(.propertyListReadCorrupt)
        }
        return object
    }
}

extension Dictionary<String, Any> {
    func text(_ key: String) -> String { self[key] as? String ?? "" }
    func flag(_ key: String) -> Bool { self[key] as? Bool ?? false }
    func number(_ key: String) -> Int? { self[key] as? Int }
    func object(_ key: String) -> [String: Any] { self[key] as? [String: Any] ?? [:] }
    func pairs(_ key: String) -> [[String]] { self[key] as? [[String]] ?? [] }
}
