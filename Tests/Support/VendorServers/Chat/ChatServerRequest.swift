/// What a language model's server was asked, in no vendor's words any more.
public struct ChatServerRequest: Sendable {
    public struct Message: Sendable, Equatable {
        /// `user`, `assistant`, `tool`.
        public var role: String
        public var text: String
        /// Tools called here, by name; of a result, the id of its call.
        public var calls: [String] = []
        public var callID: String?

        public init(role: String, text: String, calls: [String] = [], callID: String? = nil) {
            self.role = role
            self.text = text
            self.calls = calls
            self.callID = callID
        }
    }

    /// Counts from 1, requests that were answered with a fault included.
    public var number: Int
    public var model: String
    public var system: String
    public var messages: [Message]
    /// By name.
    public var tools: [String]
    public var maximumTokens: Int
    /// As they came; names as they were written.
    public var headers: [(name: String, value: String)]
    /// JSON text.
    public var body: String

    /// What the caller said last.
    public var said: String { messages.last { $0.role == "user" }?.text ?? "" }
    /// The results of tools that this request brings.
    public var results: [String] { messages.reversed().prefix { $0.role == "tool" }.reversed().map(\.text) }
}
