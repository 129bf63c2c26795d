import Actors
import Engine
import Testing

@Suite("Loading a call's tools", .timeLimit(.minutes(5)))
struct ToolLoaderTests {
    private let clock = SteppedClock()
    private let complaints = Complaints()

    private final class Complaints: Sendable {
        private let list = Locked<[String]>([])
        var all: [String] { list.withLock { $0 } }
        func add(_ complaint: String) { list.withLock { $0.append(complaint) } }
    }

    private var loader: ToolLoader {
        ToolLoader(limit: .milliseconds(1_500), clock: clock) { [complaints] tenant, source, cause in
            complaints.add("\(tenant) \(source): \(cause)")
        }
    }

    private struct Fault: Error, CustomStringConvertible { let description = "out of order" }

    private func source(_ name: String, _ tools: String...) -> ToolSource {
        ToolSource(name) { tools.map { TestTool($0) } }
    }

    @Test func toolsComeInTheOrderOfTheirSources() async {
        let tools = await loader.load([source("a", "a1", "a2"), source("b", "b1")], tenant: "t")
        #expect(tools.map(\.declaration.name) == ["a1", "a2", "b1"])
        #expect(complaints.all.isEmpty)
    }

    @Test func aSourceThatFailsIsLeftOut() async {
        let loader = loader
        let broken = ToolSource("b") { throw Fault() }
        let tools = await loader.load([source("a", "a1"), broken, source("c", "c1")], tenant: "t")
        #expect(tools.map(\.declaration.name) == ["a1", "c1"])
        #expect(loader.misses.map { "\($0.miss.source) \($0.miss.reason)" } == ["b unavailable"])
        #expect(complaints.all == ["t b: out of order"])
    }

    /// It ignores its cancellation, and the call begins all the same; the limit is one for all.
    @Test func slowSourcesDelayACallByTheLimitAndNoMore() async {
        let (loader, never, answered) = (loader, Signal(), Signal())
        let slow = { (name: String) in
            ToolSource(name) {
                await never.wait()
                return [TestTool("late")]
            }
        }
        let quick = ToolSource("a") {
            await answered.wait()
            return [TestTool("a1")]
        }
        async let tools = loader.load([slow("s"), quick, slow("z")], tenant: "t")
        await clock.waitForSleepers(3)
        answered.send()
        while clock.sleeping > 2 { await Task.yield() }
        clock.advance(by: .milliseconds(1_499))
        #expect(loader.misses.isEmpty && clock.sleeping == 2)
        clock.advance(by: .milliseconds(1))
        #expect(await tools.map(\.declaration.name) == ["a1"])
        #expect(loader.misses.map(\.miss.source) == ["s", "z"])
        #expect(loader.misses.allSatisfy { $0.miss.reason == .timeout && $0.count == 1 })
        never.send()
    }

    @Test func anOutageIsToldOnceForEachTenantAndCountedEveryTime() async {
        let loader = loader
        let isWell = Locked(false)
        let server = ToolSource("b") {
            guard isWell.withLock({ $0 }) else { throw Fault() }
            return [TestTool("b1")]
        }
        for tenant in ["t", "t", "u", "t"] { _ = await loader.load([server], tenant: tenant) }
        #expect(complaints.all == ["t b: out of order", "u b: out of order"])
        #expect(loader.misses.map(\.count) == [4])
        isWell.withLock { $0 = true }
        #expect(await loader.load([server], tenant: "t").count == 1)
        isWell.withLock { $0 = false }
        _ = await loader.load([server], tenant: "t")
        #expect(complaints.all.count == 3)
    }
}
