import Foundation
import Hummingbird

/// Which calls of a list are wanted: `page, per_page, direction, call_type, date_from, date_to`.
package struct CallQuery: Sendable, Equatable {
    package var page = 1
    package var perPage = 20
    package var direction: ProviderEvent.Direction?
    /// The provider.
    package var callType: String?
    /// By the time a call began.
    package var from: Date?
    package var before: Date?

    package static let maximumPerPage = 100
    package static let maximumPage = 1_000_000

    package init() {}

    /// - Throws: `APIError` that names the parameter. A filter that would not be honoured is refused, not left out.
    package init(_ parameters: [(name: String, value: String)]) throws {
        for (name, value) in parameters where !value.isEmpty {
            switch name {
            case "page": page = try Self.number(name, value, 1...Self.maximumPage)
            case "per_page": perPage = try Self.number(name, value, 1...Self.maximumPerPage)
            case "direction":
                guard let known = ProviderEvent.Direction(rawValue: value) else {
                    throw Self.fault(name, "is inbound or outbound")
                }
                direction = known
            case "call_type":
                guard TelephonyProviders.names.contains(value) else {
                    throw Self.fault(name, "is one of \(TelephonyProviders.names.joined(separator: ", "))")
                }
                callType = value
            case "date_from": from = try Self.date(name, value).start
            case "date_to": before = try Self.date(name, value).end
            case "contact_id", "case_id":
                throw APIError(
                    .badRequest,
                    "unsupported_filter",
                    "\(name): the call book files calls by provider, direction and time only; filter by call_type, "
                        + "direction, date_from and date_to."
                )
            default: break
            }
        }
        if let from, let before, from >= before {
            throw Self.fault("date_to", "lies before date_from")
        }
    }

    package var offset: Int { (page - 1) * perPage }

    package func holds(_ entry: CallBook.Entry) -> Bool {
        if let direction, entry.direction != direction { return false }
        if let callType, entry.call.provider != callType { return false }
        if let from, entry.openedAt < from { return false }
        if let before, entry.openedAt >= before { return false }
        return true
    }

    private static func number(_ name: String, _ text: String, _ range: ClosedRange<Int>) throws -> Int {
        guard let number = Int(text), range.contains(number) else {
            throw fault(name, "is a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    private static func date(_ name: String, _ text: String) throws -> DateText {
        guard let date = DateText(text) else {
            throw fault(name, "is a day like 2026-11-21 or an instant like 2026-11-21T09:30:00Z")
        }
        return date
    }

    private static func fault(_ name: String, _ problem: String) -> APIError {
        APIError(.badRequest, "bad_parameter", "\(name) \(problem).")
    }
}

extension CallQuery {
    init(_ request: Request) throws {
        try self.init(request.uri.queryParameters.map { (String($0.key), String($0.value)) })
    }
}
