/// A kind of personal data that is recognised in text.
public enum PersonalKind: String, Sendable, CaseIterable {
    case card, iban, phone, email
    /// A date that is said to be one of birth.
    case birthDate = "birth_date"
    /// The name in the caller's record.
    case name
    /// Any other number of twelve digits or more.
    case number

    /// What stands in its place.
    public var mark: String { "[\(rawValue)]" }
}

/// Where a call's words go.
public enum RedactionSink: String, Sendable, CaseIterable {
    /// Event streams, the console.
    case events
    /// What is stored about the call.
    case records
    /// Log lines under `pii` keys.
    case logs
    /// Requests to a language model.
    case model
}

/// What is taken out of the words before each sink.
public struct RedactionPolicy: Sendable, Equatable {
    public var kinds: [RedactionSink: Set<PersonalKind>]

    /// The default keeps payment data out of everything, and everything out of the logs.
    public init(
        _ kinds: [RedactionSink: Set<PersonalKind>] = [
            .events: [.card, .iban],
            .records: [.card, .iban],
            .logs: Set(PersonalKind.allCases),
            .model: [.card],
        ]
    ) {
        self.kinds = kinds
    }

    public func kinds(for sink: RedactionSink) -> Set<PersonalKind> { kinds[sink] ?? [] }
}

extension TenantProfile {
    /// What takes this tenant's callers out of the words for one sink.
    /// - Parameter names: of the caller's record.
    public func redactor(for sink: RedactionSink, names: [String] = []) -> Redactor {
        Redactor(kinds: redaction.kinds(for: sink), languages: spokenLanguages, names: names)
    }
}
