import Foundation

/// The wire vectors in `Tests/Fixtures/vectors`.
enum Vectors {
    static let directory = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Fixtures/vectors")

    static func data(_ name: String) throws -> Data {
        try Data(contentsOf: directory.appendingPathComponent(name))
    }

    static func object(_ name: String) throws -> [String: Any] {
        try parse(data(name))
    }

    static func lines(_ name: String) throws -> [[String: Any]] {
        try data(name).split(separator: 0x0A).map { try parse(Data($0)) }
    }

    static func parse(_ data: Data) throws -> [String: Any] {
        guard let object = try JSONSerialization.jsonObject(with: data) as? [String: Any] else {
            throw CocoaError(.propertyListReadCorrupt)
        }
        return object
    }

    static func parse(_ text: String) throws -> [String: Any] { try parse(Data(text.utf8)) }
}
