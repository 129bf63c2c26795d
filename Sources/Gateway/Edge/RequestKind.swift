/// What a request's path says about whom it is for. Paths are taken apart as the router does it: empty parts do not count.
package struct RequestKind: Equatable, Sendable {
    /// A metric label: a provider's name, or `edge` for all else.
    package let provider: String
    /// Health and metrics: what orchestrators ask.
    package let isOperations: Bool
    /// Answered whatever the list of allowed addresses says: operations, and what an operator's token opens. Everything
    /// else, also a path nobody serves, is behind the list.
    package let isOpen: Bool
    /// The provider reads TwiML from the answer and plays it to a caller.
    package let speaksTwiML: Bool

    package init(uri: String) {
        let path = uri.utf8.prefix { $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#") }
        let parts = path.split(separator: UInt8(ascii: "/"), maxSplits: 4).map { String(decoding: $0, as: UTF8.self) }
        switch parts.first {
        case "health", "metrics":
            self.init("edge", isOperations: true)
        case "twilio" where parts.count == 2 && parts[1] == "health":
            self.init("twilio", isOperations: true)
        case "twilio" where parts.count == 2 && parts[1] == "sessions":
            self.init("twilio", isOpen: true)
        case "twilio":
            self.init("twilio", speaksTwiML: parts.count == 2 && Self.twimlPaths.contains(parts[1]))
        case "ringover": self.init("ringover")
        case "api" where parts.starts(with: ["api", "v1", "webhooks"]):
            self.init(parts.count > 3 && parts[3] == "ringover" ? "ringover" : "edge")
        case "api" where parts.starts(with: ["api", "v1", "ringcentral", "webhooks"]): self.init("ringcentral")
        case "api" where parts.count > 1 && parts[1] == "v1": self.init("edge", isOpen: true)
        case "console", "docs", "openapi.yaml": self.init("edge", isOpen: true)
        default: self.init("edge")
        }
    }

    private init(
        _ provider: String,
        isOperations: Bool = false,
        isOpen: Bool = false,
        speaksTwiML: Bool = false
    ) {
        self.provider = provider
        self.isOperations = isOperations
        self.isOpen = isOpen || isOperations
        self.speaksTwiML = speaksTwiML
    }

    private static let twimlPaths: Set<String> = ["voice", "dtmf", "continue", "dial-done", "record-done", "whisper"]

    /// A request that was not read as far as its path.
    package static let unread = RequestKind("edge")
}
