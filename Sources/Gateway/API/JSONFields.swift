import Actors
import Foundation

/// The fields of a request's JSON object, each named in what is wrong with it.
struct JSONFields {
    private let fields: [String: Any]

    /// - Parameter names: fields there are; any other is a fault, so that a misspelt one is not left out in silence.
    init(_ body: [UInt8], names: Set<String>) throws(APIError) {
        if body.isEmpty {
            fields = [:]
            return
        }
        guard let object = (try? JSONSerialization.jsonObject(with: Data(body))) as? [String: Any] else {
            throw APIError(.badRequest, "bad_json", "The body is not a JSON object.")
        }
        if let unknown = object.keys.sorted().first(where: { !names.contains($0) }) {
            let known = names.isEmpty ? "none is known" : "known: \(names.sorted().joined(separator: ", "))"
            throw Self.fault(String(unknown.prefix(40)), "is not a field of this request; \(known)")
        }
        fields = object
    }

    /// - Parameter bytes: the longest text that is taken.
    /// - Returns: nil where the field is missing, null or empty.
    func text(_ name: String, atMost bytes: Int) throws(APIError) -> String? {
        guard let value = fields[name], !(value is NSNull) else { return nil }
        guard let text = value as? String else { throw Self.fault(name, "must be text") }
        guard text.utf8.count <= bytes else { throw Self.fault(name, "is longer than \(bytes) bytes") }
        guard !text.unicodeScalars.contains(where: { $0.value < 0x20 && $0 != "\n" && $0 != "\t" }) else {
            throw Self.fault(name, "holds a control character")
        }
        let trimmed = text.trimmingCharacters(in: .whitespacesAndNewlines)
        return trimmed.isEmpty ? nil : trimmed
    }

    func required(_ name: String, atMost bytes: Int) throws(APIError) -> String {
        guard let text = try text(name, atMost: bytes) else { throw Self.fault(name, "is missing") }
        return text
    }

    /// E.164. The number itself is never repeated.
    func phoneNumber(_ name: String) throws(APIError) -> String? {
        guard let text = try text(name, atMost: 32) else { return nil }
        guard PhoneNumberText.isE164(text) else {
            throw Self.fault(name, "is not a number in E.164: a plus, then 8 to 15 digits, like +442071838750")
        }
        return text
    }

    static func fault(_ name: String, _ problem: String) -> APIError {
        APIError(.badRequest, "bad_field", "\(name) \(problem).")
    }
}
