extension TenantProfile {
    /// Providers of each leg in the order they are asked; nil leaves it to the engine's settings.
    public struct Legs: Sendable, Equatable {
        public var stt: [String]?
        public var llm: [String]?
        public var tts: [String]?

        public init(stt: [String]? = nil, llm: [String]? = nil, tts: [String]? = nil) {
            self.stt = stt
            self.llm = llm
            self.tts = tts
        }
    }
}
