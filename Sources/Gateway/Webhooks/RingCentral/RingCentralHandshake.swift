/// What a request to the notification address is, before anything in it is believed.
///
/// While a subscription is made the platform posts an empty body with a random `Validation-Token` and wants it back at
/// once: status 200, the same header, `Content-Type: application/json` even on an empty body, 1024 bytes in all.
///
/// - Source: RingCentral, "Creating webhooks" and "Receiving webhooks" (2026-04-28).
package enum RingCentralHandshake: Equatable, Sendable {
    /// Answer with the token.
    case echo(String)
    /// A notification; its token is sent back too where it is safe to.
    case notification(echo: String?)
    /// A token that cannot be sent back: it would break the header or the answer's limit.
    case unsafeToken
    /// Neither a token nor a body.
    case nothing

    /// Leaves room in 1024 bytes for the status line and every other header of ours.
    package static let longestToken = 512

    /// - Parameter tokens: each `Validation-Token` header's value.
    package init(tokens: [String], body: [UInt8]) {
        let hasBody = body.contains { $0 != 0x20 && $0 != 0x09 && $0 != 0x0A && $0 != 0x0D }
        let token = tokens.count == 1 && Self.isSafe(tokens[0]) ? tokens[0] : nil
        switch (tokens.isEmpty, hasBody) {
        case (_, true): self = .notification(echo: token)
        case (true, false): self = .nothing
        case (false, false): self = token.map { .echo($0) } ?? .unsafeToken
        }
    }

    /// Visible ASCII (RFC 9110 section 5.5 without white space): nothing that could split a header.
    private static func isSafe(_ token: String) -> Bool {
        (1...longestToken).contains(token.utf8.count) && token.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }
}
