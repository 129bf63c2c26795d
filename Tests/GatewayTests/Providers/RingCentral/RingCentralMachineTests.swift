import Gateway
import Testing

@Suite("RingCentral rates")
struct RingCentralRatesTests {
    private let start = ContinuousClock.now

    @Test(arguments: [
        (RingCentralRates.Group.light, 50), (.medium, 40), (.heavy, 10), (.auth, 5),
    ])
    func aGroupHasItsWindow(_ group: RingCentralRates.Group, _ limit: Int) {
        var rates = RingCentralRates()
        for _ in 0..<limit { #expect(rates.admit(group, now: start) == .go) }
        let end = start.advanced(by: .seconds(60))
        #expect(rates.admit(group, now: start.advanced(by: .seconds(1))) == .wait(until: end))
        #expect(rates.admit(group == .auth ? .light : .auth, now: start) == .go, "groups do not share")
        #expect(rates.admit(group, now: end) == .go)
    }

    @Test func duringAPenaltyNothingIsSent() {
        var rates = RingCentralRates()
        var refused = RingCentralRates.Notice()
        refused.isRefused = true
        rates.note(refused, for: .heavy, now: start)
        let end = start.advanced(by: .seconds(30))
        for second in 0..<30 {
            #expect(rates.admit(.heavy, now: start.advanced(by: .seconds(second))) == .wait(until: end))
        }
        #expect(rates.admit(.light, now: start) == .go)
        #expect(rates.admit(.heavy, now: end) == .go)
        refused.retryAfter = 47
        rates.note(refused, for: .heavy, now: end)
        #expect(rates.admit(.heavy, now: end) == .wait(until: end.advanced(by: .seconds(47))))
    }

    @Test func theVendorsCountIsBelievedWhereItIsTheSmallerRest() {
        var rates = RingCentralRates()
        var notice = RingCentralRates.Notice()
        notice.limit = 3
        notice.remaining = 1
        notice.window = 20
        #expect(rates.admit(.light, now: start) == .go)
        rates.note(notice, for: .light, now: start)
        #expect(rates.admit(.light, now: start) == .go)
        #expect(rates.admit(.light, now: start) == .wait(until: start.advanced(by: .seconds(20))))
        notice.remaining = 3
        rates.note(notice, for: .light, now: start)
        #expect(rates.admit(.light, now: start) == .wait(until: start.advanced(by: .seconds(20))), "ours is smaller")
    }

    @Test func nonsenseIsNotBelieved() {
        var rates = RingCentralRates()
        var notice = RingCentralRates.Notice()
        notice.limit = 0
        notice.remaining = -5
        notice.window = -1
        rates.note(notice, for: .auth, now: start)
        #expect(rates.admit(.auth, now: start) == .go)
        notice.isRefused = true
        notice.retryAfter = Int.max
        rates.note(notice, for: .auth, now: start)
        #expect(rates.admit(.auth, now: start) == .wait(until: start.advanced(by: .seconds(3600))))
    }
}

@Suite("RingCentral subscription machine")
struct SubscriptionMachineTests {
    private let start = ContinuousClock.now
    private let year = Duration.seconds(31_536_000)

    private func at(_ seconds: Int) -> ContinuousClock.Instant { start.advanced(by: .seconds(seconds)) }

    private func info(_ id: String = "sub", active: Bool = true, _ lifetime: Duration? = nil)
        -> SubscriptionMachine.Info
    {
        .init(id: id, isActive: active, lifetime: lifetime ?? year)
    }

    private func active(_ lifetime: Duration? = nil) -> SubscriptionMachine {
        var machine = SubscriptionMachine()
        machine.handle(.found([]), to: .find, now: start)
        machine.handle(.subscribed(info("sub", lifetime)), to: .create, now: start)
        return machine
    }

    @Test func withoutOneItIsMade() {
        var machine = SubscriptionMachine()
        #expect(machine.request(now: start) == .find && machine.summary == "starting")
        machine.handle(.found([]), to: .find, now: start)
        #expect(machine.request(now: start) == .create && machine.summary == "missing")
        machine.handle(.subscribed(info()), to: .create, now: start)
        #expect(machine.request(now: start) == nil && machine.summary == "active")
        #expect(machine.deadline == start.advanced(by: SubscriptionMachine.pollInterval))
    }

    @Test func oneOfAnEarlierStartIsTakenOverAndOthersAreRemoved() {
        var machine = SubscriptionMachine()
        machine.handle(.found([info("old", active: false), info("good"), info("twin")]), to: .find, now: start)
        #expect(machine.request(now: start) == .delete("old"))
        machine.handle(.deleted, to: .delete("old"), now: start)
        #expect(machine.request(now: start) == .delete("twin"))
        machine.handle(.failed(.gone), to: .delete("twin"), now: start)
        #expect(machine.request(now: start) == .update("good"), "its token may be an old one")
        machine.handle(.subscribed(info("good")), to: .update("good"), now: start)
        #expect(machine.request(now: start) == nil)
    }

    @Test func itsStateIsAskedForEveryFewMinutes() {
        var machine = active()
        #expect(machine.request(now: at(239)) == nil)
        #expect(machine.request(now: at(240)) == .poll("sub"))
        machine.handle(.subscribed(info()), to: .poll("sub"), now: at(241))
        #expect(machine.request(now: at(480)) == nil && machine.request(now: at(481)) == .poll("sub"))
    }

