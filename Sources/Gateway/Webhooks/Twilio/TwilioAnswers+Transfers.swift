import Actors

/// What a caller and a person get who are brought together in a conference.
extension TwilioAnswers {
    package enum Party: Sendable { case caller, person }

    /// The person hears who is waiting, and then asks again.
    func brief(_ brief: String, call: String, _ tenant: TenantProfile?) -> TwiML {
        let next = links.url(.transferJoin, tenant: tenant?.id ?? "", [("call", call)])
        return TwiML([
            .say(brief, language: tenant?.language ?? "en-US"), .redirect(TwiML.Redirect(next, method: .post)),
        ])
    }

    /// Asked again a second later.
    func wait(call: String, _ tenant: TenantProfile?) -> TwiML {
        let again = links.url(.transfer, tenant: tenant?.id ?? "", [("call", call)])
        return TwiML([.pause(seconds: 1), .redirect(TwiML.Redirect(again, method: .post))])
    }

    /// Both meet under the caller's call id; whoever leaves ends it for the other.
    package func conference(_ call: String, tenant: String, for party: Party) -> TwiML {
        let room = TwiML.Conference(
            call,
            beep: false,
            startConferenceOnEnter: true,
            endConferenceOnExit: true,
            // A caller who comes first hears the vendor's music; a person who does waits for a moment in silence.
            waitUrl: party == .caller ? nil : ""
        )
        return TwiML([
            .dial(
                TwiML.Dial(
                    [.conference(room)],
                    action: party == .caller ? links.url(.dialDone, tenant: tenant) : nil,
                    method: party == .caller ? .post : nil
                )
            )
        ])
    }
}
