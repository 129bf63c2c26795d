import Caller
import Foundation
import Testing

@Suite("Playout buffer")
struct PlayoutBufferTests {
    private func frames(_ count: Int) -> [UInt8] { [UInt8](repeating: 0x10, count: count * 160) }

    @Test func aTickPlaysExactlyOneFrameAndSilenceWhenThereIsNothing() {
        let buffer = Phone()
        buffer.media([UInt8](repeating: 0x10, count: 200), now: 0)
        let played = (0..<3).map { buffer.tick(now: Double($0) * 20).queuedBytes }
        #expect(played == [160, 40, 0])
        #expect(buffer.line == [UInt8](repeating: 0x10, count: 200) + [UInt8](repeating: 0xFF, count: 280))
    }

    @Test func aMarkComesBackWhenTheAudioBeforeItHasBeenPlayedToItsEnd() {
        let buffer = Phone()
        buffer.media(frames(2), now: 0)
        #expect(!buffer.mark("a"))
        buffer.media(frames(1), now: 0)
        #expect(!buffer.mark("b"))
        #expect(!buffer.mark("c"))
        let marks = (0..<5).map { buffer.tick(now: Double($0) * 20).marks }
        #expect(marks == [[], [], ["a"], ["b", "c"], []])
    }

    @Test func aMarkComesBackAtOnceWhenNothingIsPlayed() {
        let buffer = Phone()
        #expect(buffer.mark("empty"))
        buffer.media(frames(1), now: 0)
        _ = buffer.tick(now: 0)
        // The queue is empty, but its last frame is still on the line.
        #expect(!buffer.mark("late"))
        #expect(buffer.tick(now: 20).marks == ["late"])
        #expect(buffer.mark("empty"))
    }

    @Test func clearEmptiesTheQueueAndReturnsAllPendingMarksInOrder() {
        let buffer = Phone()
        buffer.media(frames(3), now: 0)
        _ = buffer.mark("a")
        buffer.media(frames(2), now: 0)
        _ = buffer.mark("b")
        _ = buffer.tick(now: 0)
        let cleared = buffer.clear(now: 5)
        #expect(cleared.marks == ["a", "b"])
        #expect(cleared.unplayedMilliseconds == 4 * 20 + 15)
        #expect(buffer.tick(now: 20).queuedBytes == 0)
        #expect(buffer.isIdle)
    }

    @Test func audioAfterAClearPlaysAsUsual() {
        let buffer = Phone()
        buffer.media(frames(50), now: 0)
        _ = buffer.clear(now: 0)
        buffer.media(frames(1), now: 10)
        _ = buffer.mark("next")
        let played = buffer.tick(now: 20)
        #expect(played.queuedBytes == 160)
        #expect(played.arrivedAt == 10)
        #expect(buffer.tick(now: 40).marks == ["next"])
    }

    @Test func aFrameKnowsWhenItsFirstByteArrived() {
        let buffer = Phone()
        buffer.media([UInt8](repeating: 0x10, count: 100), now: 1)
        buffer.media([UInt8](repeating: 0x10, count: 220), now: 2)
        #expect(buffer.tick(now: 20).arrivedAt == 1)
        #expect(buffer.tick(now: 40).arrivedAt == 2)
        #expect(buffer.tick(now: 60).arrivedAt == nil)
    }

    @Test func aLongQueueIsPlayedWithoutLoss() {
        let buffer = Phone()
        let audio = (0..<1200 * 160).map { UInt8(truncatingIfNeeded: $0 / 160) }
        buffer.media(audio, now: 0)
        for tick in 0..<1200 { _ = buffer.tick(now: Double(tick) * 20) }
        #expect(buffer.line == audio)
        #expect(buffer.waitingBytes == 0)
    }

    /// The provider's side of a recorded call, from what the engine sent in it.
    @Test func theTranscriptsMarksAndFlushedAudioAreReproduced() throws {
        let expected = try Vectors.object("twilio-stream-transcript.expect.json")
        let buffer = Phone()
        var marks: [[String]] = []
        var flushed: [Double] = []
        var tick = 0
        func advance(to time: Double) {
            while Double(tick) * 20 <= time {
                for name in buffer.tick(now: Double(tick) * 20).marks { marks.append([name, "played"]) }
                tick += 1
            }
        }
        for entry in try Vectors.lines("twilio-stream-transcript.jsonl") where entry["dir"] as? String == "to_provider"
        {
            let now = try #require(entry["t"] as? NSNumber).doubleValue
            // What arrives together with a tick is there in time for it.
            advance(to: now - 1)
            let message = try #require(entry["msg"] as? [String: Any])
            let text = try JSONSerialization.data(withJSONObject: message)
            let read = EngineMessage.read(Array(text), streamSid: try #require(expected["stream_sid"] as? String))
            #expect(read.fault == nil)
            switch try #require(read.message) {
            case .media(let audio): buffer.media(audio, now: now)
            case .mark(let name): if buffer.mark(name) { marks.append([name, "nothing-buffered"]) }
            case .clear:
                advance(to: now)
                let cleared = buffer.clear(now: now)
                marks += cleared.marks.map { [$0, "cleared"] }
                flushed.append(cleared.unplayedMilliseconds)
            case .transfer, .digits: Issue.record("no message of this provider's")
            }
        }
        #expect(marks == expected["marks_returned_in_order"] as? [[String]])
        #expect(flushed == [try #require(expected["audio_flushed_by_clear_ms"] as? NSNumber).doubleValue])
    }
}

/// A buffer and the line it plays on.
private final class Phone {
    private var buffer = PlayoutBuffer()
    private(set) var line: [UInt8] = []
    var isIdle: Bool { buffer.isIdle }
    var waitingBytes: Int { buffer.waitingBytes }
    func media(_ bytes: [UInt8], now: Double) { buffer.media(bytes, now: now) }
    func mark(_ name: String) -> Bool { buffer.mark(name) }
    func clear(now: Double) -> PlayoutBuffer.Cleared { buffer.clear(now: now) }
    func tick(now: Double) -> PlayoutBuffer.Played { buffer.tick(now: now, into: &line) }
}
