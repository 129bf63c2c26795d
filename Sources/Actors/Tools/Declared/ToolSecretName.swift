/// Names of environment variables that a profile may use as secrets.
///
/// Only names made for that: otherwise a profile could send a vendor's key, or the database's password, to its own address.
package enum ToolSecretName {
    package static let prefix = "PARLEY_TOOL_"

    package static func isAllowed(_ name: String) -> Bool {
        guard name.hasPrefix(prefix), (prefix.utf8.count + 1...100).contains(name.utf8.count) else { return false }
        return name.utf8.allSatisfy {
            (0x41...0x5A).contains($0) || (0x30...0x39).contains($0) || $0 == UInt8(ascii: "_")
        }
    }
}

/// What is wrong with a tool that a profile declares: which field, what, and what would be right.
public struct DeclarationFault: Error, Sendable, Hashable, CustomStringConvertible {
    /// The field's name in the profile: `url`, `auth.secret`.
    public var field: String
    public var message: String

    public init(_ field: String, _ message: String) {
        self.field = field
        self.message = message
    }

    public var description: String { "\(field): \(message)" }
}
