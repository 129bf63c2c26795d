import Foundation
import Gateway

/// The sender's side of the signature, written apart from the verifier: the names here are unique and sorted plainly.
struct TwilioSigner {
    let token: String

    func sign(_ url: String, _ parameters: [(String, String)]) -> String {
        let text =
            url + parameters.sorted { $0.0.utf8.lexicographicallyPrecedes($1.0.utf8) }.map { $0.0 + $0.1 }.joined()
        let code = MessageAuthentication.code(.sha1, key: Array(token.utf8), message: Array(text.utf8))
        return Data(code).base64EncodedString()
    }

    static func form(_ parameters: [(String, String)]) -> String {
        parameters.map { pair in
            [pair.0, pair.1].map { $0.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "" }
                .joined(separator: "=")
        }.joined(separator: "&")
    }
}
