import Engine

/// What language models take in and give out, by provider: what a vendor's bill is made of.
///
/// Counted is what a vendor tells at the end of an answer; a request that is given up before tells nothing.
public final class ModelTokens: Sendable {
    public struct Count: Sendable, Equatable {
        public var provider: String
        public var input = 0
        public var output = 0
        /// Of the input, taken from the vendor's cache.
        public var cached = 0
    }

    private let counts: Locked<[Count]>

    /// - Parameter providers: metric labels; each is there before its first request.
    public init(_ providers: [String] = []) {
        counts = Locked(
            providers.reduce(into: []) { counts, provider in
                if !counts.contains(where: { $0.provider == provider }) { counts.append(Count(provider: provider)) }
            }
        )
    }

    /// Negative amounts count as none.
    public func add(_ usage: ChatUsage, of provider: String) {
        counts.withLock { counts in
            let index = counts.firstIndex { $0.provider == provider } ?? counts.endIndex
            if index == counts.endIndex { counts.append(Count(provider: provider)) }
            counts[index].input += max(0, usage.inputTokens)
            counts[index].output += max(0, usage.outputTokens)
            counts[index].cached += max(0, usage.cachedTokens)
        }
    }

    public var all: [Count] { counts.withLock { $0 } }
}
