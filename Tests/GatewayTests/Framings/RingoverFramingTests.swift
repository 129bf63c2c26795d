import Codecs
import Engine
import Foundation
import Gateway
import TestSupport
import Testing

@Suite("Ringover framing")
struct RingoverFramingTests {
    private func tone(_ count: Int) -> [Int16] { (0..<count).map { Int16(8000 * sin(Double($0) * 0.3)) } }

    // MARK: In

    @Test func everyRecordedMessageIsTakenAsItSays() throws {
        for row in try WireVectors.list("ringover-streamer-messages.json", "messages")
        where row.text("dir") == "from_provider" {
            let expect = row.object("expect")
            let rate = expect.number("sample_rate") ?? 8000
            if row.text("frame") == "binary" {
                let bench = RingoverBench(rate: rate)
                _ = bench.open()
                let action = bench.read(RingoverSignatureTests.bytes(row.text("hex")))
                #expect((action == .none) == expect.flag("accept"), "\(row.text("id"))")
                if let samples = expect.number("pcm16le_samples") {
                    #expect(bench.takeAudio().count == samples * 8000 / rate, "\(row.text("id"))")
                }
            } else {
                let action = RingoverBench().read(row.text("text"))
                switch expect.text("kind") {
                case "metadata":
                    guard case .begin(let opening) = action else {
                        Issue.record("\(row.text("id")) began nothing")
                        continue
                    }
                    #expect(["1234567890987654400", "57622f20-a020-4f9e-814c-62a6123412fa"].contains(opening.callID))
                case "ignored": #expect(action == .odd("unknown_event"), "\(row.text("id"))")
                default: #expect(action == .odd("bad_json"), "\(row.text("id"))")
                }
            }
        }
    }

    @Test func whatIsSentIsWhatTheRecordedMessagesShow() throws {
        let rows = try WireVectors.list("ringover-streamer-messages.json", "messages")
        func recorded(_ id: String) throws -> JSONValue {
            let row = try #require(rows.first { $0.text("id").hasPrefix(id) })
            return try JSONValue(parsing: Array(row.text("text").utf8))
        }
        let bench = RingoverBench()
        _ = bench.open()
        bench.say(frames: 1)
        bench.flush(isEnd: true)
        bench.write(.clear, -1)
        #expect(bench.order(.digits("123")) && bench.order(.digits("0*#")) && bench.order(.transfer("+33184800001")))
        let sent = try bench.takeMessages()
        #expect(sent.count == 5)
        let audio = try recorded("rs-02")
        #expect(sent[0]["type"] == audio["type"] && sent[0]["data"]?["sampleRate"] == audio["data"]?["sampleRate"])
        #expect(sent[0]["data"]?["audioDataType"] == audio["data"]?["audioDataType"])
        #expect(RingoverBench.pcm(audio).count == 160)
        #expect(RingoverBench.pcm(sent[0]) == [Int16](repeating: MuLaw.linear(0x55), count: 160))
        let expected = try ["rs-04", "rs-05", "rs-06", "rs-07"].map { try recorded($0) }
        #expect(Array(sent.dropFirst()) == expected)
        #expect(!bench.order(.transfer("101")), "an extension is no number")
    }

    @Test func theRecordedStreamIsHeardToTheLastSample() throws {
        let bench = RingoverBench()
        var heard: [UInt8] = []
        var said: [Int16] = []
        var stamps: [Int64] = []
        for line in try Fixtures.text("vectors/ringover-stream-transcript.jsonl").split(separator: "\n") {
            let entry = try WireVectors.parse(Data(line.utf8))
            guard entry.text("dir") == "from_provider" else { continue }
            if let binary = Data(base64Encoded: entry.text("binary_b64")), !binary.isEmpty {
                #expect(bench.read(Array(binary)) == .none)
                let packets = bench.takePackets()
                stamps += packets.map(\.timestampSamples)
                heard += packets.flatMap { packet in (0..<Int(packet.count)).map { packet.bytes[$0] } }
                said += stride(from: 0, to: binary.count, by: 2).map {
                    Int16(bitPattern: UInt16(binary[$0]) | UInt16(binary[$0 + 1]) << 8)
                }
            } else if !entry.text("text").isEmpty {
                #expect(bench.open(entry.text("text")) == .begin(StreamOpening(callID: "1234567890987654400")))
            }
        }
        #expect(heard == said.map { MuLaw.byte($0) } && heard.count > 9000)
        #expect(stamps == stamps.indices.map { Int64($0 * 160) }, "the samples are the stream's own time")
    }

