import Actors
import Engine
import Foundation
import Gateway
import TestSupport
import Testing

@Suite("Twilio answers")
struct TwilioAnswersTests {
    private let answers = TwilioAnswers(publicURL: PublicURL("https://voice.example.net/"))
    private let noon = Date(timeIntervalSince1970: 1_795_165_809)

    private var alone: TenantProfile {
        var profile = TenantProfile.test
        profile.transfer = nil
        profile.language = "fr-FR"
        return profile
    }

    // MARK: The first answer

    @Test func theFirstAnswerConnectsTheAudioNamesTheTenantAndHasAWayOut() throws {
        let root = try #require(CanonicalXML.tree(answers.voice(.test, at: noon).xml))
        #expect(root.elements.map(\.name) == ["Connect", "Say", "Dial"])
        let connect = try #require(root.first("Connect"))
        #expect(connect.attributes["action"] == "https://voice.example.net/twilio/continue?tenant=test")
        let stream = try #require(connect.first("Stream"))
        #expect(stream.attributes["url"] == "wss://voice.example.net/twilio/ws")
        #expect(stream.attributes["statusCallback"] == "https://voice.example.net/twilio/stream-status?tenant=test")
        #expect(stream.elements.map(\.attributes) == [["name": "tenant", "value": "test"]])
    }

