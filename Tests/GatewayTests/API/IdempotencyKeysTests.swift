import Foundation
import Gateway
import Testing

@Suite("Idempotency keys", .timeLimit(.minutes(5)))
struct IdempotencyKeysTests {
    private let now = Date(timeIntervalSince1970: 1_000_000)
    private let answer = IdempotencyKeys.Answer(status: 202, json: "{}")

    @Test func aRequestIsDoneOnceAndItsAnswerGivenAgain() {
        let keys = IdempotencyKeys()
        #expect(keys.begin("k", fingerprint: [1], now: now) == .new)
        #expect(keys.begin("k", fingerprint: [1], now: now) == .busy)
        keys.finish("k", answer)
        #expect(keys.begin("k", fingerprint: [1], now: now) == .answered(answer))
        #expect(keys.begin("k", fingerprint: [2], now: now) == .reused)
        #expect(keys.begin("other", fingerprint: [1], now: now) == .new)
    }

    @Test func aFailureFreesTheKey() {
        let keys = IdempotencyKeys()
        #expect(keys.begin("k", fingerprint: [1], now: now) == .new)
        keys.finish("k", nil)
        #expect(keys.begin("k", fingerprint: [2], now: now) == .new)
    }

    @Test func aKeyIsForgottenInTime() {
        let keys = IdempotencyKeys(lifetime: 60)
        _ = keys.begin("k", fingerprint: [1], now: now)
        keys.finish("k", answer)
        #expect(keys.begin("k", fingerprint: [2], now: now.addingTimeInterval(59)) == .reused)
        #expect(keys.begin("k", fingerprint: [2], now: now.addingTimeInterval(60)) == .new)
    }

    @Test func theOldestAnswerMakesRoomAndWhatIsBeingDoneStays() {
        let keys = IdempotencyKeys(limit: 2)
        _ = keys.begin("1", fingerprint: [1], now: now)
        _ = keys.begin("2", fingerprint: [1], now: now)
        #expect(keys.begin("3", fingerprint: [1], now: now) == .full)
        keys.finish("2", answer)
        #expect(keys.begin("3", fingerprint: [1], now: now) == .new)
        #expect(keys.begin("1", fingerprint: [1], now: now) == .busy)
        keys.finish("1", nil)
        #expect(keys.begin("2", fingerprint: [1], now: now) == .new)
    }

    @Test func ofManyAtOnceExactlyOneIsNew() async {
        let keys = IdempotencyKeys()
        for round in 0..<50 {
            let new = await withTaskGroup(of: Bool.self) { group in
                for _ in 0..<16 { group.addTask { keys.begin("\(round)", fingerprint: [1], now: now) == .new } }
                return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(new == 1)
        }
    }
}
