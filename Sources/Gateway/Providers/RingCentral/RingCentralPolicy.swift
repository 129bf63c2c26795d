import Actors

/// What the engine does about a RingCentral telephone that rings: a pure rule over the mode, the tenant and the time.
package struct RingCentralPolicy: Sendable, Equatable {
    package enum Action: Equatable, Sendable {
        /// The call is taken on this SIP device, which must be online.
        case answer(device: String)
        /// E.164.
        case forward(to: String)
        /// The voicemail of an extension, or of the one that rings.
        case voicemail(extensionID: String)
    }

    package enum Decision: Equatable, Sendable {
        /// The first that succeeds is enough.
        case act([Action])
        /// Decide again when it has been ringing this long.
        case wait(Duration)
        /// The account's own rules go on.
        case leave
    }

    /// A telephone that rings.
    package struct Ring: Equatable, Sendable {
        package var elapsed: Duration
        package var extensionID: String?
        /// The number that was called: a call is never forwarded back to it.
        package var called: String?

        package init(elapsed: Duration, extensionID: String? = nil, called: String? = nil) {
            self.elapsed = elapsed
            self.extensionID = extensionID
            self.called = called
        }
    }

    /// The tenant the call is for.
    package struct Desk: Equatable, Sendable {
        package var mode = TenantProfile.Mode.fullAuto
        package var isOpen = true
        /// Where callers go outside the hours.
        package var whenClosed = TenantProfile.Way.hangUp
        package var transferNumber: String?
        package var hasVoicemail = false

        package init() {}
    }

    /// One ring and the pause after it: 2 s and 4 s (North American ringing cadence, ITU-T E.180 supplement 2).
    package static let ringCycle = Duration.seconds(6)

    package var mode: RingCentralSettings.Mode
    package var answersAutomatically: Bool
    /// RC_DEVICE_ID.
    package var device: String?
    /// RC_AI_NUMBER: a number of another provider on which this engine can talk.
    package var agentNumber: String?
    package var rings: Int

    package init(_ settings: RingCentralSettings, isVoiceEnabled: Bool = true) {
        // Without the voice agent nobody would talk to a caller who was answered.
        mode = settings.mode == .fullAuto && !isVoiceEnabled ? .triage : settings.mode
        answersAutomatically = settings.answersAutomatically
        device = settings.deviceID
        agentNumber = settings.agentNumber
        rings = settings.triageRings
    }

    package func decide(_ ring: Ring, _ desk: Desk) -> Decision {
        switch strictest(desk.mode) {
        case .humanOnly: .leave
        case .fullAuto: Self.acting(agent(ring))
        case .triage: triage(ring, desk)
        }
    }

    /// A provider's mode and a tenant's: the one that lets the engine do less.
    private func strictest(_ tenant: TenantProfile.Mode) -> RingCentralSettings.Mode {
        if mode == .humanOnly || tenant == .humanOnly { return .humanOnly }
        return mode == .triage || tenant == .triage ? .triage : .fullAuto
    }

    /// The ways to the talking agent.
    private func agent(_ ring: Ring) -> [Action] {
        var actions: [Action] = []
        if answersAutomatically, let device { actions.append(.answer(device: device)) }
        if let agentNumber, agentNumber != ring.called { actions.append(.forward(to: agentNumber)) }
        return actions
    }

    private func triage(_ ring: Ring, _ desk: Desk) -> Decision {
        guard desk.isOpen else { return Self.acting(closed(ring, desk)) }
        let unanswered = person(desk.transferNumber, ring) + voicemail(ring, desk.hasVoicemail)
        guard !unanswered.isEmpty else { return .leave }
        let limit = Self.ringCycle * rings
        return ring.elapsed >= limit ? .act(unanswered) : .wait(limit)
    }

    private func closed(_ ring: Ring, _ desk: Desk) -> [Action] {
        switch desk.whenClosed {
        case .transfer(let number):
            person(number ?? desk.transferNumber, ring) + voicemail(ring, desk.hasVoicemail)
        case .voicemail: voicemail(ring, true)
        // The tenant's menu and agent live where the engine has the audio.
        case .agent, .menu: person(agentNumber, ring) + voicemail(ring, desk.hasVoicemail)
        // Nothing can be said to the caller here, so the account's own closing rules say it.
        case .hangUp: []
        }
    }

    private func person(_ number: String?, _ ring: Ring) -> [Action] {
        number.flatMap { $0 == ring.called ? nil : [.forward(to: $0)] } ?? []
    }

    private func voicemail(_ ring: Ring, _ isWanted: Bool) -> [Action] {
        isWanted ? ring.extensionID.map { [.voicemail(extensionID: $0)] } ?? [] : []
    }

    private static func acting(_ actions: [Action]) -> Decision { actions.isEmpty ? .leave : .act(actions) }

    /// For `status`: what happens to a call, and what is missing.
    package var summary: String {
        switch mode {
        case .humanOnly: "people answer; the engine only files"
        case .triage: "people answer; unanswered and closed-hours calls are routed by the tenant's rules"
        case .fullAuto: fullAutoSummary
        }
    }

    /// Told to answer, and without any way to.
    package var cannotAnswer: Bool {
        mode == .fullAuto && answersAutomatically && device == nil && agentNumber == nil
    }

    private var fullAutoSummary: String {
        switch (answersAutomatically, device != nil, agentNumber != nil) {
        case (true, true, true): "answers on RC_DEVICE_ID, else forwards to RC_AI_NUMBER"
        case (true, true, false): "answers on RC_DEVICE_ID; the audio stays with that device"
        case (_, _, true): "forwards to RC_AI_NUMBER"
        case (true, false, false):
            "cannot answer: RC_AUTO_ANSWER needs RC_DEVICE_ID (an online SIP device) or RC_AI_NUMBER (a number of another "
                + "provider of this engine)"
        case (false, _, false): "answers nothing: RC_AUTO_ANSWER is off and RC_AI_NUMBER is not set"
        }
    }
}
