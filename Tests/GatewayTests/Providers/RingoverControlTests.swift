import Foundation
import Gateway
import HTTPTypes
import Synchronization
import Testing

@Suite("Ringover control", .timeLimit(.minutes(5)))
struct RingoverControlTests {
    /// Answers from a list, and keeps what was asked.
    private final class FakeTransport: VendorTransport {
        private let answers: Mutex<[VendorResponse]>
        let requests = Mutex<[VendorRequest]>([])

        init(_ answers: [VendorResponse]) { self.answers = Mutex(answers) }

        func send(_ request: VendorRequest) async throws(VendorError) -> VendorResponse {
            requests.withLock { $0.append(request) }
            guard let answer = answers.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) else {
                throw VendorError(.unreachable, "nothing answers")
            }
            return answer
        }
    }

    private static var settings: RingoverSettings {
        var settings = RingoverSettings()
        settings.apiKey = "the-key"
        settings.baseURL = "https://api.example.net/v2/"
        return settings
    }

    private func error(_ body: () async throws(ControlError) -> Void) async -> ControlError? {
        do throws(ControlError) {
            try await body()
            return nil
        } catch {
            return error
        }
    }

    private static let call = ProviderCallKey(provider: "ringover", id: "7")

    @Test func aCallIsPlacedAsTheVendorWantsIt() async throws {
        let transport = FakeTransport([
            VendorResponse(status: .ok, body: Array(#"{"call_id":1234567890987654400,"channel_id":5}"#.utf8))
        ])
        let control = RingoverControl(sockets: LiveSockets(), api: RingoverAPI(settings: Self.settings, transport))
        let id = try await control.call("+33612345678", from: "+33184800000", tenant: "clinic")
        #expect(id == "1234567890987654400")
        let request = try #require(transport.requests.withLock { $0.first })
        #expect(request.url == "https://api.example.net/v2/callback" && request.method == .post)
        #expect(request.headers[.authorization] == "the-key", "without Bearer")
        #expect(!request.isIdempotent, "a second attempt would ring twice")
        let body = try JSONValue(parsing: request.body)
        #expect(body["to_number"]?.word == "33612345678" && body["from_number"]?.word == "33184800000")
        #expect(body["device"] == .text("ALL") && body["timeout"] == .number(JSONNumber(written: "60")))
    }

    @Test(arguments: [
        (401, ControlError.Code.failed), (429, .rateLimited), (500, .failed), (200, .failed),
    ]) func aRefusalSaysWhatToDo(_ status: Int, _ code: ControlError.Code) async {
        let transport = FakeTransport([VendorResponse(status: .init(code: status), body: Array("{}".utf8))])
        let control = RingoverControl(sockets: LiveSockets(), api: RingoverAPI(settings: Self.settings, transport))
        let found = await error { () async throws(ControlError) in
            _ = try await control.call("+33612345678", from: "", tenant: "clinic")
        }
        #expect(found?.code == code)
        #expect(found?.message.contains("33612345678") == false && found?.message.contains("the-key") == false)
    }

    @Test func whatCannotBeAskedIsRefusedBeforehand() async {
        let transport = FakeTransport([])
        let api = RingoverAPI(settings: Self.settings, transport)
        let control = RingoverControl(sockets: LiveSockets(), api: api)
        let bad = await error { () async throws(ControlError) in
            _ = try await control.call("101", from: "", tenant: "clinic")
        }
        #expect(bad?.code == .failed && transport.requests.withLock { $0.isEmpty })
        #expect(RingoverAPI(settings: RingoverSettings(), transport) == nil)
        let keyless = RingoverControl(sockets: LiveSockets(), api: nil)
        let missing = await error { () async throws(ControlError) in
            _ = try await keyless.call("+33612345678", from: "", tenant: "clinic")
        }
        #expect(missing?.code == .notConfigured && missing?.message.contains("RINGOVER_API_KEY") == true)
    }

    @Test func ordersNeedASocket() async {
        let control = RingoverControl(sockets: LiveSockets(), api: nil)
        let requests: [(ControlRequest, ControlError.Code)] = [
            (.transfer(to: "+33184800001", .blind), .gone), (.hangUp, .gone), (.digits("12"), .gone),
            (.transfer(to: "+33184800001", .warm(brief: "x")), .notSupported), (.transfer(to: "101", .blind), .failed),
            (.digits("1w2"), .notSupported), (.digits(""), .failed), (.digits("abc"), .failed),
        ]
        for (request, code) in requests {
            let found = await error { () async throws(ControlError) in
                try await control.perform(request, on: Self.call)
            }
            #expect(found?.code == code, "\(request)")
        }
    }

    @Test func twoRequestsASecondAndNoLongQueue() {
        var pace = RequestPace(interval: .milliseconds(500), patience: .seconds(1))
        let start = ContinuousClock.now
        #expect(pace.next(now: start) == .turn(start))
        #expect(pace.next(now: start) == .turn(start + .milliseconds(500)))
        #expect(pace.next(now: start) == .turn(start + .seconds(1)))
        #expect(pace.next(now: start) == .tooMany(wait: .milliseconds(1500)))
        #expect(pace.next(now: start + .seconds(9)) == .turn(start + .seconds(9)))
    }
}
