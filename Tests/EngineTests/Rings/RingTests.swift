import Engine
import Synchronization
import Testing

@Suite("Ring")
struct RingTests {
    @Test func elementsComeOutInTheOrderTheyWentIn() {
        var ends = RingEnds(capacity: 8, initial: 0)
        var writer = ends.takeWriter()
        var reader = ends.takeReader()
        // Far more than the capacity, so that positions wrap many times.
        var read = 0
        for value in 0..<1000 {
            let taken = writer.push(value)
            #expect(taken)
            if value % 3 == 2 {
                while let next = reader.pop() {
                    #expect(next == read)
                    read += 1
                }
            }
        }
        while reader.pop() != nil { read += 1 }
        #expect(read == 1000)
    }

    @Test func aFullRingRefusesAndCounts() {
        let overflow = EventCounter()
        var ends = RingEnds(capacity: 4, initial: 0, overflow: overflow)
        var writer = ends.takeWriter()
        var reader = ends.takeReader()
        let taken = (0..<6).map { writer.push($0) }
        #expect(taken == [true, true, true, true, false, false])
        #expect(overflow.value == 2)
        let full = (space: writer.space, count: reader.count)
        #expect(full.space == 0 && full.count == 4)
        let first = reader.pop()
        let space = writer.space
        let again = writer.push(4)
        #expect(first == 0 && space == 1 && again)
        let rest = (0..<5).map { _ in reader.pop() }
        #expect(rest == [1, 2, 3, 4, nil])
    }

    @Test func anElementCanBeLookedAtAndLeft() {
        var ends = RingEnds(capacity: 4, initial: 0)
        var writer = ends.takeWriter()
        var reader = ends.takeReader()
        let fromEmpty = reader.take { _ in true }
        writer.push(7)
        let refused = reader.take { $0 == 8 }
        let left = reader.count
        let accepted = reader.take { $0 == 7 }
        let gone = reader.count
        #expect(!fromEmpty && !refused && left == 1 && accepted && gone == 0)
    }

    @Test func aCapacityThatIsNoPowerOfTwoIsRefused() async {
        await #expect(processExitsWith: .failure) { _ = RingEnds(capacity: 6, initial: 0) }
    }

    /// Two threads at full speed; the thread sanitizer judges the memory orders.
    @Test(.timeLimit(.minutes(5))) func twoThreadsSeeEveryElementOnceAndWhole() async {
        let count = 200_000
        var ends = RingEnds(capacity: 64, initial: SIMD4<Int>())
        let writer = Box(ends.takeWriter())
        let reader = Box(ends.takeReader())
        async let written: Void = Task.detached {
            var writer = writer.take()
            for value in 0..<count {
                while !writer.push(SIMD4(repeating: value)) { await Task.yield() }
            }
        }.value
        let broken = await Task.detached {
            var reader = reader.take()
            var expected = 0
            var broken = 0
            while expected < count {
                guard let element = reader.pop() else {
                    await Task.yield()
                    continue
                }
                if element != SIMD4(repeating: expected) { broken += 1 }
                expected += 1
            }
            return broken
        }.value
        await written
        #expect(broken == 0)
    }
}

/// Carries a `~Copyable` value into a task.
final class Box<Value: ~Copyable & Sendable>: Sendable {
    private let value: Mutex<Value?>
    init(_ value: consuming sending Value) { self.value = Mutex(value) }
    func take() -> Value {
        value.withLock { slot in
            guard let value = slot.take() else { preconditionFailure("taken once") }
            return value
        }
    }
}