    @Test func sixteenKilohertzBecomesEight() {
        let bench = RingoverBench()
        #expect(bench.open(#"{"call_id":"7","sampleRate":16000}"#) != .none)
        #expect(bench.rate == 16_000)
        for _ in 0..<50 { #expect(bench.read(RingoverBench.bytes([Int16](repeating: 8000, count: 320))) == .none) }
        let audio = bench.takeAudio().map { MuLaw.linear($0) }
        #expect(audio.count == 50 * 160)
        #expect(audio.dropFirst(400).allSatisfy { abs(Int($0) - 8000) < 500 }, "the level stays")
    }

    @Test(arguments: [1, 2, 3, 7, 319, 320, 321, 640, 4001, 20_000]) func messagesMayHaveAnySize(_ size: Int) {
        let bench = RingoverBench()
        _ = bench.open()
        let whole = tone(20_000)
        let bytes = RingoverBench.bytes(whole)
        // An odd size splits a sample: the next message, odd too, begins with its other half.
        var heard: [UInt8] = []
        for start in stride(from: 0, to: bytes.count - bytes.count % (2 * size), by: size) {
            _ = bench.read(Array(bytes[start..<start + size]))
            heard += bench.takeAudio()
        }
        #expect(heard == whole.prefix(heard.count).map { MuLaw.byte($0) })
        #expect(heard.count == (bytes.count - bytes.count % (2 * size)) / 2)
    }

    @Test func aHalfSampleThatNothingFollowsSpoilsNothing() {
        let bench = RingoverBench()
        _ = bench.open()
        let bytes = RingoverBench.bytes(tone(160))
        #expect(bench.read(Array(bytes.dropLast())) == .odd("odd_length"))
        #expect(bench.takeAudio() == tone(159).map { MuLaw.byte($0) })
        // A cut message, not a split one: the next ones are whole, and stay so.
        for _ in 0..<3 {
            #expect(bench.read(bytes) == .none)
            #expect(bench.takeAudio() == tone(160).map { MuLaw.byte($0) })
        }
    }

    @Test func audioAloneBeginsACallToo() throws {
        let bench = RingoverBench()
        guard case .begin(let opening) = bench.read([0, 0]) else {
            Issue.record("no call")
            return
        }
        #expect(opening.callID.hasPrefix("stream-") && opening.tenant == nil && opening.ownNumber == nil)
    }

    @Test func laterTextChangesNothing() {
        let bench = RingoverBench()
        _ = bench.open()
        for text in [#"{"call_id":"8"}"#, "plain", #"{"event":"x"}"#, "[]"] {
            #expect(bench.read(text) == .odd("unknown_event"))
        }
        #expect(bench.read("{") == .odd("bad_json"))
        #expect(bench.read(#"{"call_id":"7","sampleRate":8000}"#) == .odd("unknown_event"), "the rate it has")
        #expect(bench.rate == 8000)
    }

    @Test func aFormatNobodyDecodesIsRefused() {
        for text in [#"{"sampleRate":44100}"#, #"{"rate":"24000"}"#, #"{"channels":2}"#] {
            #expect(
                RingoverBench().read(text)
                    == .refuse(.unacceptableData, counting: "wrong_format", odd: "wrong_format")
            )
        }
    }

    // MARK: Out

