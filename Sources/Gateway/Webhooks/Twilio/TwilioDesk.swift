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
    /// Callers on hold and the persons called for them; nil without a REST API.
    let transfers: TwilioTransfers?
    /// The tenants of this moment: a reload changes them.
    let tenants: @Sendable () -> TenantDirectory
    let hasRoom: @Sendable (TenantProfile) -> Bool
    let isVoiceEnabled: Bool

    package init(
        answers: TwilioAnswers,
        book: CallBook,
        outcomes: RecentOutcomes,
        briefs: TransferBriefs,
        transfers: TwilioTransfers? = nil,
        tenants: @escaping @Sendable () -> TenantDirectory,
        hasRoom: @escaping @Sendable (TenantProfile) -> Bool,
        isVoiceEnabled: Bool
    ) {
        self.answers = answers
        self.book = book
        self.outcomes = outcomes
        self.briefs = briefs
        self.transfers = transfers
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
        case .transferStatus:
            legTold(request)
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
            return .twiml(next(past?.outcome, owner, request))
        case .dialDone:
            return .twiml(answers.afterDial(request["DialCallStatus"] ?? "", tenant))
        case .recordDone:
            return .twiml(answers.afterRecording(tenant))
        case .whisper:
            return .twiml(answers.whisper(brief(request, tenant), tenant))
        case .transfer, .transferJoin:
            return .twiml(person(endpoint, request, tenant))
        }
    }

    // MARK: Callers on hold

    /// After the stream: a transfer that is under way, or was in vain, goes on from where it is.
    private func next(_ outcome: CallOutcome?, _ tenant: TenantProfile?, _ request: TwilioRequest) -> TwiML {
        let call = request.callSID ?? ""
        switch outcome.flatMap({ _ in transfers?.next(call) }) {
        case .conference: return answers.conference(call, tenant: tenant?.id ?? "", for: .caller)
        case .unanswered(let status) where outcome?.reason == .transferred: return answers.afterDial(status, tenant)
        case .unanswered, nil: return answers.next(outcome, tenant, call: request.callSID)
        }
    }

    /// What a person hears who was called for somebody; nobody who was called in vain is kept on the line.
    private func person(_ endpoint: TwilioEndpoint, _ request: TwilioRequest, _ tenant: TenantProfile?) -> TwiML {
        guard let transfers, let call = TwilioRequest.sid(request.query["call"]), let leg = request.callSID else {
            return TwiML([.hangup])
        }
        switch endpoint == .transfer ? transfers.answered(call, leg: leg) : transfers.briefed(call, leg: leg) {
        case .wait: return answers.wait(call: call, tenant)
        case .brief(let brief): return answers.brief(brief, call: call, tenant)
        case .conference: return answers.conference(call, tenant: tenant?.id ?? "", for: .person)
        case .hangUp: return TwiML([.hangup])
        }
    }

    private func legTold(_ request: TwilioRequest) {
        guard let call = TwilioRequest.sid(request.query["call"]), let leg = request.callSID,
            let status = request["CallStatus"],
            ["completed", "busy", "failed", "no-answer", "canceled"].contains(status)
        else { return }
        transfers?.legEnded(call, leg: leg, status: status)
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
