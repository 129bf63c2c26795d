import Actors
import Engine
import Synchronization
import TestSupport
import Testing

/// Places of the engine and of its tenants, as many threads take and give them back.
@Suite("Exchange admission")
struct ExchangeAdmissionTests {
    private func exchange(
        limit: Int,
        media: WorkerGroup = WorkerGroup(count: 1) { WorkerConfiguration(name: "media-\($0)") },
        legs: WorkerGroup = WorkerGroup(count: 1) { WorkerConfiguration(name: "legs-\($0)", phaseSlots: 1) }
    ) -> Exchange {
        Exchange(
            configuration: .init(maximumCalls: limit),
            media: media,
            legs: legs,
            meters: ActorMeters(),
            legSet: LegSet(transcriber: FakeTranscriber([]), model: FakeModel { _ in [] }, synthesizer: FakeVoice()),
            observer: RecordingObserver()
        )
    }

    private func profile(_ id: String, calls: Int?) -> TenantProfile {
        var profile = TenantProfile.test
        profile.id = id
        profile.limits.calls = calls
        return profile
    }

    /// Takes half of its worker's time.
    private final class Spinning: ClockTarget, Sendable {
        private let ticks: AsyncStream<Void>.Continuation
        init(_ ticks: AsyncStream<Void>.Continuation) { self.ticks = ticks }

        func tick(now: Int64) {
            let start = ContinuousClock.now
            while start.duration(to: .now) < .milliseconds(1) {}
            ticks.yield()
        }
    }

    /// A call whose events wait behind those of others is as bad as one whose sound does.
    @Test(arguments: [true, false]) func noCallIsAdmittedWhenTheWorkersOfOneKindAreBusy(areLegs: Bool) async {
        let busy = WorkerGroup(count: 1) {
            WorkerConfiguration(name: "busy-\($0)", period: .milliseconds(2), phaseSlots: 1, overloadShare: 0.05)
        }
        let exchange = areLegs ? exchange(limit: 3, legs: busy) : exchange(limit: 3, media: busy)
        #expect(exchange.status == "ready")
        let (ticks, continuation) = AsyncStream<Void>.makeStream()
        busy.place().attach(Spinning(continuation))
        busy.start()
        defer { busy.stop() }
        // A second of half a processor: far above the limit, however the machine fares meanwhile.
        for await _ in ticks.prefix(500) {}
        #expect(throws: Exchange.Refusal.overloaded) { try exchange.admit() }
        #expect(exchange.status == "overloaded" && !exchange.hasRoom && exchange.activeCalls == 0)
    }

    @Test func aTenantGetsItsShareAndNotOneMore() throws {
        let exchange = exchange(limit: 10)
        let limited = profile("limited", calls: 2)
        for _ in 0..<2 {
            #expect(exchange.hasRoom(for: limited))
            try exchange.admit()
            try exchange.claim(tenant: "limited", limit: 2)
        }
        #expect(!exchange.hasRoom(for: limited) && exchange.hasRoom(for: profile("other", calls: 1)))
        try exchange.admit()
        #expect(throws: Exchange.Refusal.tenantFull) { try exchange.claim(tenant: "limited", limit: 2) }
        #expect(exchange.activeCalls == 3, "the engine's place is still the caller's")
        exchange.release()
        exchange.release(tenant: "limited")
        #expect(exchange.activeCalls == 1 && exchange.activeCalls(of: "limited") == 1)
        try exchange.admit()
        #expect(throws: Never.self) { try exchange.claim(tenant: "limited", limit: 2) }
    }

    @Test func withoutALimitATenantIsBoundedByTheEngineOnly() throws {
        let exchange = exchange(limit: 3)
        let free = profile("free", calls: nil)
        for _ in 0..<3 {
            #expect(exchange.hasRoom(for: free))
            try exchange.admit()
            try exchange.claim(tenant: "free", limit: nil)
        }
        #expect(!exchange.hasRoom(for: free))
        #expect(throws: Exchange.Refusal.full) { try exchange.admit() }
    }

