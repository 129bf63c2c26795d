import Actors
import Engine
import Legs
import TestSupport
import Testing
import VendorServers

extension VendorLoopback {
    @Suite("Chat models, faults")
    struct ChatFaultSuite {
        /// Short where a fault is only known by waiting, and otherwise far from what a slow machine needs.
        static func limits(_ fault: VendorFault) -> (ChatLimits, VendorLimits) {
            var limits = ChatLimits(answerBytes: 1024)
            var transport = VendorLimits()
            if fault == .slowDrip { limits.silence = .milliseconds(300) }
            if fault == .halfOpen { transport.response = .milliseconds(300) }
            return (limits, transport)
        }

        static let errors: [(VendorFault, code: String, isRetryable: Bool)] = [
            (.unauthorized, "refused", false),
            (.tooManyRequests, "busy", true),
            (.serverError, "unavailable", true),
            (.malformed, "protocol", true),
            (.reset, "unavailable", true),
            (.halfOpen, "timeout", true),
            (.slowDrip, "timeout", true),
            (.empty, "protocol", true),
            (.endless, "protocol", false),
        ]

        @Test(arguments: ChatVendor.allCases, errors.indices)
        func `a fault is one error, and the next request is answered`(_ vendor: ChatVendor, _ index: Int) async throws {
            let (fault, code, isRetryable) = Self.errors[index]
            let (limits, transport) = Self.limits(fault)
            try await vendor.run(limits: limits, transport: transport) { model, server in
                server.faults { $0 == 1 ? fault : nil }
                let stream = model.answer(.asking("Hi"))
                let outcome = await ChatOutcome.read(stream)
                let error = try #require(outcome.legError)
                #expect(error.leg == .llm)
                #expect(error.provider == vendor.provider)
                #expect(error.code == code)
                #expect(error.isRetryable == isRetryable)
                #expect(error.retryAfter == (fault == .tooManyRequests ? .seconds(1) : nil))
                #expect(outcome.finishes == [])
                // It is told once.
                let again = await ChatOutcome.read(stream)
                #expect(again.deltas == [])
                #expect(again.error == nil)
                await server.until { $0.exchanges[0].end != nil }
                guard fault != .halfOpen, fault != .slowDrip else { return }
                #expect(await ChatOutcome.read(model.answer(.asking("Hi"))).text == "Good morning.")
            }
        }

        @Test(arguments: ChatVendor.allCases)
        func `half a character in a token is not shown`(_ vendor: ChatVendor) async throws {
            try await vendor.run { model, server in
                server.faults { _ in .truncatedUTF8 }
                let outcome = await ChatOutcome.read(model.answer(.asking("Hi")))
                #expect(outcome.error == nil)
                #expect(outcome.text == "Good morning.")
                #expect(outcome.finishes == [.stop])
            }
        }

        @Test(arguments: ChatVendor.allCases)
        func `a body that ends before the answer is cut off`(_ vendor: ChatVendor) async throws {
            try await vendor.run { model, server in
                server.answer { _ in ScriptedAnswer([.text("Well,")], end: .cut) }
                let outcome = await ChatOutcome.read(model.answer(.asking("Hi")))
                #expect(outcome.deltas == [.text("Well,")])
                #expect(outcome.legError?.code == "unavailable")
                #expect(outcome.legError?.isRetryable == true)
            }
        }

        @Test(arguments: ChatVendor.allCases)
        func `nobody listening is unavailable`(_ vendor: ChatVendor) async throws {
            try await vendor.run { model, server in
                await server.stop()
                await model.warm()
                let outcome = await ChatOutcome.read(model.answer(.asking("Hi")))
                #expect(outcome.legError?.code == "unavailable")
            }
        }

