import Gateway
import TestSupport

/// The recorded webhook bodies, read without Foundation: their ids do not fit a double.
enum RingoverBodies {
    struct Body: Sendable {
        var id: String
        var body: JSONValue
        var expect: JSONValue
    }

    static var all: [Body] {
        get throws {
            let file = try JSONValue(parsing: Array(Fixtures.bytes("vectors/ringover-webhooks.json")))
            guard case .list(let rows)? = file["bodies"] else { return [] }
            return rows.compactMap { row in
                guard let id = row["id"]?.word, let body = row["body"], let expect = row["expect"] else { return nil }
                return Body(id: id, body: body, expect: expect)
            }
        }
    }

    static func bytes(_ id: String) throws -> [UInt8] {
        Array((try all.first { $0.id == id }?.body.canonical ?? "").utf8)
    }
}
