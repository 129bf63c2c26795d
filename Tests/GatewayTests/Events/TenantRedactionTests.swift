import Actors
import Engine
import Gateway
import Synchronization
import TestSupport
import Testing

@Suite struct TenantRedactionTests {
    private let call = CallIdentity(id: "1", provider: "twilio", providerCallID: "CA1", tenant: "test")
    private static let card = "it is 4111 1111 1111 1111 thanks"

    private func told(_ profile: TenantProfile?, _ happening: CallHappening) -> CallHappening? {
        let observer = RecordingObserver()
        TenantRedaction(.events, before: observer) { _ in profile }.call(call, at: .zero, happening)
        return observer.happenings.first
    }

    @Test func aCardIsTakenOutOfWhatListenersAreTold() {
        let said = told(.test, .callerSaid(turn: 1, text: Self.card, confidence: 1))
        #expect(said == .callerSaid(turn: 1, text: "it is [card] thanks", confidence: 1))
    }

    @Test func aTenantMayWantNothingTakenOut() {
        var profile = TenantProfile.test
        profile.redaction.kinds[.events] = []
        let happening = CallHappening.agentSaid(turn: 1, text: Self.card)
        #expect(told(profile, happening) == happening)
    }

    @Test func theWordsOfATenantThatIsGoneLoseEverythingPersonal() {
        let said = told(nil, .callerSaid(turn: 1, text: "write to a.b@example.com", confidence: 1))
        #expect(said == .callerSaid(turn: 1, text: "write to [email]", confidence: 1))
    }

    @Test func whatHoldsNoWordsPassesUnchanged() {
        #expect(told(.test, .intent("book")) == .intent("book"))
    }
}
