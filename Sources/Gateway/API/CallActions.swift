import Actors

/// Carries out what operators ask for: through the conversation where the engine carries the call's sound, otherwise through
/// its provider.
struct CallActions: Sendable {
    enum Way: String, Sendable { case conversation, provider }

    let desk: any LiveCallDesk
    /// By provider, the preferred one first.
    let controls: [(provider: String, control: any ProviderControl)]

    func perform(_ command: CallCommand, on entry: CallBook.Entry) async throws(ControlError) -> Way {
        if entry.isLive, let id = entry.mediaCall, let instruction = instruction(command),
            desk.instruct(id, instruction)
        {
            return .conversation
        }
        let hasEnded = entry.lifecycle.phase?.isEnded ?? false
        guard entry.isLive || !hasEnded else { throw ControlError(.gone, "The call is over.") }
        try await control(entry.call.provider).perform(try request(command), on: entry.call)
        return .provider
    }

    func call(_ outbound: OutboundCall) async throws(ControlError) -> ProviderCallKey {
        let id = try await control(outbound.provider).call(outbound.to, from: outbound.from, tenant: outbound.tenant)
        return ProviderCallKey(provider: outbound.provider, id: id)
    }

    private func instruction(_ command: CallCommand) -> CallInstruction? {
        switch command {
        case .transfer(let number, let announcement, let brief):
            .transfer(number: number, announcement: announcement, brief: brief)
        case .hangUp: .hangUp
        case .say(let text): .say(text)
        // Tones are the provider's: the conversation has none.
        case .digits: nil
        }
    }

    private func request(_ command: CallCommand) throws(ControlError) -> ControlRequest {
        switch command {
        case .transfer(let number, _, let brief?): return .transfer(to: number, .warm(brief: brief))
        case .transfer(let number, _, nil): return .transfer(to: number, .blind)
        case .hangUp: return .hangUp
        case .digits(let digits): return .digits(digits)
        case .say:
            throw ControlError(.notSupported, "Nothing can be said: the engine does not carry this call's sound.")
        }
    }

    private func control(_ provider: String) throws(ControlError) -> any ProviderControl {
        guard let known = controls.first(where: { $0.provider == provider }) else {
            throw ControlError(
                .notConfigured,
                "\(provider) cannot be asked to act on calls: the configuration holds no account and key for it."
            )
        }
        return known.control
    }
}
