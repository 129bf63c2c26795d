import Actors
import Foundation

/// Answers Twilio's requests, whose signatures have been checked: books what they tell, decides, and waits for nothing but the
/// last word of a conversation that is being closed.
package struct TwilioDesk: Sendable {
    package enum Answer: Equatable, Sendable {
        case twiml(TwiML)
        /// Taken note of: 204.
        case nothing
        /// The request lacks this parameter, so it tells nothing.
        case missing(String)
    }

    private(set) var answers: TwilioAnswers
    let book: CallBook
    let outcomes: RecentOutcomes
    let briefs: TransferBriefs
    /// The tenants of this moment: a reload changes them.
    let tenants: @Sendable () -> TenantDirectory
    let hasRoom: @Sendable (TenantProfile) -> Bool
    let isVoiceEnabled: Bool

    package init(
        answers: TwilioAnswers,
        book: CallBook,
        outcomes: RecentOutcomes,
        briefs: TransferBriefs,
        tenants: @escaping @Sendable () -> TenantDirectory,
        hasRoom: @escaping @Sendable (TenantProfile) -> Bool,
        isVoiceEnabled: Bool
    ) {
        self.answers = answers
        self.book = book
        self.outcomes = outcomes
        self.briefs = briefs
        self.tenants = tenants
        self.hasRoom = hasRoom
        self.isVoiceEnabled = isVoiceEnabled
    }

    /// Twilio comes back to the address it was told to call, which behind a proxy is the proxy's.
    func at(_ publicURL: PublicURL) -> TwilioDesk {
        var desk = self
        desk.answers = answers.at(publicURL)
        return desk
    }

    package func answer(_ endpoint: TwilioEndpoint, _ request: TwilioRequest, now: Date = Date()) async -> Answer {
        let tenant = tenant(of: request)
        guard !endpoint.isCallback || request.callSID != nil else { return .missing("CallSid") }
        note(endpoint, request, tenant, now: now)
        switch endpoint {
        case .status, .recording, .transcription, .streamStatus:
            return .nothing
        case .voice:
            guard let tenant else { return .twiml(TwilioAnswers.unknownNumber) }
            return .twiml(answers.voice(tenant, at: now, agent: agent(for: tenant, request)))
        case .dtmf:
            guard let tenant else { return .twiml(answers.next(nil, nil)) }
            let attempt = request.query["attempt"].flatMap { Int($0) } ?? 1
            return .twiml(
                answers.keys(
                    request["Digits"] ?? "",
                    attempt: min(max(attempt, 1), TwilioAnswers.menuAttempts),
                    tenant,
                    agent: agent(for: tenant, request)
                )
            )
        case .continue:
            let past = await outcomes.settled(request.callSID ?? "")
            let owner = past.flatMap { tenants().profile(id: $0.tenant) } ?? tenant
            return .twiml(answers.next(past?.outcome, owner, call: request.callSID))
        case .dialDone:
            return .twiml(answers.afterDial(request["DialCallStatus"] ?? "", tenant))
        case .recordDone:
            return .twiml(answers.afterRecording(tenant))
        case .whisper:
            return .twiml(answers.whisper(brief(request, tenant), tenant))
        }
    }

    private func note(_ endpoint: TwilioEndpoint, _ request: TwilioRequest, _ tenant: TenantProfile?, now: Date) {
        guard var event = TwilioEvents.event(endpoint, request, tenant: tenant?.id ?? "") else { return }
        if event.tenant.isEmpty { event.tenant = book.entry(event.call)?.tenant ?? "" }
        book.take(event, now: now)
    }

    /// Named in the address, which only the engine or the account's owner can write; otherwise by the called number.
    private func tenant(of request: TwilioRequest) -> TenantProfile? {
        let directory = tenants()
        return request.namedTenant.flatMap { directory.profile(id: $0) }
            ?? directory.profile(calledNumber: request.ourNumber)
    }

    private func agent(for tenant: TenantProfile, _ request: TwilioRequest) -> TwilioAnswers.Agent {
        guard isVoiceEnabled, request.query["agent"] != "off" else { return .off }
        return hasRoom(tenant) ? .free : .full
    }

    /// Made for this call by an operator, by the conversation, or the tenant's own for that line.
    private func brief(_ request: TwilioRequest, _ tenant: TenantProfile?) -> String? {
        if let call = TwilioRequest.sid(request.query["call"]) {
            if let brief = briefs[call] ?? outcomes.outcome(of: call)?.outcome.transferBrief { return brief }
        }
        guard let line = request.query["line"] else { return tenant?.transfer?.brief }
        return tenant?.transfers[line]?.brief
    }
}
