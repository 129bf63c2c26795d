import Actors
import Engine
import Foundation
import Gateway
import TestSupport
import Testing

@Suite("Twilio keypad menu")
struct TwilioMenuTests {
    private let answers = TwilioAnswers(publicURL: PublicURL("https://voice.example.net/"))

    @Test func theMenuWaitsForOneKeyOfAnyKind() throws {
        let gather = try #require(answers.next(.ended(.legFailed), .withMenu()).gathers.first)
        #expect(gather.numDigits == 1 && gather.timeout == 4 && gather.input == [.dtmf])
        #expect(gather.finishOnKey?.isEmpty == true, "otherwise the hash key could not be a choice")
        #expect(gather.action == "https://voice.example.net/twilio/dtmf?tenant=test&attempt=1&agent=off")
        #expect(gather.prompts == [.say(.init("For appointments press one.", language: "en-US"))])
    }

    @Test func aKeyGoesItsWay() {
        let tenant = TenantProfile.withMenu()
        let first = answers.keys("1", attempt: 1, tenant)
        #expect(first.xml.verbs == ["Say", "Say", "Dial"])
        #expect(first.says.first == "Appointments." && first.dialledNumber?.number == "+15550111")
        #expect(answers.keys("2", attempt: 1, tenant).xml.verbs.first == "Connect")
        #expect(answers.keys("2", attempt: 1, tenant, agent: .full) == TwilioAnswers.busy)
        #expect(answers.keys("2", attempt: 1, tenant, agent: .off).xml.verbs == ["Say", "Dial"])
        #expect(answers.keys("3", attempt: 1, tenant).xml.verbs == ["Say", "Record"])
        #expect(answers.keys("*", attempt: 2, tenant).xml.verbs == ["Gather", "Gather", "Say", "Dial"])
        #expect(answers.keys("#", attempt: 2, tenant).xml.verbs == ["Say", "Hangup"])
        #expect(answers.keys("1*0#", attempt: 1, tenant) == first, "more keys than one: the first counts")
    }

    @Test(arguments: ["", "9", "w", "é", "hangup"])
    func noKeyOrAWrongOneUsesUpAnAttempt(_ digits: String) {
        let tenant = TenantProfile.withMenu()
        #expect(answers.keys(digits, attempt: 1, tenant).xml.verbs == ["Gather", "Say", "Dial"])
        #expect(answers.keys(digits, attempt: 1, tenant).gathers.first?.action?.contains("attempt=2") == true)
        #expect(answers.keys(digits, attempt: 2, tenant).xml.verbs == ["Say", "Dial"])
        #expect(answers.keys(digits, attempt: 5, tenant).xml.verbs == ["Say", "Dial"])
    }

    @Test func afterTheLastAttemptTheCallerGoesWhereTheTenantWants() {
        #expect(answers.keys("", attempt: 2, .withMenu(otherwise: .voicemail)).xml.verbs == ["Say", "Record"])
        #expect(answers.keys("", attempt: 2, .withMenu(otherwise: .hangUp)).xml.verbs == ["Hangup"])
        #expect(answers.keys("", attempt: 2, .withMenu(otherwise: .agent)).xml.verbs.first == "Connect")
        #expect(
            answers.keys("", attempt: 2, .withMenu(otherwise: .menu)).xml.verbs == ["Say", "Hangup"],
            "no circle without a caller who presses keys"
        )
        let asked = answers.keys("", attempt: 1, .withMenu(otherwise: .agent))
        #expect(asked.xml.verbs == ["Gather", "Redirect"], "whether the agent is free is asked when it is wanted")
        #expect(asked.xml.contains("/twilio/dtmf?tenant=test&amp;attempt=2"))
    }

    /// Whatever a profile says, a document stays of a size the vendor takes and leads somewhere.
    @Test(arguments: [-1, 0, 1, 5, 1000])
    func aMenuIsWrittenOutABoundedNumberOfTimes(_ attempts: Int) {
        for way in [TenantProfile.Way.agent, .menu, .voicemail, .transfer(nil), .transfer("+15550122"), .hangUp] {
            var tenant = TenantProfile.withMenu(otherwise: way, attempts: attempts)
            tenant.menu?.say = String(repeating: "press one ", count: 100)
            let document = answers.voice(tenant, at: Date())
            #expect((1...TwilioAnswers.menuAttempts).contains(document.gathers.count))
            #expect(document.xml.utf8.count < 65_536)
            #expect(["Dial", "Record", "Hangup", "Redirect"].contains(document.xml.verbs.last ?? ""))
        }
    }

    @Test func keysForATenantWithoutAMenuHaveAWayOut() {
        #expect(answers.keys("1", attempt: 1, .test).xml.verbs == ["Say", "Dial"])
    }
}

@Suite("Twilio voicemail")
struct TwilioVoicemailTests {
    private let answers = TwilioAnswers(publicURL: PublicURL("https://voice.example.net/"))

    @Test func voicemailRecordsAndSaysWhereTheRecordingIsTold() throws {
        let answer = answers.next(.ended(.voicemail), .withMenu())
        #expect(answer.says == ["Leave a message."])
        guard case .record(let record)? = answer.verbs.last else {
            Issue.record("no recording: \(answer.xml)")
            return
        }
        #expect(record.action == "https://voice.example.net/twilio/record-done?tenant=test")
        #expect(record.recordingStatusCallback == "https://voice.example.net/twilio/recording?tenant=test")
        #expect(record.recordingStatusCallbackEvent == [.completed, .absent])
        #expect(record.maxLength == 90 && record.transcribe == true && record.playBeep == true)
        #expect(record.transcribeCallback == "https://voice.example.net/twilio/transcription?tenant=test")
        #expect(answers.next(.ended(.voicemail), .test).xml.verbs == ["Say", "Hangup"], "the tenant has none")
    }

    @Test(arguments: [
        ("en-US", true, 600, 120), ("en-US", false, 600, 600), ("fr-FR", true, 600, 600), ("en-GB", true, 30, 30),
        ("en-US", true, 0, 1), ("en-US", false, 1_000_000, 14_400),
    ])
    func aMessageIsAsLongAsTheVendorAllows(_ language: String, _ wanted: Bool, _ seconds: Int, _ longest: Int) {
        var tenant = TenantProfile.test
        tenant.language = language
        tenant.voicemail = .init(say: "", maximumSeconds: seconds, isTranscribed: wanted)
        guard case .record(let record)? = answers.next(.ended(.voicemail), tenant).verbs.last else {
            Issue.record("no recording")
            return
        }
        #expect(record.maxLength == longest)
        #expect((record.transcribe ?? false) == (wanted && language == "en-US"), "American English only")
    }

    @Test(arguments: ["busy", "no-answer", "failed", "", "something new"])
    func whenNobodyTakesTheTransferTheCallerMayLeaveAMessage(_ status: String) {
        #expect(answers.afterDial(status, .withMenu()).xml.verbs == ["Say", "Record"])
        #expect(answers.afterDial(status, .test).xml.verbs == ["Say", "Hangup"])
        #expect(answers.afterDial(status, nil).xml.verbs == ["Say", "Hangup"])
    }

    @Test(arguments: ["completed", "answered", "canceled"])
    func afterATransferTheCallEnds(_ status: String) {
        #expect(answers.afterDial(status, .withMenu()) == TwiML([.hangup]))
    }

    @Test func afterAMessageTheCallerHearsGoodbye() {
        #expect(answers.afterRecording(.test).says == ["Goodbye now."])
        #expect(answers.afterRecording(nil) == TwiML([.hangup]))
    }
}
