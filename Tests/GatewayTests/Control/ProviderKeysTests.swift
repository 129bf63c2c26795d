import Actors
import Engine
import Foundation
import Gateway
import Synchronization
import Testing

@Suite("Keys pressed by a model")
struct ProviderKeysTests {
    /// A provider that does as it is told, or refuses.
    private final class Control: ProviderControl {
        let keysKeepTheStream: Bool
        let refusal: ControlError?
        let asked = Mutex<[String]>([])

        init(keepsTheStream: Bool, refusal: ControlError? = nil) {
            keysKeepTheStream = keepsTheStream
            self.refusal = refusal
        }

        func perform(_ request: ControlRequest, on call: ProviderCallKey) async throws(ControlError) {
            asked.withLock { $0.append("\(request) \(call.provider):\(call.id)") }
            if let refusal { throw refusal }
        }

        func call(_ number: String, from: String, tenant: String) async throws(ControlError) -> String {
            throw ControlError(.notSupported, "no")
        }
    }

    private static func identity(_ provider: String) -> CallIdentity {
        CallIdentity(id: "E-\(provider)", provider: provider, providerCallID: "1", tenant: "a")
    }

    private func keys(_ controls: [String: Control]) -> (ProviderKeys, CallBookLink) {
        let book = CallBook()
        let link = CallBookLink(book)
        for provider in ["ringover", "twilio", "ringcentral"] {
            link.call(Self.identity(provider), at: .zero, .started)
        }
        let keys = ProviderKeys()
        keys.connect(book: book, controls: controls)
        return (keys, link)
    }

    private func fault(_ body: () async throws -> Void) async -> ToolError? {
        do {
            try await body()
            return nil
        } catch {
            return error as? ToolError
        }
    }

    @Test func theyAreThoseOfTheCallThatAsks() async throws {
        let control = Control(keepsTheStream: true)
        let (keys, _) = keys(["ringover": control])
        try await keys.press("12#", call: "E-ringover")
        #expect(control.asked.withLock { $0 } == [#"digits("12#") ringover:1"#])
    }

    @Test func onlyCallsThatOutliveAPressedKeyAreOfferedIt() {
        let (keys, _) = keys(["ringover": Control(keepsTheStream: true), "twilio": Control(keepsTheStream: false)])
        #expect(keys.canPress(in: Self.identity("ringover")))
        #expect(!keys.canPress(in: Self.identity("twilio")) && !keys.canPress(in: Self.identity("ringcentral")))
        #expect(!keys.canPress(in: nil) && !ProviderKeys().canPress(in: Self.identity("ringover")))
    }

    /// Twilio takes new instructions instead of the stream: the conversation would end with it.
    @Test func aProviderThatWouldEndTheConversationIsNotAsked() async {
        let twilio = Control(keepsTheStream: false)
        let (keys, _) = keys(["twilio": twilio])
        for call in ["E-twilio", "E-ringcentral"] {
            let error = await fault { try await keys.press("1", call: call) }
            #expect(error?.code == .refused && error?.message.contains("cannot press keys") == true)
        }
        #expect(twilio.asked.withLock { $0.isEmpty })
    }

    @Test func aCallThatIsOverIsToldSo() async {
        let control = Control(keepsTheStream: true)
        let (keys, link) = keys(["ringover": control])
        let outcome = CallOutcome(reason: .providerStopped, turns: 1, interruptions: 0, duration: .seconds(12))
        link.call(Self.identity("ringover"), at: .zero, .ended(outcome))
        for call in ["E-ringover", "E-nobody"] {
            #expect(await fault { try await keys.press("1", call: call) }?.message.contains("over") == true)
        }
        #expect(await fault { try await ProviderKeys().press("1", call: "E-ringover") }?.code == .refused)
        #expect(control.asked.withLock { $0.isEmpty })
    }

    @Test(arguments: [
        (ControlError.Code.notSupported, ToolError.Code.refused, "without pauses"), (.gone, .refused, "over"),
        (.failed, .unavailable, "did not press"), (.notConfigured, .unavailable, "did not press"),
        (.rateLimited, .unavailable, "did not press"),
    ])
    func whatAProviderRefusesIsToldToTheModel(
        _ code: ControlError.Code,
        _ expected: ToolError.Code,
        _ words: String
    ) async {
        let refusal = ControlError(code, "It takes keys without pauses; set RINGOVER_API_KEY.")
        let (keys, _) = keys(["ringover": Control(keepsTheStream: true, refusal: refusal)])
        let error = await fault { try await keys.press("1w2", call: "E-ringover") }
        #expect(error?.code == expected && error?.message.contains(words) == true)
        #expect(code == .notSupported || error?.message.contains("RINGOVER_API_KEY") == false)
    }

    private struct PlainControl: ProviderControl {
        func perform(_ request: ControlRequest, on call: ProviderCallKey) async throws(ControlError) {}
        func call(_ number: String, from: String, tenant: String) async throws(ControlError) -> String { "" }
    }

    @Test func aProviderThatSaysNothingIsTakenToEndTheStream() {
        #expect(!PlainControl().keysKeepTheStream)
        #expect(RingoverControl(sockets: LiveSockets(), api: nil).keysKeepTheStream)
    }
}