    @Test func theWayOutBehindTheStreamIsTheMenuThenAPersonThenVoicemailThenAnApology() {
        #expect(answers.voice(.withMenu(), at: noon).xml.verbs == ["Connect", "Gather", "Gather", "Say", "Dial"])
        #expect(answers.voice(alone, at: noon).xml.verbs == ["Connect", "Say", "Hangup"])
        var onlyVoicemail = alone
        onlyVoicemail.voicemail = .init(say: "Laissez un message.")
        #expect(answers.voice(onlyVoicemail, at: noon).xml.verbs == ["Connect", "Say", "Record"])
        #expect(
            answers.voice(.withMenu(), at: noon).gathers.allSatisfy { $0.action?.hasSuffix("&agent=off") ?? false },
            "the agent has just failed: no key leads back to it"
        )
    }

    @Test func theCallerIsToldAboutRecordingBeforeTheStreamWhereTheTenantAnnouncesIt() {
        var tenant = TenantProfile.test
        tenant.consent = .init(kind: .announce, say: "This call is recorded.")
        #expect(answers.voice(tenant, at: noon).xml.verbs.prefix(2) == ["Say", "Connect"])
        #expect(answers.voice(tenant, at: noon).says.first == "This call is recorded.")
        tenant.consent = .init(kind: .ask, say: "May we record this call?")
        #expect(answers.voice(tenant, at: noon).xml.verbs.first == "Connect", "asked in the conversation")
    }

    @Test func aTenantIdTooLongToBePassedOnNeverReachesAnotherTenantsAgent() {
        var tenant = TenantProfile.test
        tenant.id = String(repeating: "t", count: 600)
        #expect(answers.voice(tenant, at: noon).xml.verbs == ["Say", "Dial"])
    }

    @Test func whenEveryPlaceIsTakenTheCallerHearsSoInTheTenantsLanguage() {
        #expect(answers.voice(.test, at: noon, agent: .full) == TwilioAnswers.busy)
        let french = answers.voice(alone, at: noon, agent: .full)
        #expect(french.xml.verbs == ["Say", "Hangup"] && french.xml.contains(#"language="fr-FR""#))
        #expect(french.xml.contains("rappeler"))
        #expect(TwilioAnswers.busy(language: "ja-JP") == TwilioAnswers.busy, "English words with an English voice")
    }

    @Test func whereNoAgentIsWantedCallersReachAPerson() {
        var people = TenantProfile.test
        people.mode = .humanOnly
        for document in [
            answers.voice(people, at: noon), answers.voice(.test, at: noon, agent: .off),
            answers.voice(people, at: noon, agent: .full),
        ] {
            #expect(document.xml.verbs == ["Say", "Dial"])
            #expect(document.says == ["I am putting you through."] && document.dialledNumber?.number == "+15550100")
        }
        people.transfer = nil
        #expect(answers.voice(people, at: noon).xml.verbs == ["Say", "Hangup"])
    }

    @Test(
        arguments: [
            (.hangUp, ["Say", "Hangup"]), (.voicemail, ["Say", "Say", "Record"]),
            (.transfer(nil), ["Say", "Say", "Dial"]),
            (.transfer("+15550122"), ["Say", "Say", "Dial"]),
            (.agent, ["Say", "Connect", "Gather", "Gather", "Say", "Dial"]),
            (.menu, ["Say", "Gather", "Gather", "Say", "Dial"]),
        ] as [(TenantProfile.Way, [String])]
    )
    func outsideItsHoursTheTenantSaysSoAndSendsTheCallElsewhere(_ way: TenantProfile.Way, _ verbs: [String]) {
        var tenant = TenantProfile.withMenu()
        tenant.hours = .init(week: [], closedSay: "We are closed.", closedThen: way)
        let hours = noon
        let clocked = TwilioAnswers(publicURL: PublicURL("https://voice.example.net")) { profile, now in
            profile.id == "test" && now < hours
        }
        let closed = clocked.voice(tenant, at: noon)
        #expect(closed.xml.verbs == verbs)
        #expect(closed.says.first == "We are closed.")
        #expect(clocked.voice(tenant, at: noon - 1).xml.verbs.first == "Connect")
        tenant.hours = nil
        #expect(clocked.voice(tenant, at: noon).xml.verbs.first == "Connect", "no hours: always open")
    }

    // MARK: After the stream

    @Test func aTransferDialsTheNumberTheConversationChose() throws {
        let answer = answers.next(.ended(.transferred, to: "+15550177"), .test, call: "CA1")
        #expect(answer.xml.verbs == ["Dial"], "the agent has said its words")
        #expect(answer.dialledNumber == .init("+15550177"))
        let dial = try #require(answer.dial)
        #expect(dial.action == "https://voice.example.net/twilio/dial-done?tenant=test")
        #expect(dial.answerOnBridge == true && dial.timeout == TwilioAnswers.ringSeconds)
        #expect(answers.next(.ended(.transferred), .test).dialledNumber?.number == "+15550100")
    }

    @Test func aWarmTransferTellsThePersonFirstAndPutsNothingPersonalIntoAnAddress() throws {
        let answer = answers.next(.ended(.transferred, to: "+15550177", brief: "Ann, about Rex"), .test, call: "CA1")
        let number = try #require(answer.dialledNumber)
        #expect(number.number == "+15550177" && number.method == .post)
        #expect(number.url == "https://voice.example.net/twilio/whisper?tenant=test&call=CA1")
        #expect(!answer.xml.contains("Rex"))
    }

    @Test func theTenantsOwnLinesAreWarmWhereTheyHaveABrief() {
        var tenant = TenantProfile.test
        tenant.transfer?.brief = "A caller from the agent."
        tenant.transfers = ["night": .init(number: "+15550199", say: "The night team.", brief: "At night.")]
        #expect(
            answers.next(nil, tenant).dialledNumber?.url == "https://voice.example.net/twilio/whisper?tenant=test"
        )
        tenant.hours = .init(week: [], closedSay: "", closedThen: .transfer("+15550199"))
        let closed = TwilioAnswers(publicURL: PublicURL("https://voice.example.net")) { _, _ in false }
        let night = closed.voice(tenant, at: noon)
        #expect(night.says == ["The night team."])
        #expect(night.dialledNumber?.url == "https://voice.example.net/twilio/whisper?tenant=test&line=night")
    }

    @Test func thePersonHearsTheBriefAndThenTheCallerIsConnected() {
        #expect(answers.whisper("Ann, about Rex.", .test).xml.contains("Ann, about Rex."))
        #expect(answers.whisper(nil, .test) == TwiML() && answers.whisper("", nil) == TwiML())
    }

    @Test(arguments: [EndReason.agentHungUp, .providerStopped, .silent, .tooLong])
    func aFinishedConversationHangsUp(_ reason: EndReason) {
        #expect(answers.next(.ended(reason), .withMenu()) == TwiML([.hangup]))
    }

    @Test(arguments: [EndReason.connectionLost, .drained, .protocolError, .legFailed])
    func aBrokenConversationGoesToTheMenuOrAPerson(_ reason: EndReason) {
        #expect(answers.next(.ended(reason), .test).xml.verbs == ["Say", "Dial"])
        #expect(answers.next(.ended(reason), .withMenu()).xml.verbs == ["Gather", "Gather", "Say", "Dial"])
    }

    @Test func whereThereIsNobodyTheCallerIsToldInTheTenantsLanguage() {
        for past in [CallOutcome.ended(.legFailed), nil] {
            let answer = answers.next(past, alone)
            #expect(answer.xml.verbs == ["Say", "Hangup"] && answer.xml.contains(#"language="fr-FR""#))
        }
    }

    @Test func aCallNobodyKnowsHasAWayOutToo() {
        #expect(answers.next(nil, .test).xml.verbs == ["Say", "Dial"])
        #expect(answers.next(nil, nil).xml.verbs == ["Say", "Hangup"])
        #expect(TwilioAnswers.unknownNumber == TwiML([.reject(.rejected)]))
    }

    @Test func everyReasonHasAnAnswer() {
        for reason in EndReason.allCases {
            for tenant in [TenantProfile.test, .withMenu(), nil] {
                #expect(!answers.next(.ended(reason), tenant).verbs.isEmpty)
            }
        }
    }

    @Test(arguments: [
        ("https://a.example", "wss://a.example/x", "https://a.example/x"),
        ("https://a.example///", "wss://a.example/x", "https://a.example/x"),
        ("http://a.example:81/base/", "ws://a.example:81/base/x", "http://a.example:81/base/x"),
    ])
    func theSocketsAddressFollowsTheWebs(_ base: String, _ socket: String, _ web: String) {
        #expect(PublicURL(base).socket("/x") == socket && PublicURL(base).http("/x") == web)
    }
}
