import Foundation
import Gateway
import NIOEmbedded
import Testing

/// Sockets that are read one by one while they are few, and together once they are many.
@Suite("Socket flusher") struct SocketFlusherTests {
    /// One end of a pair of sockets; what comes is kept.
    private final class Line: SlotSocket {
        let descriptor: CInt?
        let peer: CInt
        var isTold = false
        var heard: [UInt8] = []
        var flushes = 0
        var onRead: () -> Void = {}

        init() {
            var ends: [CInt] = [0, 0]
            #expect(socketpair(AF_UNIX, CInt(SOCK_STREAM.rawValue), 0, &ends) == 0)
            (descriptor, peer) = (ends[0], ends[1])
        }

        deinit { for end in [descriptor, peer] { close(end ?? -1) } }

        func flush() { flushes += 1 }
        func readWhenTold(_ isTold: Bool) { self.isTold = isTold }
        func readNow(_ buffer: UnsafeMutableRawBufferPointer) {
            let count = recv(descriptor ?? -1, buffer.baseAddress, buffer.count, CInt(MSG_DONTWAIT))
            heard += buffer.prefix(max(count, 0))
            onRead()
        }
        func say(_ bytes: [UInt8]) { #expect(send(peer, bytes, bytes.count, 0) == bytes.count) }
    }

    private struct Rig {
        let loop = EmbeddedEventLoop()
        let flusher: SocketFlusher
        let lines: [Line]
        let signals: [SocketSignal]

        init(_ count: Int, manySockets: Int) {
            let flusher = SocketFlusher(loop: loop, manySockets: manySockets)
            let lines = (0..<count).map { _ in Line() }
            self.flusher = flusher
            self.lines = lines
            signals = lines.map { flusher.add($0) }
        }

        /// A media slot ends, and the loop does what came of it.
        func slot() {
            flusher.slotEnded(now: 1)
            loop.run()
        }
        func remove(_ index: Int) { flusher.remove(lines[index], signals[index]) }
    }

    @Test func fewAreLeftToTheLibrary() {
        let rig = Rig(3, manySockets: 4)
        rig.lines[0].say([1])
        rig.slot()
        #expect(rig.lines.allSatisfy { !$0.isTold && $0.heard.isEmpty })
    }

    @Test func fromManyOnAllAreReadOnceASlot() {
        let rig = Rig(5, manySockets: 4)
        #expect(rig.lines.map(\.isTold) == [true, true, true, true, true])
        rig.lines[0].say([1, 2])
        rig.lines[4].say([3])
        rig.slot()
        #expect(rig.lines.map(\.heard) == [[1, 2], [], [], [], [3]])
        rig.slot()
        #expect(rig.lines.map(\.heard) == [[1, 2], [], [], [], [3]])
    }

    /// Below half of many, for a call that comes and goes at the border must not change it for all each time.
    @Test func withHalfOfThemGoneTheLibraryReadsAgain() {
        let rig = Rig(4, manySockets: 4)
        rig.remove(0)
        rig.remove(1)
        #expect(rig.lines.map(\.isTold) == [false, false, true, true])
        rig.remove(2)
        #expect(rig.lines.map(\.isTold) == [false, false, false, false])
        rig.lines[3].say([1])
        rig.slot()
        #expect(rig.lines[3].heard.isEmpty)
    }

    /// Its slot may tick nothing any more, and then nobody would ask for it.
    @Test func aSocketWhoseCallIsOverIsLeftToTheLibrary() {
        let rig = Rig(4, manySockets: 4)
        rig.flusher.leaveToLibrary(rig.lines[1])
        #expect(rig.lines.map(\.isTold) == [true, false, true, true])
        rig.lines[1].say([1])
        rig.slot()
        #expect(rig.lines[1].heard.isEmpty)
        rig.remove(1)
        #expect(rig.lines.map(\.isTold) == [true, false, true, true])
    }

    @Test func aCallMayEndWhileAnotherOneIsRead() {
        let rig = Rig(4, manySockets: 4)
        for line in rig.lines { line.say([7]) }
        // Whoever is read first ends all others, and with them the reading together.
        for (index, line) in rig.lines.enumerated() {
            line.onRead = { for other in 0..<4 where other != index { rig.remove(other) } }
        }
        rig.slot()
        #expect(rig.lines.flatMap(\.heard) == [7])
        #expect(rig.lines.allSatisfy { !$0.isTold })
    }

    /// A loop that waits for the processor must not find twenty wake-ups of twenty slots.
    @Test func wakeUpsDoNotPileUp() {
        let rig = Rig(4, manySockets: 4)
        for slot in 1...20 {
            rig.signals[2].markDirty()
            rig.flusher.slotEnded(now: Int64(slot))
        }
        rig.loop.run()
        #expect(rig.lines.map(\.flushes) == [0, 0, 1, 0])
        rig.signals[2].markDirty()
        rig.slot()
        #expect(rig.lines.map(\.flushes) == [0, 0, 2, 0])
    }

    /// That is how its workers know that it is late.
    @Test func theOldestWakeUpIsTheOneThatWaits() {
        let rig = Rig(2, manySockets: 4)
        #expect(rig.flusher.waitsSince == nil)
        rig.flusher.slotEnded(now: 5)
        #expect(rig.flusher.waitsSince == nil, "nothing is to be sent")
        for now: Int64 in [10, 20, 30] {
            rig.signals[0].markDirty()
            rig.flusher.slotEnded(now: now)
        }
        #expect(rig.flusher.waitsSince == 10)
        rig.loop.run()
        #expect(rig.flusher.waitsSince == nil)
        rig.signals[1].markDirty()
        rig.flusher.slotEnded(now: 40)
        #expect(rig.flusher.waitsSince == 40)
    }

    /// A peer that has gone is something to read: its end.
    @Test func anEndIsOffered() {
        let rig = Rig(4, manySockets: 4)
        var reads = 0
        rig.lines[3].onRead = { reads += 1 }
        shutdown(rig.lines[3].peer, CInt(SHUT_RDWR))
        rig.slot()
        #expect(reads == 1)
    }
}
