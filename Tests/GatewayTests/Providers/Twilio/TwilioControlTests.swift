import Actors
import Foundation
import Gateway
import NIOCore
import Testing

extension Loopback {
    @Suite("Twilio control") struct TwilioControlTests {
        private static let call = ProviderCallKey(provider: "twilio", id: "CA1")
        private let answers = TwilioAnswers(publicURL: PublicURL("https://voice.example.net"))

        /// A book that knows one call of the tenant `test`.
        private func book() -> CallBook {
            let book = CallBook()
            book.take(ProviderEvent(call: Self.call, kind: .phase(.inProgress), id: "1", tenant: "test"))
            return book
        }

        private func error(_ body: () async throws -> Void) async throws -> ControlError {
            do {
                try await body()
            } catch let error as ControlError {
                return error
            }
            throw CocoaError(.featureUnsupported)
        }

        private func run(
            _ body: (FakeTwilio, TwilioControl, CallBook, TransferBriefs) async throws -> Void
        ) async throws {
            try await FakeTwilio.run { twilio, rest in
                twilio.state.withLock { $0.calls["CA1"] = "in-progress" }
                let book = self.book()
                let briefs = TransferBriefs()
                let control = TwilioControl(rest: rest, answers: answers, book: book, briefs: briefs)
                try await body(twilio, control, book, briefs)
            }
        }

        @Test func aBlindTransferDialsAtOnce() async throws {
            try await run { twilio, control, _, _ in
                try await control.perform(.transfer(to: "+12025550142", .blind), on: Self.call)
                let xml = try #require(twilio.asked.first?.form["Twiml"])
                let dial = try #require(CanonicalXML.tree(xml)?.first("Dial"))
                #expect(xml.verbs == ["Dial"] && dial.first("Number")?.text == "+12025550142")
                #expect(dial.first("Number")?.attributes.isEmpty == true)
                #expect(dial.attributes["action"] == "https://voice.example.net/twilio/dial-done?tenant=test")
            }
        }

        @Test func aWarmTransferKeepsItsBriefAndGivesOnlyAnAddress() async throws {
            try await run { twilio, control, _, briefs in
                let brief = "Ann, about her dog Rex."
                try await control.perform(.transfer(to: "+12025550142", .warm(brief: brief)), on: Self.call)
                let xml = try #require(twilio.asked.first?.form["Twiml"])
                let number = try #require(CanonicalXML.tree(xml)?.first("Dial")?.first("Number"))
                #expect(number.attributes["url"] == "https://voice.example.net/twilio/whisper?tenant=test&call=CA1")
                #expect(briefs["CA1"] == brief && !xml.contains("Rex"))
            }
        }

        @Test func hangingUpACallThatIsOverIsDone() async throws {
            try await run { twilio, control, _, _ in
                try await control.perform(.hangUp, on: Self.call)
                #expect(twilio.state.withLock { $0.calls["CA1"] } == "completed")
                try await control.perform(.hangUp, on: ProviderCallKey(provider: "twilio", id: "CA404"))
                let gone = try await error {
                    try await control.perform(
                        .transfer(to: "+12025550142", .blind),
                        on: ProviderCallKey(provider: "twilio", id: "CA404")
                    )
                }
                #expect(gone.code == .gone)
            }
        }

        @Test func keysArePressedAndTheAgentComesBack() async throws {
            try await run { twilio, control, _, _ in
                try await control.perform(.digits("1w2*#"), on: Self.call)
                let xml = try #require(twilio.asked.first?.form["Twiml"])
                #expect(xml.verbs == ["Play", "Connect"])
                #expect(CanonicalXML.tree(xml)?.first("Play")?.attributes == ["digits": "1w2*#"])
                #expect(xml.contains(#"value="test""#))
                for bad in ["", "A", "1 2", "é", String(repeating: "1", count: 33)] {
                    #expect(try await error { try await control.perform(.digits(bad), on: Self.call) }.code == .failed)
                }
                let unknown = ProviderCallKey(provider: "twilio", id: "CA2")
                #expect(try await error { try await control.perform(.digits("1"), on: unknown) }.code == .failed)
                #expect(twilio.asked.count == 1)
            }
        }

