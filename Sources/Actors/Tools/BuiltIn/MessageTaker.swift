/// A message that a caller leaves for the tenant's people.
public struct CallerMessage: Sendable, Hashable, Codable {
    public var idempotencyKey: String
    /// Seconds since 1970.
    public var takenAt: Double
    public var call: String
    public var tenant: String
    /// E.164; nil when it was withheld and not told.
    public var callBack: String?
    public var name: String
    public var text: String
    public var isUrgent: Bool

    public init(
        idempotencyKey: String,
        takenAt: Double,
        call: String,
        tenant: String,
        callBack: String?,
        name: String,
        text: String,
        isUrgent: Bool
    ) {
        self.idempotencyKey = idempotencyKey
        self.takenAt = takenAt
        self.call = call
        self.tenant = tenant
        self.callBack = callBack
        self.name = name
        self.text = text
        self.isUrgent = isUrgent
    }
}

/// Keeps messages until somebody reads them.
public protocol MessageTaker: Sendable {
    /// Returns once the message would outlive a crash. One with a key that was taken before is not kept twice.
    ///
    /// - Throws: `ToolError`.
    func take(_ message: CallerMessage) async throws
}
