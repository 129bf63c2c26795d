import Engine
import Testing

@Suite("Pre-roll")
struct PrerollTests {
    private func numbered(_ number: Int) -> FrameSamples { FrameSamples(repeating: Int16(number)) }

    /// Frames appended, most wanted, first and last handed over.
    @Test(arguments: [(0, 23, []), (1, 23, [1]), (5, 3, [3, 4, 5]), (23, 2, [22, 23]), (24, 1, [24]), (60, 0, [])])
    func handsOverTheNewestFramesOldestFirst(appended: Int, limit: Int, expected: [Int16]) {
        var preroll = Preroll()
        for number in 0..<appended { preroll.append(numbered(number + 1).span) }
        var taken: [Int16] = []
        preroll.drain(newest: limit) { frame in
            taken.append(frame[0])
            #expect(frame[159] == frame[0])
        }
        #expect(taken == expected)
        #expect(preroll.count == 0)
    }

    @Test func aFullRingKeepsTheLast460Milliseconds() {
        var preroll = Preroll()
        for number in 1...100 { preroll.append(numbered(number).span) }
        #expect(preroll.count == Preroll.capacityFrames)
        var taken: [Int16] = []
        preroll.drain { taken.append($0[0]) }
        #expect(taken == Array(78...100))
    }

    @Test func whatWasHandedOverIsNotHandedOverAgain() {
        var preroll = Preroll()
        for number in 1...30 { preroll.append(numbered(number).span) }
        preroll.drain { _ in }
        preroll.append(numbered(31).span)
        var taken: [Int16] = []
        preroll.drain { taken.append($0[0]) }
        #expect(taken == [31])
    }
}
