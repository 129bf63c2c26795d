/// How one Messages server differs from the vendor's own.
public struct AnthropicManner: Sendable {
    /// nil asks for none.
    public var key: String?
    /// In `Authorization: Bearer`; off: in `x-api-key`.
    public var takesBearer = true

    public init(key: String? = nil) { self.key = key }
}
