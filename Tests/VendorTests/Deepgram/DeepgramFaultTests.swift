import Actors
import Legs
import TestSupport
import Testing
import VendorServers

extension VendorLoopback {
    /// Each thing that may go wrong gives one clear error or one empty turn, and leaves nothing open.
    @Suite("Deepgram faults")
    struct DeepgramFaultTests {
        struct Case: Sendable, CustomTestStringConvertible {
            let fault: DeepgramFault
            /// nil: the turn ends without an error.
            let code: String?
            var isRetryable = true

            /// Nobody answers: only limits end this.
            var isLate: Bool { fault == .vendor(.halfOpen) || fault == .vendor(.slowDrip) }
            var testDescription: String { "\(fault)" }
        }

        static let cases = [
            Case(fault: .vendor(.unauthorized), code: "refused", isRetryable: false),
            Case(fault: .vendor(.tooManyRequests), code: "busy"),
            Case(fault: .vendor(.serverError), code: "unavailable"),
            Case(fault: .vendor(.malformed), code: "protocol", isRetryable: false),
            Case(fault: .vendor(.reset), code: "unavailable"),
            Case(fault: .vendor(.halfOpen), code: "timeout"),
            Case(fault: .vendor(.slowDrip), code: "timeout"),
            Case(fault: .vendor(.truncatedUTF8), code: "protocol", isRetryable: false),
            Case(fault: .vendor(.empty), code: nil),
            Case(fault: .vendor(.endless), code: nil),
            Case(fault: .closes(1008, reason: "DATA-0000"), code: "protocol", isRetryable: false),
            Case(fault: .closes(1011, reason: "NET-0000"), code: "unavailable"),
            Case(fault: .closes(1000, reason: "caller +15550100 said hello"), code: "unavailable"),
        ]

        private static func quick(_ configuration: inout DeepgramLiveConfiguration) {
            configuration.finalLimit = .milliseconds(200)
            configuration.closeLimit = .milliseconds(100)
            configuration.limits.ping = .milliseconds(100)
            configuration.limits.pong = .seconds(2)
        }

        /// One call with one turn; what it came to.
        ///
        /// - Parameter waits: for the failure too, where the turn ends before it is known.
        private func call(_ rig: DeepgramRig, waits: Bool = false) async -> (errors: [LegError], finals: [Transcript]) {
            do {
                let (session, heard) = try await rig.open()
                session.begin(turn: 1)
                DeepgramRig.speak(session, seconds: 1)
                session.end(turn: 1)
                _ = await heard.final()
                if waits { _ = await heard.failure() }
                session.close()
                return (heard.failures, heard.finals)
            } catch {
                return ((error as? LegError).map { [$0] } ?? [], [])
            }
        }

        @Test(arguments: cases) func isToldOnce(_ one: Case) async throws {
            try await DeepgramRig.run {
                Self.quick(&$0)
            } _: { rig in
                rig.server.fault(one.fault)
                let (errors, finals) = await call(rig, waits: one.code != nil)
                #expect(errors.count == (one.code == nil ? 0 : 1))
                #expect(errors.first?.code == one.code)
                #expect(errors.first.map { $0.isRetryable == one.isRetryable } ?? true)
                #expect(errors.first.map { !$0.cause.contains("1555") && !$0.cause.contains("hello") } ?? true)
                #expect(errors.first?.retryAfter == (one.fault == .vendor(.tooManyRequests) ? .seconds(1) : nil))
                if one.code == nil { #expect(finals.count == 1) }
                if one.fault == .vendor(.empty) { #expect(finals.first?.text == "") }
                await rig.server.plain.idle()
            }
        }

        @Test func theNextConnectionIsNotTouchedByTheLastOnesFault() async throws {
            try await DeepgramRig.run { rig in
                rig.server.fault(.vendor(.reset), connection: 0)
                #expect(await call(rig, waits: true).errors.count == 1)
                let (errors, finals) = await call(rig)
                #expect(errors.isEmpty)
                #expect(finals.first?.text == "could you book me")
            }
        }

        /// 200 calls, twenty at a time, each with the next fault: afterwards there is no socket more than before.
        @Test func twoHundredCallsWithFaultsLeaveNothingOpen() async throws {
            try await DeepgramRig.run {
                Self.quick(&$0)
            } _: { rig in
                let descriptors = try OpenDescriptors.count()
                for number in 0..<200 {
                    rig.server.fault(Self.cases[number % Self.cases.count].fault, connection: number)
                }
                var outcomes: [(errors: Int, finals: Int)] = []
                for _ in 0..<10 {
                    await withTaskGroup(of: (Int, Int).self) { group in
                        for _ in 0..<20 {
                            group.addTask {
                                let outcome = await call(rig)
                                return (outcome.errors.count, outcome.finals.count)
                            }
                        }
                        for await outcome in group { outcomes.append(outcome) }
                    }
                }
                #expect(outcomes.allSatisfy { $0.errors <= 1 && $0.finals <= 1 && $0.errors + $0.finals >= 1 })
                await rig.server.plain.idle()
                #expect(rig.server.records.count == 200)
                #expect(rig.server.records.allSatisfy { $0.violations.isEmpty })
                #expect(try OpenDescriptors.count() <= descriptors + 2)
            }
        }
    }
}