    @Test func aLoweredLimitEndsNoCallAndAdmitsNoneUntilThereIsRoom() throws {
        let exchange = exchange(limit: 10)
        for _ in 0..<3 {
            try exchange.admit()
            try exchange.claim(tenant: "t", limit: 3)
        }
        #expect(!exchange.hasRoom(for: profile("t", calls: 1)))
        for held in [2, 1] {
            #expect(throws: Exchange.Refusal.tenantFull) { try exchange.claim(tenant: "t", limit: 1) }
            exchange.release(tenant: "t")
            #expect(exchange.activeCalls(of: "t") == held)
        }
        exchange.release(tenant: "t")
        try exchange.admit()
        #expect(throws: Never.self) { try exchange.claim(tenant: "t", limit: 1) }
    }

    /// Threads take and leave places at random; whoever holds one counts itself, so that a place too many is seen.
    @Test(.timeLimit(.minutes(5)), arguments: [1, 2, 3] as [UInt64])
    func underConcurrencyNoLimitIsEverPassedAndEveryPlaceComesBack(_ seed: UInt64) async {
        let limits = ["a": 1, "b": 3, "c": 8]
        let exchange = exchange(limit: 9)
        let holders = Holders()
        await withTaskGroup(of: Void.self) { group in
            for thread in 0..<8 {
                group.addTask {
                    var random = SplitMix(state: seed &* 1000 &+ UInt64(thread))
                    var held: [String] = []
                    for _ in 0..<4000 {
                        if random.next() % 2 == 0, let tenant = held.popLast() {
                            holders.leave(tenant)
                            exchange.release(tenant: tenant)
                            continue
                        }
                        guard (try? exchange.admit()) != nil else { continue }
                        let tenant = ["a", "b", "c"][Int(random.next() % 3)]
                        if (try? exchange.claim(tenant: tenant, limit: limits[tenant])) != nil {
                            holders.enter(tenant)
                            held.append(tenant)
                        } else {
                            exchange.release()
                        }
                    }
                    for tenant in held {
                        holders.leave(tenant)
                        exchange.release(tenant: tenant)
                    }
                }
            }
        }
        for (tenant, limit) in limits { #expect(holders.most(tenant) <= limit && holders.most(tenant) > 0) }
        #expect(holders.mostTogether <= 9)
        #expect(exchange.activeCalls == 0)
        for tenant in limits.keys { #expect(exchange.activeCalls(of: tenant) == 0) }
    }

    @Test(.timeLimit(.minutes(5))) func aCallThatEndsGivesItsTenantsPlaceBackOnce() async throws {
        let exchange = exchange(limit: 4)
        exchange.media.start()
        exchange.legs.start()
        defer {
            exchange.media.stop()
            exchange.legs.stop()
        }
        let profile = profile("test", calls: 1)
        for round in 0..<3 {
            try exchange.admit()
            try exchange.claim(tenant: "test", limit: 1)
            var ends: CallEnds?
            let id = "call-\(round)"
            exchange.start(
                CallIdentity(id: id, provider: "twilio", providerCallID: "CA", tenant: "test"),
                profile: profile,
                outbound: SilentSocket(),
                ends: &ends
            )
            #expect(exchange.activeCalls(of: "test") == 1 && !exchange.hasRoom(for: profile))
            exchange.end(id, .agentHungUp)
            exchange.end(id, .agentHungUp)
            while exchange.activeCalls > 0 { await Task.yield() }
            #expect(exchange.activeCalls(of: "test") == 0)
        }
    }
}

/// Who holds a place now, counted by the holders.
private final class Holders: Sendable {
    private struct Counts {
        var now: [String: Int] = [:]
        var most: [String: Int] = [:]
        var mostTogether = 0
    }
    private let counts = Mutex(Counts())

    func enter(_ tenant: String) {
        counts.withLock { counts in
            counts.now[tenant, default: 0] += 1
            counts.most[tenant] = max(counts.most[tenant] ?? 0, counts.now[tenant] ?? 0)
            counts.mostTogether = max(counts.mostTogether, counts.now.values.reduce(0, +))
        }
    }
    func leave(_ tenant: String) { counts.withLock { $0.now[tenant, default: 0] -= 1 } }
    func most(_ tenant: String) -> Int { counts.withLock { $0.most[tenant] ?? 0 } }
    var mostTogether: Int { counts.withLock { $0.mostTogether } }
}

private struct SplitMix {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
