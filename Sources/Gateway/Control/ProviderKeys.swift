import Actors
import Synchronization

/// Presses keys in calls whose media the engine carries, each through its provider.
///
/// Made before the engine, because a call's tools are: the engine connects it to its book and its providers.
public final class ProviderKeys: KeySender {
    private struct Line {
        let book: CallBook
        let controls: [String: any ProviderControl]
    }

    private let line = Mutex<Line?>(nil)

    public init() {}

    /// - Parameter controls: by provider.
    package func connect(book: CallBook, controls: [String: any ProviderControl]) {
        line.withLock { $0 = Line(book: book, controls: controls) }
    }

    /// Whether a provider's calls outlive a pressed key: only then is a model offered it.
    public func canPress(in call: CallIdentity?) -> Bool {
        guard let call else { return false }
        return line.withLock { $0?.controls[call.provider]?.keysKeepTheStream ?? false }
    }

    public func press(_ keys: String, call: String) async throws {
        guard let line = line.withLock({ $0 }), let entry = line.book.entry(named: call), entry.isLive else {
            throw ToolError(.refused, "The call is over: no keys can be pressed in it.")
        }
        guard let control = line.controls[entry.call.provider], control.keysKeepTheStream else {
            throw ToolError(
                .refused,
                "This call's telephone provider cannot press keys while you are speaking with somebody. Say so, or offer "
                    + "another way."
            )
        }
        do {
            try await control.perform(.digits(keys), on: entry.call)
        } catch {
            throw ToolError(error)
        }
    }
}

extension ToolError {
    /// What a provider refused, for a model: without what only an operator can mend.
    fileprivate init(_ error: ControlError) {
        switch error.code {
        case .notSupported: self.init(.refused, error.message)
        case .gone: self.init(.refused, "The call is over: no keys can be pressed in it.")
        case .notConfigured, .rateLimited, .failed:
            self.init(.unavailable, "The telephone provider did not press the keys. They may not have been heard.")
        }
    }
}
