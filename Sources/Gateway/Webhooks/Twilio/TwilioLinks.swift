/// The addresses the engine gives Twilio. What they carry comes back signed; never a number and never what was said.
package struct TwilioLinks: Sendable, Equatable {
    package let publicURL: PublicURL

    package init(_ publicURL: PublicURL) { self.publicURL = publicURL }

    package var socket: String { publicURL.socket("/twilio/ws") }

    package func url(_ endpoint: TwilioEndpoint, tenant: String, _ more: [(name: String, value: String?)] = [])
        -> String
    {
        let query = ([("tenant", tenant)] + more).compactMap { name, value in
            value.map { "\(name)=\(PercentText.encoded($0))" }
        }
        return publicURL.http(endpoint.path) + "?" + query.joined(separator: "&")
    }
}

/// Percent-encoding (RFC 3986, section 2.1): all but the unreserved characters.
package enum PercentText {
    private static let digits = Array("0123456789ABCDEF".unicodeScalars)

    package static func encoded(_ text: String) -> String {
        var output = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                output.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                output += "%"
                output.unicodeScalars.append(digits[Int(byte >> 4)])
                output.unicodeScalars.append(digits[Int(byte & 15)])
            }
        }
        return output
    }

    /// `application/x-www-form-urlencoded`.
    package static func form(_ parameters: [(String, String)]) -> String {
        parameters.map { "\(encoded($0.0))=\(encoded($0.1))" }.joined(separator: "&")
    }
}