        /// The bound for the connection's end is 50 ms on a machine of its own; here it is one that only a broken
        /// cancellation misses.
        @Test(arguments: ChatVendor.allCases)
        func `a caller who interrupts ends the request and hears nothing of it`(_ vendor: ChatVendor) async throws {
            try await vendor.run { model, server in
                let words = 2000
                server.answer { _ in .say(String(repeating: "word ", count: words)) }
                server.pace(firstToken: .zero, betweenTokens: .milliseconds(20))
                let late = Locked(0)
                let isCancelled = Locked(false)
                let (third, thirdCame) = AsyncStream<Void>.makeStream()
                let reader = Task {
                    var count = 0
                    for try await _ in model.answer(.asking("Hi")) {
                        count += 1
                        if count == 3 { thirdCame.finish() }
                        if isCancelled.withLock({ $0 }) { late.withLock { $0 += 1 } }
                    }
                }
                for await _ in third {}
                reader.cancel()
                isCancelled.withLock { $0 = true }
                let cancelled = ContinuousClock.now
                _ = await reader.result
                // One may have been handed over when the cancellation came; none follows it.
                #expect(late.withLock { $0 } <= 1)
                await server.until { $0.exchanges[0].end != nil }
                let exchange = server.record.exchanges[0]
                guard case .left(let left) = exchange.end else {
                    Issue.record("the answer was written to its end")
                    return
                }
                #expect(left - cancelled < .seconds(5))
                #expect(exchange.tokens < words / 2)
            }
        }

        @Test(arguments: ChatVendor.allCases)
        func `a reader that goes away ends the request`(_ vendor: ChatVendor) async throws {
            try await vendor.run { model, server in
                server.faults { _ in .endless }
                for try await _ in model.answer(.asking("Hi")) { break }
                await server.until { if case .left = $0.exchanges[0].end { true } else { false } }
            }
        }

        @Test(arguments: ChatVendor.allCases)
        func `a question given up before its first token is given up at the server`(_ vendor: ChatVendor) async throws {
            try await vendor.run { model, server in
                server.pace(firstToken: .seconds(60))
                let reader = Task { await ChatOutcome.read(model.answer(.asking("Hi"))) }
                await server.until { $0.requests.count == 1 }
                reader.cancel()
                #expect(await reader.value.error is CancellationError)
                await server.until { if case .left = $0.exchanges.first?.end { true } else { false } }
            }
        }

        @Test(arguments: ChatVendor.allCases)
        func `two hundred requests with faults leave nothing behind`(_ vendor: ChatVendor) async throws {
            var (limits, transport) = Self.limits(.endless)
            limits.silence = .milliseconds(300)
            transport.response = .milliseconds(300)
            transport.idle = .milliseconds(500)
            let seed: UInt64 = 20_261_121
            try await vendor.run(limits: limits, transport: transport) { model, server in
                server.faults { number in
                    var random = SeededGenerator(seed: seed &+ UInt64(number))
                    return Bool.random(using: &random) ? nil : VendorFault.allCases.randomElement(using: &random)
                }
                let ended = await withTaskGroup { group in
                    for worker in 0..<10 {
                        group.addTask {
                            var random = SeededGenerator(seed: seed &* 31 &+ UInt64(worker))
                            var ended = 0
                            for _ in 0..<20 {
                                if Int.random(in: 0..<4, using: &random) == 0 {
                                    let given = Task { await ChatOutcome.read(model.answer(.asking("Hi"))) }
                                    await Task.yield()
                                    given.cancel()
                                    _ = await given.value
                                    ended += 1
                                } else {
                                    let outcome = await ChatOutcome.read(model.answer(.asking("Hi")))
                                    // An end or an error, and never both.
                                    let isOne = (outcome.finishes.count == 1) != (outcome.legError != nil)
                                    ended += isOne ? 1 : 0
                                }
                            }
                            return ended
                        }
                    }
                    return await group.reduce(0, +)
                }
                #expect(ended == 200, "seed \(seed)")
                await server.until { $0.exchanges.allSatisfy { $0.end != nil } }
                // What is still open waits to be used again: never more than asked at one time.
                #expect(server.record.openConnections <= 10)
            }
        }
    }
}
