import Actors
import Engine
import TestSupport
import Testing

@Suite("Supervised transcriber")
struct SupervisedTranscriberTests {
    typealias Fault = ScriptedTranscriber.Fault
    private let rig = SupervisionRig()

    /// The events of a call in which a caller speaks two turns of ten chunks, with a pause in each.
    private func call(
        _ providers: [(String, [Fault])],
        settings change: (inout SupervisionSettings.STT) -> Void = { _ in },
        hurry: Bool = false
    ) -> [TranscriptEvent] {
        var settings = SupervisionSettings.STT()
        change(&settings)
        let transcriber = SupervisedTranscriber(
            providers.map { ScriptedTranscriber($0.0, rig.time, rig.ledger, $0.1) },
            health: rig.health,
            settings: settings,
            time: rig.time,
            random: rig.unit
        )
        let events = Locked<[TranscriptEvent]>([])
        rig.time.run {
            let request = TranscriptionRequest(profile: .test)
            guard
                let session = try? await transcriber.open(
                    request,
                    events: { event in events.withLock { $0.append(event) } }
                )
            else { return }
            session.expect(.yesNo)
            if !hurry { try? await rig.time.sleep(.seconds(1)) }
            for turn in 1...2 {
                session.begin(turn: turn)
                for chunk in 0..<10 {
                    session.feed([Int16(turn * 100 + chunk)])
                    try? await rig.time.sleep(.milliseconds(20))
                    if chunk == 5 { session.pause(turn: turn) }
                }
                session.end(turn: turn)
                if !hurry { try? await rig.time.sleep(.seconds(8)) }
                session.expect(.digits)
            }
            if hurry { try? await rig.time.sleep(.seconds(8)) }
            session.close()
            let count = events.withLock { $0.count }
            try? await rig.time.sleep(.seconds(20))
            #expect(events.withLock { $0.count } == count)
        }
        return events.withLock { $0 }
    }

    private func finals(_ events: [TranscriptEvent]) -> [Int: [String]] {
        events.reduce(into: [:]) { finals, event in
            if case .final(let transcript, let turn) = event { finals[turn, default: []].append(transcript.text) }
        }
    }
    private func replacements(_ events: [TranscriptEvent]) -> [LegReplacement] {
        events.compactMap { if case .replaced(let replacement) = $0 { replacement } else { nil } }
    }
    private func failure(_ events: [TranscriptEvent]) -> LegError? {
        events.compactMap { if case .failed(let error) = $0 { error } else { nil } }.first
    }
    private func words(of turn: Int) -> String { (0..<10).map { "\(turn * 100 + $0)" }.joined(separator: " ") }

    static let faults: [Fault] = [
        .openFails, .openHangs, .failsOpening, .failsAtOnce, .failsAtBegin, .failsAfter(samples: 4), .failsAtPause,
        .failsAtEnd, .isSilent,
    ]

