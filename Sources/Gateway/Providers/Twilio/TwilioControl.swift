import Actors
import Foundation

/// Acts on Twilio's live calls through the REST API: a media socket can neither transfer nor press keys.
package struct TwilioControl: ProviderControl {
    /// nil while the account is not configured.
    private let rest: TwilioREST?
    private let answers: TwilioAnswers
    private let book: CallBook
    private let briefs: TransferBriefs
    private let transfers: TwilioTransfers?
    private let inMotion = CallsInMotion()

    /// - Parameter transfers: what the conversations have begun themselves.
    package init(
        rest: TwilioREST?,
        answers: TwilioAnswers,
        book: CallBook,
        briefs: TransferBriefs,
        transfers: TwilioTransfers? = nil
    ) {
        self.transfers = transfers
        self.rest = rest
        self.answers = answers
        self.book = book
        self.briefs = briefs
    }

    package func perform(_ request: ControlRequest, on call: ProviderCallKey) async throws(ControlError) {
        let rest = try configured()
        let tenant = book.entry(call)?.tenant ?? ""
        switch request {
        case .hangUp:
            do {
                try await rest.update(call.id, .complete)
            } catch {
                // Gone already is what was wanted.
                guard error.isGone else { throw ControlError(error) }
            }
        case .transfer(let number, let kind):
            try check(number)
            // One that is under way is this one.
            guard !(transfers?.isUnderWay(call.id) ?? false), inMotion.begin(call.id) else { return }
            defer { inMotion.end(call.id) }
            var isWarm = false
            if case .warm(let brief) = kind, !brief.isEmpty {
                briefs.remember(brief, for: call.id)
                isWarm = true
            }
            let dial = answers.dial(number, tenant: tenant, call: call.id, isWarm: isWarm)
            try await give(TwiML([dial]), to: call, rest)
        case .digits(let digits):
            guard (1...32).contains(digits.count), digits.allSatisfy({ "0123456789*#w".contains($0) }) else {
                throw ControlError(.failed, "Keys are 1 to 32 of 0-9, * and #, and w for half a second's wait.")
            }
            guard !(transfers?.isUnderWay(call.id) ?? false) else {
                throw ControlError(.failed, "The caller is being put through: keys would take them out of it.")
            }
            // New instructions end the stream, so it is connected again behind the keys.
            guard !tenant.isEmpty, let stream = answers.stream(tenant) else {
                throw ControlError(.failed, "Nothing is known of this call that could go on after the keys.")
            }
            try await give(TwiML([.play(.digits(digits)), stream]), to: call, rest)
        }
    }

    package func call(_ number: String, from: String, tenant: String) async throws(ControlError) -> String {
        let rest = try configured()
        try check(number)
        try check(from)
        let new = TwilioREST.NewCall(
            to: number,
            from: from,
            url: answers.links.url(.voice, tenant: tenant),
            statusCallback: answers.links.url(.status, tenant: tenant)
        )
        let id: String
        do {
            id = try await rest.create(new)
        } catch {
            throw ControlError(error)
        }
        var event = ProviderEvent(
            call: ProviderCallKey(provider: "twilio", id: id),
            kind: .phase(.initiated),
            id: "\(id) created",
            tenant: tenant
        )
        event.direction = .outbound
        event.from = from
        event.to = number
        book.take(event)
        return id
    }

    private func give(_ document: TwiML, to call: ProviderCallKey, _ rest: TwilioREST) async throws(ControlError) {
        do {
            try await rest.update(call.id, .document(document))
        } catch {
            throw ControlError(error)
        }
    }

    private func configured() throws(ControlError) -> TwilioREST {
        guard let rest else { throw ControlError(.notConfigured, Self.howToConfigure) }
        return rest
    }

    /// The number is not repeated: errors are logged.
    private func check(_ number: String) throws(ControlError) {
        guard PhoneNumberText.isE164(number) else {
            throw ControlError(.failed, "That is no telephone number in E.164 form: a plus, then 8 to 15 digits.")
        }
    }

    package static let howToConfigure =
        "Twilio's REST API is not configured: set TWILIO_ACCOUNT_SID, and TWILIO_AUTH_TOKEN or TWILIO_API_KEY with "
        + "TWILIO_API_KEY_SECRET."
}

extension ControlError {
    init(_ error: TwilioRESTError) {
        let number = error.code.map { " (Twilio's error \($0))" } ?? ""
        switch error.cause {
        case .status(401), .status(403):
            self.init(
                .notConfigured,
                "Twilio refused the account's credentials\(number). Check TWILIO_ACCOUNT_SID and its secret."
            )
        case .status(429):
            self.init(.rateLimited, "Twilio is asked too often\(number).", retryAfter: error.retryAfter)
        case .status where error.isGone:
            self.init(.gone, "The call is over.")
        case .status(let status):
            self.init(.failed, "Twilio answered \(status)\(number).", retryAfter: error.retryAfter)
        case .transport(.timeout):
            self.init(.failed, "Twilio did not answer in time; what was asked may have happened.")
        case .transport(.forbiddenAddress):
            self.init(.notConfigured, "TWILIO_BASE_URL is an address the engine may not call.")
        case .transport(.unreachable): self.init(.failed, "Twilio could not be reached.")
        case .transport(.cancelled):
            self.init(.failed, "Nobody waited for Twilio's answer; what was asked may have happened.")
        case .transport(.tooLarge), .transport(.unexpectedContent), .malformed:
            self.init(.failed, "Twilio's answer was not understood.")
        case .badID: self.init(.gone, "That is no call of Twilio's.")
        case .tooLong: self.init(.failed, "The instructions are longer than Twilio takes.")
        }
    }
}
