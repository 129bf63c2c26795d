import Actors
import Engine
import Foundation
import Gateway
import Logging
import Synchronization
import Testing

@Suite("Call log")
struct CallLogTests {
    private final class Lines: Sendable {
        private let lines = Mutex<[String]>([])
        var all: [String] { lines.withLock { $0 } }
        func add(_ line: String) { lines.withLock { $0.append(line) } }
    }

    /// The lines of a call's start, an intent, a failure and the end.
    private func lines(_ providers: [String]) throws -> [[String: Any]] {
        let lines = Lines()
        let logger = Logger(label: "test") { JSONLogHandler(label: $0, level: .trace, write: lines.add) }
        let log = CallLog(logger: logger, legs: zip(["stt", "llm", "tts"], providers).map { (kind: $0, provider: $1) })
        let identity = CallIdentity(id: "1", provider: "twilio", providerCallID: "CA1", tenant: "test")
        let failure = LegError(leg: .tts, provider: "timed", code: "refused", cause: "too long", isRetryable: false)
        let outcome = CallOutcome(reason: .agentHungUp, turns: 1, interruptions: 0, duration: .seconds(1))
        for happening in [CallHappening.started, .intent("prices"), .legFailed(failure), .ended(outcome)] {
            log.call(identity, at: .zero, happening)
        }
        return try lines.all.map { try WireVectors.parse(Data($0.utf8)) }
    }

    @Test func everyLineOfACallNamesItsTimedLegs() throws {
        let all = try lines(["timed", "embedded", "timed"])
        #expect(all.count == 4)
        #expect(all.allSatisfy { $0.text("legs.timed") == "stt,tts" && $0.text("call.id") == "1" })
    }

    @Test func aWorkingAgentsLinesSayNothingOfTheKind() throws {
        let all = try lines(["embedded", "embedded", "embedded"])
        #expect(all.count == 4)
        #expect(all.allSatisfy { $0["legs.timed"] == nil })
    }
}