    @Test(arguments: faults, [true, false]) func theNextRecogniserHearsEverything(fault: Fault, hurry: Bool) {
        let events = call([("a", [fault]), ("b", [.none])], hurry: hurry)
        #expect(finals(events) == [1: [words(of: 1)], 2: [words(of: 2)]])
        #expect(replacements(events).map(\.to) == ["b"])
        #expect(
            replacements(events).map(\.error.code) == [
                fault == .openHangs || fault == .isSilent ? "timeout" : "unavailable"
            ]
        )
        #expect(failure(events) == nil)
        #expect(rig.ledger.events.contains("b expect yesNo"))
        #expect(rig.isClean)
    }

    /// The next session hears the turn that has ended, and no pause of it.
    @Test(arguments: faults.filter { $0 != .failsAtPause }) func withNobodyLeftTheFailureIsHonest(fault: Fault) {
        let events = call([("a", [fault])]) { $0.retry.retries = 1 }
        #expect(failure(events) != nil)
        #expect(finals(events).isEmpty)
        #expect(rig.isClean)
    }

    @Test func whatIsGoodIsLeftAlone() {
        let events = call([("a", [.none]), ("b", [.none])])
        #expect(finals(events) == [1: [words(of: 1)], 2: [words(of: 2)]])
        #expect(replacements(events).isEmpty)
        #expect(!rig.ledger.events.contains("b open"))
        let told = rig.ledger.events.filter { !$0.contains("expect") }
        #expect(
            told == ["a open", "a begin 1", "a pause 1", "a end 1", "a begin 2", "a pause 2", "a end 2", "a close"]
        )
    }

    @Test func theOnlyRecogniserIsOpenedAgainAndHearsTheTurnFromItsBeginning() {
        let events = call([("a", [.failsAtEnd, .none])])
        #expect(finals(events)[1] == [words(of: 1)])
        #expect(replacements(events).map(\.to) == ["a"])
    }

    @Test func everyRecogniserFailsOnceAndTheFirstIsAskedAgain() {
        let events = call([("a", [.failsAtEnd, .none]), ("b", [.openFails])])
        #expect(finals(events)[1] == [words(of: 1)])
        #expect(replacements(events).map(\.to).prefix(2) == ["b", "a"])
    }

    @Test func aTurnAsItStoodIsToldTheNextOne() {
        _ = call([("a", [.failsAtPause]), ("b", [.none])])
        let told = rig.ledger.events.filter { $0.hasPrefix("b") && !$0.contains("expect") }
        #expect(
            told.prefix(4) == ["b open", "b begin 1", "b end 1", "b begin 2"]
                || told.prefix(4) == ["b open", "b begin 1", "b pause 1", "b end 1"]
        )
    }

    @Test func nobodyIsTriedAgainWhileNobodySpeaks() {
        let events = call([("a", [.openFails, .openFails, .none])]) { $0.retry.retries = 1 }
        // Both tries failed before the first turn; the turn begins a new one.
        #expect(finals(events) == [1: [words(of: 1)], 2: [words(of: 2)]])
        #expect(failure(events) == nil)
        #expect(replacements(events).count == 2)
    }

    @Test func keptSoundIsBounded() {
        let events = call([("a", [.failsAtEnd]), ("b", [.none])]) { $0.keptAudio = .milliseconds(1) }
        // Eight samples at 8 kHz: the newest.
        #expect(finals(events)[1] == [words(of: 1).split(separator: " ").suffix(8).joined(separator: " ")])
    }

    @Test func aTurnThatIsDroppedIsNotHeardAgain() {
        let transcriber = SupervisedTranscriber(
            [
                ScriptedTranscriber("a", rig.time, rig.ledger, [.failsAtBegin]),
                ScriptedTranscriber("b", rig.time, rig.ledger, [.none]),
            ],
            health: rig.health,
            time: rig.time,
            random: rig.unit
        )
        let finals = Counter()
        rig.time.run {
            let request = TranscriptionRequest(profile: .test)
            let session = try? await transcriber.open(request) { if case .final = $0 { _ = finals.next() } }
            try? await rig.time.sleep(.seconds(1))
            session?.begin(turn: 1)
            session?.feed([1])
            session?.cancel()
            try? await rig.time.sleep(.seconds(1))
            session?.close()
        }
        #expect(finals.value == 0)
        #expect(!rig.ledger.events.contains("b begin 1"))
        #expect(rig.isClean)
    }

    @Test func aCallThatEndsWhileARecogniserOpensLeavesNothing() {
        let transcriber = SupervisedTranscriber(
            [ScriptedTranscriber("a", rig.time, rig.ledger, [.none])],
            health: rig.health,
            time: rig.time,
            random: rig.unit
        )
        rig.time.run {
            let session = try? await transcriber.open(TranscriptionRequest(profile: .test)) { _ in }
            try? await rig.time.sleep(.milliseconds(10))
            session?.close()
        }
        #expect(rig.isClean)
    }
}
