import NIOHTTP1

/// How one vendor says it: what its server takes, refuses and sends. Written from the vendor's page.
protocol ChatDialect: Sendable {
    /// Where questions are posted.
    var path: String { get }
    /// Below the server's address; what a client is given as its base.
    var basePath: String { get }
    /// - Throws: `ChatRefusal`, as the vendor would.
    func read(_ body: [UInt8], headers: HTTPHeaders, number: Int) throws -> ChatServerRequest
    func error(_ refusal: ChatRefusal) -> String
    /// The events of an answer.
    func frames(_ answer: ScriptedAnswer, to request: ChatServerRequest) -> [ChatFrame]
    /// An event that begins as the vendor's do and is no JSON.
    var malformed: String { get }
}

/// One write of the server.
struct ChatFrame: Sendable {
    var bytes: [UInt8]
    /// A piece of the model's answer, which takes its time.
    var isToken: Bool

    init(_ text: String, isToken: Bool = false) {
        bytes = Array(text.utf8)
        self.isToken = isToken
    }
}

/// What the vendor answers instead.
struct ChatRefusal: Error, Equatable {
    var status: Int
    var type: String
    var message: String
    var code: String? = nil

    init(_ status: Int, _ type: String, _ message: String, code: String? = nil) {
        self.status = status
        self.type = type
        self.message = message
        self.code = code
    }

    static func invalid(_ message: String) -> Self { Self(400, "invalid_request_error", message) }
}