    @Test func audioGoesOutInMessagesOfAtLeastATenthOfASecond() throws {
        let bench = RingoverBench()
        _ = bench.open()
        #expect(bench.profile.turnTaking.leadMilliseconds >= 200)
        // What the engine does: 200 ms at once, then two frames every 40 ms.
        bench.say(frames: 10)
        bench.flush()
        var sizes = try bench.takeMessages().map { RingoverBench.pcm($0).count / 8 }
        #expect(sizes == [200])
        for _ in 0..<50 {
            bench.now += 40 * RingoverBench.millisecond
            bench.say(frames: 2)
            bench.flush()
            sizes += try bench.takeMessages().map { RingoverBench.pcm($0).count / 8 }
        }
        #expect(sizes.allSatisfy { (100...200).contains($0) })
        #expect(sizes.reduce(0, +) >= 2100, "less than a message of 2.2 s is held back")
    }

    @Test func nothingIsHeldBackWhileTheProviderRunsDry() throws {
        let bench = RingoverBench()
        _ = bench.open()
        bench.say(frames: 1)
        bench.flush()
        #expect(try bench.takeMessages().count == 1, "the first frame of a reply is heard at once")
        bench.now += 10 * RingoverBench.millisecond
        bench.say(frames: 10)
        bench.flush()
        #expect(try bench.takeMessages().count == 1)
        bench.say(frames: 2)
        bench.flush()
        #expect(try bench.takeMessages().isEmpty, "the provider has 210 ms")
        let due = try #require(bench.deadline)
        #expect(due == bench.now + (210 - 40) * RingoverBench.millisecond)
        bench.now = due
        bench.wake()
        #expect(try bench.takeMessages().map { RingoverBench.pcm($0).count } == [320])
        #expect(bench.deadline == nil)
    }

    @Test func aBargeInDropsWhatIsHeldAndSendsOneBreak() throws {
        let bench = RingoverBench()
        _ = bench.open()
        bench.write(.clear, 5)
        #expect(try bench.takeMessages().isEmpty, "there was nothing to stop")
        bench.say(frames: 10)
        bench.write(.mark, 1)
        bench.say(frames: 3)
        bench.flush()
        _ = try bench.takeMessages()
        bench.write(.clear, 5)
        bench.write(.clear, 6)
        bench.flush()
        #expect(try bench.takeMessages() == [JSONValue(parsing: Array(#"{"event":"break"}"#.utf8))])
        #expect(bench.deadline == nil, "neither the held audio nor the mark is waited for")
        bench.now += 1000 * RingoverBench.millisecond
        bench.wake()
        #expect(bench.takePackets().isEmpty)
    }

    @Test func aMarkComesBackWhenTheModelledPositionPassesIt() throws {
        let bench = RingoverBench()
        _ = bench.open()
        let start = bench.now
        bench.say(frames: 10)
        bench.flush()
        bench.write(.mark, 1)
        bench.say(frames: 3)
        bench.write(.mark, 2)
        bench.flush()
        for (at, expected) in [(199, []), (200, [1]), (259, []), (260, [2]), (400, [])] as [(Int64, [Int64])] {
            bench.now = start + at * RingoverBench.millisecond
            bench.wake()
            #expect(bench.takePackets().filter { $0.kind == .mark }.map(\.value) == expected, "after \(at) ms")
        }
        // Nothing plays: a mark is passed at once.
        bench.write(.mark, 3)
        bench.wake()
        #expect(bench.takePackets().map(\.value) == [3])
    }

    @Test func sixteenKilohertzGoesOutAsSixteen() throws {
        let bench = RingoverBench(rate: 16_000)
        _ = bench.open()
        for _ in 0..<4 {
            bench.say(frames: 10, byte: MuLaw.byte(8000))
            bench.now += 200 * RingoverBench.millisecond
        }
        let messages = try bench.takeMessages()
        #expect(messages.allSatisfy { $0["data"]?["sampleRate"] == .number(JSONNumber(written: "16000")) })
        let pcm = messages.flatMap(RingoverBench.pcm)
        #expect(pcm.count == 4 * 3200)
        #expect(pcm.dropFirst(800).allSatisfy { abs(Int($0) - 8000) < 500 })
    }
}
