import Actors
import Legs
import Testing

@Suite("Chat fault")
struct ChatFaultTests {
    static let meanings: [(ChatFault, code: String, isRetryable: Bool)] = [
        (.cut, "unavailable", true),
        (.malformed("x"), "protocol", true),
        (.tooLong(1), "protocol", false),
        (.tooManyCalls(1), "protocol", false),
        (.silent(.seconds(1)), "timeout", true),
        (.empty(.stop), "protocol", true),
        (.vendor(.init("overloaded_error")), "busy", true),
        (.vendor(.init("rate_limit_error")), "busy", true),
        (.vendor(.init("insufficient_quota")), "refused", false),
        (.vendor(.init("invalid_request_error")), "refused", false),
        (.vendor(.init("api_error")), "unavailable", true),
        (.vendor(.init("never_heard_of")), "unavailable", true),
        (.vendor(.init(nil, status: 429)), "busy", true),
        (.vendor(.init(nil, status: 400)), "refused", false),
        (.vendor(.init(nil, status: 503)), "unavailable", true),
    ]

    @Test(arguments: meanings.indices)
    func `a fault is one error of the leg`(_ index: Int) {
        let (fault, code, isRetryable) = Self.meanings[index]
        let error = fault.legError("openai")
        #expect(error.leg == .llm)
        #expect(error.provider == "openai")
        #expect(error.code == code)
        #expect(error.isRetryable == isRetryable)
        #expect(!error.cause.isEmpty)
    }

    @Test(arguments: ["", "Your number +351 912 345 678 is unknown", "ü", String(repeating: "a", count: 65), "a\nb"])
    func `what is no word is not repeated`(_ name: String) {
        #expect(ChatFault.VendorWord(name).name == "unnamed")
    }
}
