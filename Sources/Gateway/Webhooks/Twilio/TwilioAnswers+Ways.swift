import Actors

/// Each way a call can go, in Twilio's verbs.
extension TwilioAnswers {
    /// Seconds a person's telephone rings.
    package static let ringSeconds = 25
    /// The menu is written out this often at most, whatever the profile says.
    package static let menuAttempts = 5

    func verbs(for way: TenantProfile.Way, _ tenant: TenantProfile, agent: Agent) -> [TwiML.Verb] {
        switch way {
        case .agent where tenant.mode == .humanOnly: return person(nil, tenant)
        case .agent:
            switch agent {
            case .free: return connect(tenant)
            case .full: return Self.busy(language: tenant.language).verbs
            case .off: return person(nil, tenant)
            }
        case .menu:
            guard let menu = tenant.menu else { return person(nil, tenant) }
            return self.menu(menu, tenant, from: 1, agent: agent)
        case .voicemail: return voicemail(tenant) ?? apology(tenant.language)
        case .transfer(let number): return person(number, tenant)
        case .hangUp: return [.hangup]
        }
    }

    /// The talking agent. What follows runs when its socket closes, or cannot be reached, and `/twilio/continue` has no answer.
    private func connect(_ tenant: TenantProfile) -> [TwiML.Verb] {
        guard let stream = stream(tenant.id) else { return wayOut(tenant) }
        let consent = tenant.consent.flatMap { $0.kind == .announce ? $0.say : nil }
        return said(consent ?? "", tenant) + [stream] + wayOut(tenant)
    }

    /// - Returns: nil for a name too long to be passed on: without it the stream would reach another tenant.
    package func stream(_ tenant: String) -> TwiML.Verb? {
        guard let parameter = TwiML.Parameter("tenant", tenant) else { return nil }
        let stream = TwiML.Stream(
            links.socket,
            statusCallback: links.url(.streamStatus, tenant: tenant),
            statusCallbackMethod: .post,
            parameters: [parameter]
        )
        return .connect(TwiML.Connect(.stream(stream), action: links.url(.continue, tenant: tenant), method: .post))
    }

    /// Where a call goes when the agent cannot: none of this needs a model.
    func wayOut(_ tenant: TenantProfile) -> [TwiML.Verb] {
        if let menu = tenant.menu { return self.menu(menu, tenant, from: 1, agent: .off) }
        return person(nil, tenant)
    }

    /// The menu, said until a key comes, and what follows when none does: Twilio needs no answer from here in between.
    func menu(
        _ menu: TenantProfile.Menu,
        _ tenant: TenantProfile,
        from attempt: Int,
        agent: Agent
    ) -> [TwiML.Verb] {
        let last = min(max(1, menu.attempts), Self.menuAttempts)
        let first = max(1, attempt)
        let prompts = first <= last ? Array(first...last) : []
        let gathers = prompts.map { number in
            TwiML.Verb.gather(
                TwiML.Gather(
                    action: keyLink(tenant, attempt: number, agent: agent),
                    method: .post,
                    input: [.dtmf],
                    timeout: max(1, menu.timeoutSeconds),
                    numDigits: 1,
                    // No key ends the input, so that each of them can be a choice.
                    finishOnKey: "",
                    prompts: menu.say.isEmpty ? [] : [.say(TwiML.Say(menu.say, language: tenant.language))]
                )
            )
        }
        switch menu.otherwise {
        case .menu: return gathers + apology(tenant.language)
        case .agent where agent != .off && !gathers.isEmpty:
            // Asked again then: whether the agent is free is not known before.
            return gathers + [.redirect(TwiML.Redirect(keyLink(tenant, attempt: last, agent: agent), method: .post))]
        case .agent, .voicemail, .transfer, .hangUp:
            return gathers + verbs(for: menu.otherwise, tenant, agent: agent)
        }
    }

    private func keyLink(_ tenant: TenantProfile, attempt: Int, agent: Agent) -> String {
        links.url(
            .dtmf,
            tenant: tenant.id,
            [("attempt", String(attempt)), ("agent", agent == .off ? "off" : nil)]
        )
    }

    /// A person; the tenant's voicemail when it names none, and an apology when it has neither.
    func person(_ number: String?, _ tenant: TenantProfile, call: String? = nil) -> [TwiML.Verb] {
        guard let number = number ?? tenant.transfer?.number else {
            return voicemail(tenant) ?? apology(tenant.language)
        }
        let (name, line) = tenant.line(number)
        let phrases = ServicePhrases(for: tenant.language)
        let words = line.map { said($0.say, tenant) } ?? [.say(phrases.moment, language: phrases.language)]
        return words + [dial(number, tenant: tenant.id, call: call, line: name, isWarm: line?.brief != nil)]
    }

    /// - Parameters:
    ///   - call: whose brief it is, where one was made for this call.
    ///   - line: the name of the tenant's own line, whose brief counts otherwise.
    ///   - isWarm: the person is told something first.
    package func dial(
        _ number: String,
        tenant: String,
        call: String? = nil,
        line: String? = nil,
        isWarm: Bool
    ) -> TwiML.Verb {
        let brief = links.url(.whisper, tenant: tenant, [("call", call), ("line", line)])
        return .dial(
            TwiML.Dial(
                [.number(TwiML.Number(number, url: isWarm ? brief : nil, method: isWarm ? .post : nil))],
                action: links.url(.dialDone, tenant: tenant),
                method: .post,
                timeout: Self.ringSeconds,
                answerOnBridge: true
            )
        )
    }

    /// - Returns: nil for a tenant without one.
    func voicemail(_ tenant: TenantProfile) -> [TwiML.Verb]? {
        guard let voicemail = tenant.voicemail else { return nil }
        // The vendor transcribes American English of up to 120 s.
        let isTranscribed = voicemail.isTranscribed && tenant.language == "en-US"
        let longest = min(max(1, voicemail.maximumSeconds), isTranscribed ? 120 : 14_400)
        let record = TwiML.Record(
            action: links.url(.recordDone, tenant: tenant.id),
            method: .post,
            finishOnKey: "#",
            maxLength: longest,
            playBeep: true,
            recordingStatusCallback: links.url(.recording, tenant: tenant.id),
            recordingStatusCallbackMethod: .post,
            recordingStatusCallbackEvent: [.completed, .absent],
            transcribe: isTranscribed ? true : nil,
            transcribeCallback: isTranscribed ? links.url(.transcription, tenant: tenant.id) : nil
        )
        return said(voicemail.say, tenant) + [.record(record)]
    }

    func apology(_ language: String) -> [TwiML.Verb] {
        let phrases = ServicePhrases(for: language)
        return [.say(phrases.sorry, language: phrases.language), .hangup]
    }

    /// The tenant's own words; nothing for none.
    func said(_ text: String, _ tenant: TenantProfile) -> [TwiML.Verb] {
        text.isEmpty ? [] : [.say(text, language: tenant.language)]
    }
}

extension TenantProfile {
    /// The tenant's own line with this number, and the name of it; the first one has none.
    fileprivate func line(_ number: String) -> (name: String?, line: Transfer?) {
        if let transfer, transfer.number == number { return (nil, transfer) }
        // By name, so that two lines with one number always give the same.
        for (name, line) in transfers.sorted(by: { $0.key < $1.key }) where line.number == number {
            return (name, line)
        }
        return (nil, nil)
    }
}
