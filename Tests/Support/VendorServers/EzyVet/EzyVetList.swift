import Foundation

/// A field of a record.
public enum EzyVetValue: Sendable, Hashable, Codable {
    case number(Int64)
    case text(String)
    case flag(Bool)

    public init(from decoder: any Decoder) throws {
        let single = try decoder.singleValueContainer()
        if let flag = try? single.decode(Bool.self) {
            self = .flag(flag)
        } else if let number = try? single.decode(Int64.self) {
            self = .number(number)
        } else {
            self = .text(try single.decode(String.self))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var single = encoder.singleValueContainer()
        switch self {
        case .number(let number): try single.encode(number)
        case .text(let text): try single.encode(text)
        case .flag(let flag): try single.encode(flag)
        }
    }

    /// As a filter compares it: `1` is a text, a number and yes.
    var plain: String {
        switch self {
        case .number(let number): String(number)
        case .text(let text): text
        case .flag(let flag): flag ? "1" : "0"
        }
    }
}

/// Records of one kind, asked for with filters and pages ("Filtering Guide": `field={"comparator":value}`).
struct EzyVetList {
    private let kind: String
    private let records: [EzyVetServer.Record]
    private let fields: [String]

    init(_ kind: String, _ records: [EzyVetServer.Record], _ fields: [String]) {
        (self.kind, self.records, self.fields) = (kind, records, fields)
    }

    func answer(_ query: [(name: String, value: String)]) throws(EzyVetRefusal) -> String {
        var (limit, page) = (10, 1)
        var found = records
        for item in query {
            switch item.name {
            case "limit":
                guard let value = Int(item.value), (1...200).contains(value) else {
                    throw EzyVetRefusal(400, "limit")
                }
                limit = value
            case "page":
                guard let value = Int(item.value), value >= 1 else { throw EzyVetRefusal(400, "page") }
                page = value
            case let name where fields.contains(name):
                let filter = try Self.filter(item.value)
                found = found.filter { filter($0[name]?.plain) }
            default: throw EzyVetRefusal(400, "no filter \(item.name)")
            }
        }
        let pages = max(1, (found.count + limit - 1) / limit)
        let shown = found.dropFirst((page - 1) * limit).prefix(limit)
        let items = shown.map { record in
            let json = (try? JSONEncoder().encode(record)) ?? Data()
            return #"{"\#(kind)":\#(String(decoding: json, as: UTF8.self))}"#
        }
        // Numbers of the envelope are texts.
        return #"{"meta":{"timestamp":"1","items_page":"\#(page)","items_page_total":"\#(pages)","#
            + #""items_page_size":"\#(limit)","items_total":"\#(found.count)"},"#
            + #""items":[\#(items.joined(separator: ","))],"messages":[]}"#
    }

    private static func filter(_ value: String) throws(EzyVetRefusal) -> @Sendable (String?) -> Bool {
        guard value.hasPrefix("{") else { return { $0 == value } }
        if let any = try? JSONDecoder().decode([String: [EzyVetValue]].self, from: Data(value.utf8)),
            any.keys.first == "in", let values = any["in"]
        {
            let plain = Set(values.map(\.plain))
            return { $0.map(plain.contains) ?? false }
        }
        guard let one = try? JSONDecoder().decode([String: EzyVetValue].self, from: Data(value.utf8)), !one.isEmpty
        else { throw EzyVetRefusal(400, "a filter that cannot be read") }
        for name in one.keys where !["eq", "neq", "gt", "lt", "gte", "lte"].contains(name) {
            throw EzyVetRefusal(400, "no comparator \(name)")
        }
        return { field in
            one.allSatisfy { name, value in
                guard let field else { return false }
                let (left, right) = (Int64(field), Int64(value.plain))
                switch (name, left, right) {
                case ("eq", _, _): return field == value.plain
                case ("neq", _, _): return field != value.plain
                case ("gt", let left?, let right?): return left > right
                case ("lt", let left?, let right?): return left < right
                case ("gte", let left?, let right?): return left >= right
                case ("lte", let left?, let right?): return left <= right
                default: return false
                }
            }
        }
    }
}