    @Test func aBlacklistedOneIsDeletedAndMadeAgain() {
        var machine = active()
        machine.handle(.subscribed(info(active: false)), to: .poll("sub"), now: at(240))
        #expect(machine.request(now: at(240)) == .delete("sub") && machine.summary == "being replaced")
        machine.handle(.deleted, to: .delete("sub"), now: at(240))
        #expect(machine.request(now: at(240)) == .create)
    }

    @Test func aVanishedOneIsMadeAgain() {
        for request in [SubscriptionMachine.Request.poll("sub"), .renew("sub"), .update("sub")] {
            var machine = active()
            machine.handle(.failed(.gone), to: request, now: at(240))
            #expect(machine.request(now: at(240)) == .create)
        }
    }

    @Test func itIsRenewedBeforeItsEnd() {
        var machine = active(.seconds(400))
        #expect(machine.deadline == at(240))
        machine.handle(.subscribed(info("sub", .seconds(160))), to: .poll("sub"), now: at(240))
        #expect(machine.deadline == at(360), "the last quarter of what is left")
        #expect(machine.request(now: at(360)) == .renew("sub"))
        machine.handle(.subscribed(info("sub", .seconds(400))), to: .renew("sub"), now: at(360))
        #expect(machine.deadline == at(600))
        var long = active()
        long.handle(.subscribed(info()), to: .poll("sub"), now: start)
        #expect(long.request(now: start.advanced(by: year - .seconds(86_400))) == .renew("sub"))
        #expect(long.request(now: start.advanced(by: year - .seconds(86_401))) == .poll("sub"))
    }

    @Test func theVendorsReminderRenews() {
        var machine = active()
        machine.remind(now: at(5))
        #expect(machine.request(now: at(5)) == .renew("sub"))
    }

    @Test func failuresPauseLongerAndLonger() {
        var machine = SubscriptionMachine()
        var now = start
        var pauses: [Duration] = []
        for _ in 0..<8 {
            #expect(machine.request(now: now) == .find)
            machine.handle(.failed(.refused(status: 500, code: "CMN-1")), to: .find, now: now)
            #expect(machine.request(now: now) == nil)
            let next = machine.deadline ?? now
            pauses.append(now.duration(to: next))
            now = next
        }
        #expect(pauses == [30, 60, 120, 240, 480, 900, 900, 900].map { .seconds($0) })
        #expect(machine.summary == "starting; last attempt: refused (CMN-1)")
        machine.handle(.failed(.rateLimited(retryAfter: .seconds(2000))), to: .find, now: now)
        #expect(machine.deadline == now.advanced(by: .seconds(2000)))
        machine.handle(.found([]), to: .find, now: now)
        #expect(machine.request(now: now) == .create && machine.summary == "missing")
        machine.handle(.failed(.credentials(nil)), to: .create, now: now)
        #expect(machine.deadline == now.advanced(by: .seconds(900)), "credentials do not become right soon")
    }

    @Test func aFailedPollLeavesItActive() {
        var machine = active()
        machine.handle(.failed(.unreachable(.timeout)), to: .poll("sub"), now: at(240))
        #expect(machine.deadline == at(270) && machine.request(now: at(270)) == .poll("sub"))
        #expect(machine.summary == "active; last attempt: timeout")
    }
}

@Suite("RingCentral recording schedule")
struct RecordingScheduleTests {
    private let start = ContinuousClock.now
    private let item = RecordingSchedule.Item(session: "s", recording: "r")

    @Test func aRecordingIsAskedForUntilItIsThereOrGivenUp() {
        var schedule = RecordingSchedule()
        let isNew = [schedule.add(item, now: start), schedule.add(item, now: start)]
        #expect(isNew == [true, false])
        var now = start
        for (attempt, pause) in RecordingSchedule.pauses.enumerated() {
            #expect(schedule.due(now: now.advanced(by: pause - .nanoseconds(1))) == [])
            now = now.advanced(by: pause)
            #expect(schedule.deadline == now)
            #expect(schedule.due(now: now) == [item])
            #expect(schedule.due(now: now) == [], "it is under way")
            #expect(schedule.failed(item, now: now) == (attempt < RecordingSchedule.pauses.count - 1))
        }
        #expect(schedule.count == 0 && schedule.deadline == nil)
        #expect(start.duration(to: now) == .seconds(1125))
    }

    @Test func whatIsFetchedOrHopelessIsForgotten() {
        var schedule = RecordingSchedule()
        #expect(schedule.add(item, now: start) == true)
        schedule.fetched(item)
        #expect(schedule.count == 0)
        #expect(schedule.add(item, now: start) == true)
        #expect(schedule.failed(item, isLasting: true, now: start) == false)
        #expect(schedule.count == 0)
    }

    @Test func itIsBounded() {
        var schedule = RecordingSchedule()
        for index in 0..<2000 { _ = schedule.add(.init(session: "s", recording: "\(index)"), now: start) }
        #expect(schedule.count == RecordingSchedule.maximumItems)
    }
}
