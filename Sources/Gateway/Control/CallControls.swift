import Actors

/// Every provider's way to act on live calls, for whoever knows a call by its identity: tools of a conversation.
package struct CallControls: Sendable {
    /// By provider, the preferred one first.
    package let all: [(provider: String, control: any ProviderControl)]

    package init(_ all: [(provider: String, control: any ProviderControl)]) { self.all = all }

    package subscript(provider: String) -> (any ProviderControl)? { all.first { $0.provider == provider }?.control }

    /// Presses keys in a live call.
    /// - Parameter digits: `0-9 * #`, and `w` for half a second's wait where the provider knows one; at most 32.
    /// - Throws: `ControlError`, whose message says what the provider cannot do.
    package func keys(_ digits: String, call: CallIdentity) async throws(ControlError) {
        guard let control = self[call.provider] else {
            throw ControlError(
                .notConfigured,
                "\(call.provider) cannot be asked to press keys: the configuration holds no account and key for it."
            )
        }
        let key = ProviderCallKey(provider: call.provider, id: call.providerCallID)
        try await control.perform(.digits(digits), on: key)
    }
}
