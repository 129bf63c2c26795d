import Foundation

/// A request of Twilio's whose signature was checked: its parameters, and the query of our own making.
///
/// Everything a caller or a vendor can write is text of any length: accessors give what is well formed and nil otherwise.
package struct TwilioRequest: Sendable {
    /// The form of a POST, the query of a GET.
    package var parameters: FormParameters
    /// What the engine wrote into the address it gave Twilio.
    package var query: FormParameters

    package init(parameters: FormParameters, query: FormParameters = FormParameters()) {
        self.parameters = parameters
        self.query = query
    }

    package subscript(name: String) -> String? { parameters[name] }

    /// A parameter that is there and not empty.
    package func text(_ name: String) -> String? { parameters[name].flatMap { $0.isEmpty ? nil : $0 } }

    /// `CA…`, `RE…`, `TR…`: letters and digits.
    ///
    /// - Returns: nil for anything else, so that an id is safe in a path, a log and a dictionary.
    package func sid(_ name: String) -> String? { Self.sid(parameters[name]) }

    package static func sid(_ text: String?) -> String? {
        guard let text, (1...64).contains(text.utf8.count) else { return nil }
        let isPlain = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "a")...UInt8(ascii: "z"):
                true
            default: false
            }
        }
        return isPlain ? text : nil
    }

    /// A whole number from 0 that is not absurd.
    package func number(_ name: String) -> Int? {
        parameters[name].flatMap { text in
            text.utf8.count <= 9 && text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int(text) : nil
        }
    }

    package var callSID: String? { sid("CallSid") }

    /// The tenant named in the address; only ours carry one.
    package var namedTenant: String? { query["tenant"] }

    package var direction: ProviderEvent.Direction? {
        switch parameters["Direction"] {
        case "inbound": .inbound
        case "outbound-api", "outbound-dial": .outbound
        default: nil
        }
    }

    /// The number of ours: called by an inbound call, calling in an outbound one.
    package var ourNumber: String { text(direction == .outbound ? "From" : "To") ?? "" }

    /// When it happened, by Twilio's clock.
    package var timestamp: Date? {
        text("Timestamp").flatMap { MailDate.parse($0) ?? (try? Date($0, strategy: Self.isoStrategy)) }
    }

    private static let isoStrategy = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
}
