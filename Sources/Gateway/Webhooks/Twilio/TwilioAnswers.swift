import Actors
import Engine

/// What Twilio is told to do with a call, as pure decisions.
package struct TwilioAnswers: Sendable {
    package let publicURL: PublicURL

    package init(publicURL: PublicURL) { self.publicURL = publicURL }

    /// The first webhook of a call: connect its audio, and come back when the socket has closed.
    package func voice(profile: TenantProfile) -> TwiML {
        TwiML([
            .connect(
                stream: publicURL.socket("/twilio/ws"),
                action: publicURL.http("/twilio/continue"),
                parameters: [("tenant", profile.id)]
            )
        ])
    }

    /// No tenant answers this number.
    package static let unknownNumber = TwiML([.reject(reason: "rejected")])

    /// Every place is taken: the caller hears why instead of a dead line.
    package static let busy = TwiML([
        .say("All our lines are busy. Please call again in a few minutes.", language: "en-US"), .hangup,
    ])

    /// After the socket closed: what the conversation decided, or a way out when it could not.
    package func next(outcome: CallOutcome?, profile: TenantProfile?) -> TwiML {
        let language = profile?.language ?? "en-US"
        switch outcome?.reason {
        case .transferred:
            guard let number = outcome?.transferTo else { return TwiML([.hangup]) }
            return TwiML([.dial(number)])
        case .agentHungUp, .providerStopped, .silent, .tooLong:
            return TwiML([.hangup])
        case .connectionLost, .drained, .protocolError, .legFailed, .voicemail, nil:
            guard let transfer = profile?.transfer else {
                return TwiML([
                    .say("We are sorry, we cannot continue this call. Please call again.", language: language), .hangup,
                ])
            }
            return TwiML([.say("One moment please.", language: language), .dial(transfer.number)])
        }
    }
}

/// The engine's address as the outside sees it.
package struct PublicURL: Sendable, Equatable {
    /// Without a trailing slash: `https://voice.example.net`.
    package let base: String

    package init(_ text: String) {
        var text = text
        while text.hasSuffix("/") { text.removeLast() }
        base = text
    }

    package func http(_ path: String) -> String { base + path }

    /// `ws` for `http`, `wss` for `https`.
    package func socket(_ path: String) -> String {
        base.hasPrefix("http") ? "ws" + base.dropFirst(4) + path : base + path
    }
}
