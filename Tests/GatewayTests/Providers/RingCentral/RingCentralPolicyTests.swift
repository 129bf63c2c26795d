import Actors
import Foundation
import Gateway
import TestSupport
import Testing

@Suite("RingCentral policy")
struct RingCentralPolicyTests {
    private func policy(
        _ mode: RingCentralSettings.Mode,
        answers: Bool = false,
        device: String? = nil,
        agent: String? = nil,
        isVoiceEnabled: Bool = true
    ) -> RingCentralPolicy {
        var settings = RingCentralSettings()
        settings.mode = mode
        settings.answersAutomatically = answers
        settings.deviceID = device
        settings.agentNumber = agent
        return RingCentralPolicy(settings, isVoiceEnabled: isVoiceEnabled)
    }

    private func desk(
        mode: TenantProfile.Mode = .fullAuto,
        isOpen: Bool = true,
        whenClosed: TenantProfile.Way = .hangUp,
        transfer: String? = nil,
        voicemail: Bool = false
    ) -> RingCentralPolicy.Desk {
        var desk = RingCentralPolicy.Desk()
        desk.mode = mode
        desk.isOpen = isOpen
        desk.whenClosed = whenClosed
        desk.transferNumber = transfer
        desk.hasVoicemail = voicemail
        return desk
    }

    private let fresh = RingCentralPolicy.Ring(elapsed: .zero, extensionID: "102", called: "+18005550199")
    private let late = RingCentralPolicy.Ring(elapsed: .seconds(18), extensionID: "102", called: "+18005550199")

    @Test func fullAutoAnswersOnTheDeviceElseForwards() {
        #expect(policy(.fullAuto, answers: true, device: "d").decide(fresh, desk()) == .act([.answer(device: "d")]))
        #expect(policy(.fullAuto, agent: "+1555").decide(fresh, desk()) == .act([.forward(to: "+1555")]))
        #expect(
            policy(.fullAuto, answers: true, device: "d", agent: "+1555").decide(fresh, desk())
                == .act([.answer(device: "d"), .forward(to: "+1555")])
        )
        #expect(policy(.fullAuto, device: "d").decide(fresh, desk()) == .leave, "RC_AUTO_ANSWER is off")
        #expect(policy(.fullAuto, answers: true).decide(late, desk(transfer: "+1")) == .leave)
    }

    @Test func withoutADeviceItSaysWhyItCannotAnswer() {
        let lame = policy(.fullAuto, answers: true)
        #expect(lame.cannotAnswer && lame.summary.hasPrefix("cannot answer: RC_AUTO_ANSWER needs RC_DEVICE_ID"))
        #expect(!policy(.fullAuto, answers: true, device: "d").cannotAnswer)
        #expect(!policy(.triage, answers: true).cannotAnswer)
    }

    @Test func humanOnlyLeavesEveryCall() {
        for desk in [desk(), desk(isOpen: false, whenClosed: .voicemail), desk(transfer: "+1", voicemail: true)] {
            #expect(policy(.humanOnly, answers: true, device: "d", agent: "+1555").decide(late, desk) == .leave)
        }
    }

    @Test func theStricterOfBothModesCounts() {
        let agent = policy(.fullAuto, agent: "+1555")
        #expect(agent.decide(late, desk(mode: .humanOnly)) == .leave)
        #expect(agent.decide(late, desk(mode: .triage, transfer: "+1")) == .act([.forward(to: "+1")]))
        #expect(policy(.triage, agent: "+1555").decide(late, desk(transfer: "+1")) == .act([.forward(to: "+1")]))
        #expect(policy(.fullAuto, agent: "+1555", isVoiceEnabled: false).mode == .triage)
    }

    @Test func triageWaitsForItsRingsWhileOpen() {
        let triage = policy(.triage, answers: true, device: "d", agent: "+1555")
        #expect(triage.decide(fresh, desk(transfer: "+1")) == .wait(.seconds(18)))
        #expect(triage.decide(late, desk(transfer: "+1")) == .act([.forward(to: "+1")]))
        #expect(
            triage.decide(late, desk(transfer: "+1", voicemail: true))
                == .act([.forward(to: "+1"), .voicemail(extensionID: "102")])
        )
        #expect(triage.decide(late, desk()) == .leave, "there is no rule to follow")
    }

    @Test(arguments: [
        (TenantProfile.Way.voicemail, [RingCentralPolicy.Action.voicemail(extensionID: "102")]),
        (.transfer(nil), [.forward(to: "+1")]), (.transfer("+2"), [.forward(to: "+2")]),
        (.agent, [.forward(to: "+1555")]),
        (.menu, [.forward(to: "+1555")]), (.hangUp, []),
    ])
    func whenClosedTheTenantsWayIsTakenAtOnce(_ way: TenantProfile.Way, _ actions: [RingCentralPolicy.Action]) {
        let decision = policy(.triage, agent: "+1555").decide(
            fresh,
            desk(isOpen: false, whenClosed: way, transfer: "+1")
        )
        #expect(decision == (actions.isEmpty ? .leave : .act(actions)))
    }

    @Test func aCallIsNeverForwardedToTheNumberItCalled() {
        let called = RingCentralPolicy.Ring(elapsed: .seconds(60), extensionID: nil, called: "+1555")
        #expect(policy(.fullAuto, agent: "+1555").decide(called, desk()) == .leave)
        #expect(policy(.triage).decide(called, desk(transfer: "+1555", voicemail: true)) == .leave)
    }

    // MARK: Hours

    @Test(arguments: [
        ("2026-11-20T08:59:00Z", false), ("2026-11-20T09:00:00Z", true), ("2026-11-20T16:59:59Z", true),
        ("2026-11-20T17:00:00Z", false), ("2026-11-21T12:00:00Z", false), ("2026-11-23T12:00:00Z", false),
    ])
    func hoursAreTheTenantsOwn(_ utc: String, _ isOpen: Bool) throws {
        var profile = TenantProfile.test
        // Friday 10:00 to 18:00 in Paris, an hour ahead of UTC in November; Monday the 23rd is a holiday.
        profile.timeZone = "Europe/Paris"
        var week = [[Range<Int>]](repeating: [], count: 7)
        week[4] = [600..<1080]
        week[0] = [0..<1440]
        profile.hours = .init(week: week, holidays: ["2026-11-23"], closedSay: "We are closed.", closedThen: .voicemail)
        let desk = RingCentralPolicy.Desk(profile, at: try Date.ISO8601FormatStyle().parse(utc))
        #expect(desk.isOpen == isOpen && desk.whenClosed == .voicemail && desk.transferNumber == "+15550100")
    }

    @Test func withoutHoursATenantIsAlwaysOpen() {
        #expect(RingCentralPolicy.Desk(.test, at: Date()).isOpen)
    }
}
