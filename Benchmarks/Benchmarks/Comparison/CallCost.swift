import Actors
import CFloor
import Cases
import Engine

/// What a call holds in memory and takes of a core, without socket and recogniser.
enum CallCost {
    private static let calls = 100
    /// The same with fewer calls shows whether a call costs more the more there are.
    private static let fewCalls = 25
    private static let seconds = 4

    /// What a call's media holds beyond the libraries' states: allocator's bytes of so many new calls, less those of as many
    /// states made in C. Counted by the allocator, so that no other call's leavings matter.
    static func media(limits: Limits) -> Fact {
        let shared = TalkingCall.Shared()
        var kept: [AnyObject] = [TalkingCall(start: 0, shared: shared), LibraryCalls(1)]
        kept.reserveCapacity(calls + 3)
        let before = floor_heap_bytes()
        for _ in 0..<calls { kept.append(TalkingCall(start: 0, shared: shared)) }
        let withCalls = floor_heap_bytes()
        kept.append(LibraryCalls(calls))
        let withStates = floor_heap_bytes()
        let call = Double(withCalls - before) / Double(calls)
        let states = Double(withStates - withCalls) / Double(calls)
        withExtendedLifetime(kept) {}
        return Fact(
            name: "Engine:CallMedia:memory:\(calls)",
            value: call - states,
            unit: "bytes",
            limit: limits.bytesPerCallBeyondLibraries,
            note: "per call beyond the libraries' states: pipeline (\(MemoryLayout<CallMedia>.size)) and its rings; "
                + "\(Int(call)) with the states"
        )
    }

    /// Whole calls through `Exchange` in which both sides talk, with legs that cost next to nothing.
    static func whole(limits: Limits) async -> [Fact] {
        // The many first: the few would leave memory to them that does not count as new.
        let many = await whole(calls: calls, limit: limits.bytesPerWholeCall)
        return await many + whole(calls: fewCalls, limit: limits.bytesPerWholeCall).dropFirst()
    }

    /// - Returns: memory first, then CPU.
    private static func whole(calls: Int, limit: Double) async -> [Fact] {
        let media = WorkerGroup(count: 1) { _ in WorkerConfiguration(name: "media") }
        let legs = WorkerGroup(count: 1) { _ in WorkerConfiguration(name: "legs") }
        let phones = ClockWorker(WorkerConfiguration(name: "phones"))
        let exchange = Exchange(
            configuration: .init(maximumCalls: calls + 1),
            media: media,
            legs: legs,
            meters: ActorMeters(),
            legSet: LegSet(transcriber: FakeTranscriber(), model: FakeModel(), synthesizer: FakeSynthesizer()),
            observer: NoObserver()
        )
        media.start()
        legs.start()
        phones.start()
        defer {
            phones.stop()
            media.stop()
            legs.stop()
        }

        func place(_ number: Int) -> Phone {
            do { try exchange.admit() } catch { preconditionFailure("there is room for every call: \(error)") }
            let identity = CallIdentity(
                id: "call-\(number)",
                provider: "none",
                providerCallID: "call-\(number)",
                tenant: "bench"
            )
            var ends: CallEnds?
            let profile = TenantProfile(
                id: "bench",
                name: "Bench",
                numbers: ["*"],
                greeting: "Good morning. How can I help you today?"
            )
            exchange.start(identity, profile: profile, outbound: NoSignal(), ends: &ends)
            let phone = Phone(&ends, start: number * 17)
            phones.attach(phone)
            return phone
        }

        // One call first, so that code and tables that all calls share are in memory.
        var lines = [place(0)]
        try? await Task.sleep(for: .seconds(2))
        let before = floor_resident_bytes()
        for number in 1...calls { lines.append(place(number)) }
        try? await Task.sleep(for: .seconds(1))
        let cpu = ThreadTimes.current()
        let start = floor_monotonic_ns()
        try? await Task.sleep(for: .seconds(seconds))
        let used = ThreadTimes.current().since(cpu)
        let callTime = Double(floor_monotonic_ns() - start) * Double(calls + 1)
        let bytes = Double(floor_resident_bytes() - before) / Double(calls)
        let silent = lines.count { $0.heard == 0 }
        precondition(silent == 0, "\(silent) callers heard nothing: this measured no calls")
        await exchange.drain(grace: .zero)
        let memory = Fact(
            name: "Actors:Exchange:memory:\(calls)",
            value: bytes,
            unit: "bytes",
            limit: limit,
            note: "resident, per whole call with its legs' actors, without recogniser and socket"
        )
        let work: KeyValuePairs = [
            "media": "the media worker: ticks", "legs": "the leg worker: conversation, STT, LLM and TTS actors",
            ThreadTimes.others: "the global pool and the rest: the fake legs' streams",
        ]
        return [memory]
            + work.map { thread, note in
                Fact(
                    name: "Actors:Exchange:cpu-\(thread):\(calls)",
                    value: (used.used[thread] ?? 0) / callTime * 1e6,
                    unit: "us/s",
                    note: "CPU per second of call, both sides talking; \(note)"
                )
            }
    }
}
