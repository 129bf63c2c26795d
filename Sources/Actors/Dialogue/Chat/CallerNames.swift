import Engine

/// What takes a caller's personal data out of one call's words to the model. Knows the caller's names from the moment on in
/// which a tool finds them in the tenant's records.
final class CallerNames: Sendable {
    private struct State {
        var names: [String] = []
        var redactor: Redactor
    }

    /// More than a number is ever filed under.
    private static let most = 8
    private let profile: TenantProfile
    private let state: Locked<State>

    init(_ profile: TenantProfile) {
        self.profile = profile
        state = Locked(State(redactor: profile.redactor(for: .model)))
    }

    func redact(_ text: String) -> String { state.withLock { $0.redactor }.redact(text) }

    func learn(_ names: [String]) {
        state.withLock { state in
            let new = names.filter { !state.names.contains($0) }.prefix(Self.most - state.names.count)
            guard !new.isEmpty else { return }
            state.names += new
            state.redactor = profile.redactor(for: .model, names: state.names)
        }
    }
}
