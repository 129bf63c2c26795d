import Actors
import Engine
import Foundation

/// What Twilio is told to do with a call, as pure decisions.
package struct TwilioAnswers: Sendable {
    /// Whether the talking agent can take a call.
    package enum Agent: Sendable, Equatable {
        case free
        /// Every place is taken.
        case full
        /// Switched off, or broken earlier in this call: callers reach a person.
        case off
    }

    package private(set) var links: TwilioLinks
    private let isOpen: @Sendable (TenantProfile, Date) -> Bool

    /// - Parameter isOpen: the tenant's hours at a time; asked only for tenants that have some.
    package init(
        publicURL: PublicURL,
        isOpen: @escaping @Sendable (TenantProfile, Date) -> Bool = { _, _ in true }
    ) {
        links = TwilioLinks(publicURL)
        self.isOpen = isOpen
    }

    /// The same answers with addresses at which the sender of one request reaches the engine.
    package func at(_ publicURL: PublicURL) -> TwilioAnswers {
        var answers = self
        answers.links = TwilioLinks(publicURL)
        return answers
    }

    /// No tenant answers this number.
    package static let unknownNumber = TwiML([.reject(.rejected)])

    /// Every place is taken: the caller hears why instead of a dead line.
    package static let busy = busy(language: "en-US")

    package static func busy(language: String) -> TwiML {
        let phrases = ServicePhrases(for: language)
        return TwiML([.say(phrases.busy, language: phrases.language), .hangup])
    }

    /// The first webhook of a call: the agent, or what the hour and the tenant's mode want instead.
    package func voice(_ tenant: TenantProfile, at now: Date, agent: Agent = .free) -> TwiML {
        var verbs: [TwiML.Verb] = []
        var way = TenantProfile.Way.agent
        if let hours = tenant.hours, !isOpen(tenant, now) {
            verbs = said(hours.closedSay, tenant)
            way = hours.closedThen
        }
        return TwiML(verbs + self.verbs(for: way, tenant, agent: agent))
    }

    /// A key of the menu, or none.
    /// - Parameter attempt: how often the menu had been said by then.
    package func keys(_ digits: String, attempt: Int, _ tenant: TenantProfile, agent: Agent = .free) -> TwiML {
        guard let menu = tenant.menu else { return TwiML(wayOut(tenant)) }
        guard let key = digits.first, let choice = menu.choices[key] else {
            return TwiML(self.menu(menu, tenant, from: attempt + 1, agent: agent))
        }
        return TwiML(said(choice.say, tenant) + verbs(for: choice.way, tenant, agent: agent))
    }

    /// After the socket closed: what the conversation decided, or a way out when it could not.
    package func next(_ outcome: CallOutcome?, _ tenant: TenantProfile?, call: String? = nil) -> TwiML {
        guard let tenant else { return TwiML(apology("en-US")) }
        switch outcome?.reason {
        case .transferred:
            guard let number = outcome?.transferTo else { return TwiML(person(nil, tenant, call: call)) }
            return TwiML([dial(number, tenant: tenant.id, call: call, isWarm: outcome?.transferBrief != nil)])
        case .voicemail:
            return TwiML(voicemail(tenant) ?? apology(tenant.language))
        case .agentHungUp, .providerStopped, .silent, .tooLong:
            return TwiML([.hangup])
        case .connectionLost, .drained, .protocolError, .legFailed, nil:
            return TwiML(wayOut(tenant))
        }
    }

    /// The dialled leg is over: the caller has spoken with somebody, or nobody was there.
    /// - Parameter status: Twilio's `DialCallStatus`.
    package func afterDial(_ status: String, _ tenant: TenantProfile?) -> TwiML {
        switch status {
        case "completed", "answered", "canceled": return TwiML([.hangup])
        default:
            // busy, no-answer, failed, and words nobody has seen.
            guard let tenant else { return TwiML(apology("en-US")) }
            return TwiML(voicemail(tenant) ?? apology(tenant.language))
        }
    }

    /// The caller has left a message.
    package func afterRecording(_ tenant: TenantProfile?) -> TwiML {
        TwiML((tenant.map { said($0.goodbye, $0) } ?? []) + [.hangup])
    }

    /// What the person hears before the caller is connected; without a brief nothing, and the caller is connected at once.
    package func whisper(_ brief: String?, _ tenant: TenantProfile?) -> TwiML {
        guard let brief, !brief.isEmpty else { return TwiML() }
        return TwiML([.say(brief, language: tenant?.language ?? "en-US")])
    }
}
