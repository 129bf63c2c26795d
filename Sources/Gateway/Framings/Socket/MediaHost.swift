import Actors
import Engine

/// What a media socket needs of the engine around it.
struct MediaHost: Sendable {
    let reception: Reception
    let flusher: SocketFlusher
    let limits: SocketLimits
    /// What the provider's webhooks told of its calls; nil where the stream itself says everything.
    var book: CallBook?
    /// Where sockets that can be told something are found; nil where the provider has an API for it.
    var sockets: LiveSockets?
    /// How the call ended, for what is to be told before the socket closes.
    var outcomes: RecentOutcomes?
    /// How long a caller may be kept with hold music while the provider moves the call; zero where nobody would move it.
    var handOverTime: Duration = .zero

    /// Whose call this is: named by the stream, else by our number in it, else by what a webhook told of it.
    func profile(for opening: StreamOpening, provider: String) -> TenantProfile? {
        if let tenant = opening.tenant { return reception.tenants.profile(id: tenant) }
        if let number = opening.ownNumber { return reception.tenants.profile(calledNumber: number) }
        if let known = book?.entry(ProviderCallKey(provider: provider, id: opening.callID)) {
            return reception.tenants.profile(id: known.tenant)
        }
        return reception.profile(for: nil)
    }

    /// The caller's number as a webhook told it; nil when it was withheld or is no E.164 number.
    func callerNumber(_ callID: String, provider: String) -> String? {
        book?.entry(ProviderCallKey(provider: provider, id: callID))?.from.flatMap {
            PhoneNumberText.isE164($0) ? $0 : nil
        }
    }

    /// Counts a message that was not used. Twilio's names stand alone, every other provider's behind its own.
    func reject(_ reason: String, provider: String) {
        reception.sockets.rejected(provider == "twilio" ? reason : "\(provider).\(reason)")
    }

    /// Where a caller is handed to when the engine lets go of the call, at a provider that does nothing by itself.
    ///
    /// Waits for the conversation's last line, which comes a moment after the call's media has ended.
    func destination(after reason: EndReason, callID: String, profile: TenantProfile) async -> String? {
        switch reason {
        case .transferred: await outcomes?.settled(callID)?.outcome.transferTo ?? profile.transfer?.number
        // The call cannot go on here, and the caller is still on the line.
        case .legFailed, .drained, .voicemail: profile.transfer?.number
        case .agentHungUp, .silent, .tooLong, .providerStopped, .connectionLost, .protocolError: nil
        }
    }
}