        @Test func anOutboundCallComesBackToItsTenantAndIsBooked() async throws {
            try await run { twilio, control, book, _ in
                let id = try await control.call("+12025550142", from: "+12025550100", tenant: "oak field")
                let form = try #require(twilio.asked.first?.form)
                #expect(form["Url"] == "https://voice.example.net/twilio/voice?tenant=oak%20field")
                #expect(form["StatusCallback"] == "https://voice.example.net/twilio/status?tenant=oak%20field")
                let entry = try #require(book.entry(ProviderCallKey(provider: "twilio", id: id)))
                #expect(entry.tenant == "oak field" && entry.lifecycle.phase == .initiated)
                #expect(entry.direction == .outbound && entry.to == "+12025550142" && entry.from == "+12025550100")
            }
        }

        @Test(arguments: ["", "12025550142", "+0123456789", "+1202555", "+1202555014212345", "sip:a@b", "+1202555é142"])
        func whatIsNoTelephoneNumberIsNotCalledAndNotRepeated(_ number: String) async throws {
            try await run { twilio, control, _, _ in
                let faults = [
                    try await error { try await control.perform(.transfer(to: number, .blind), on: Self.call) },
                    try await error { _ = try await control.call(number, from: "+12025550100", tenant: "test") },
                    try await error { _ = try await control.call("+12025550100", from: number, tenant: "test") },
                ]
                #expect(faults.allSatisfy { $0.code == .failed && (number.isEmpty || !$0.message.contains(number)) })
                #expect(twilio.asked.isEmpty)
            }
        }

        @Test func whyItFailedIsSaidInWordsForPeople() async throws {
            try await run { twilio, control, _, _ in
                func fault(_ replies: FakeTwilio.Fault...) async throws -> ControlError {
                    twilio.state.withLock { $0.faults = replies }
                    return try await error {
                        try await control.perform(.transfer(to: "+12025550142", .blind), on: Self.call)
                    }
                }
                let limited = FakeTwilio.Fault.reply(.error(429, code: 20429, [("Retry-After", "3")]))
                let tooOften = try await fault(limited, limited, limited)
                #expect(tooOften.code == .rateLimited && tooOften.retryAfter == .seconds(3))
                let refused = try await fault(.reply(.error(401, code: 20003)))
                #expect(refused.code == .notConfigured && refused.message.contains("TWILIO_ACCOUNT_SID"))
                let broken = try await fault(.reply(.error(500, code: 20500)))
                #expect(broken.code == .failed && broken.message.contains("500") && broken.message.contains("20500"))
                #expect(try await fault(.cut).code == .failed)
                #expect(try await fault(.reply(.error(404, code: 20404))).code == .gone)
            }
        }
    }
}

@Suite("Twilio control without an account")
struct TwilioControlWithoutAccountTests {
    @Test func everyRequestSaysWhatIsMissing() async {
        let control = TwilioControl(
            rest: nil,
            answers: TwilioAnswers(publicURL: PublicURL("https://voice.example.net")),
            book: CallBook(),
            briefs: TransferBriefs()
        )
        let call = ProviderCallKey(provider: "twilio", id: "CA1")
        for request in [ControlRequest.hangUp, .digits("1"), .transfer(to: "+12025550142", .blind)] {
            await #expect(throws: ControlError(.notConfigured, TwilioControl.howToConfigure)) {
                try await control.perform(request, on: call)
            }
        }
        await #expect(throws: ControlError(.notConfigured, TwilioControl.howToConfigure)) {
            _ = try await control.call("+12025550142", from: "+12025550100", tenant: "test")
        }
    }
}
