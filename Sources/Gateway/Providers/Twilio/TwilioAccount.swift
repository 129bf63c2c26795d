import Foundation

/// Who asks Twilio's REST API.
package struct TwilioAccount: Sendable, Equatable, CustomStringConvertible {
    /// HTTP Basic (RFC 7617): an account with its auth token, or an API key with its secret.
    package struct Credentials: Sendable, Equatable, CustomStringConvertible {
        let user: String
        let password: String

        /// Constant: a description ends up in logs.
        package var description: String { "Credentials" }
        var header: String { "Basic " + Data("\(user):\(password)".utf8).base64EncodedString() }
    }

    /// `AC…`.
    package let sid: String
    /// In the order they are tried: while a token is rotated only one of two may be valid for the API.
    package let credentials: [Credentials]
    /// Without a trailing slash.
    package let baseURL: String

    package var description: String { "TwilioAccount" }

    /// - Returns: nil while the account or its credentials are not configured.
    package init?(_ settings: TwilioSettings, tokens: [String]) {
        guard let sid = TwilioRequest.sid(settings.accountSID) else { return nil }
        self.sid = sid
        if let key = settings.apiKey, let secret = settings.apiKeySecret {
            credentials = [Credentials(user: key, password: secret)]
        } else {
            credentials = tokens.filter { !$0.isEmpty }.map { Credentials(user: sid, password: $0) }
        }
        guard !credentials.isEmpty else { return nil }
        var base = settings.baseURL
        while base.hasSuffix("/") { base.removeLast() }
        baseURL = base
    }
}
