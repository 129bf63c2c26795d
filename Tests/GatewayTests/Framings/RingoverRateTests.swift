import Codecs
import Engine
import Foundation
import Gateway
import TestSupport
import Testing

/// The sample rate changes during a call.
@Suite("Ringover sample rates")
struct RingoverRateTests {
    private static func metadata(_ rate: Int) -> String { #"{"call_id":"7","sampleRate":\#(rate)}"# }

    private func sine(_ hertz: Double, rate: Int, from start: Int = 0, count: Int) -> [Int16] {
        (start..<start + count).map { Int16(8000 * sin(2 * .pi * hertz * Double($0) / Double(rate))) }
    }

    /// Amplitude of one frequency (Goertzel), 0 for silence.
    private func amplitude(of hertz: Double, in samples: some Collection<Int16>, rate: Int) -> Double {
        var (real, imaginary) = (0.0, 0.0)
        for (index, sample) in samples.enumerated() {
            let angle = 2 * .pi * hertz * Double(index) / Double(rate)
            real += Double(sample) * cos(angle)
            imaginary += Double(sample) * sin(angle)
        }
        return 2 * (real * real + imaginary * imaginary).squareRoot() / Double(samples.count)
    }

    /// A second of the tone, in messages of 20 ms: what the call hears of it.
    private func hear(_ hertz: Double, rate: Int, on bench: RingoverBench) -> [MediaPacket] {
        let pcm = sine(hertz, rate: rate, count: rate)
        for start in stride(from: 0, to: rate, by: rate / 50) {
            #expect(bench.read(RingoverBench.bytes(Array(pcm[start..<start + rate / 50]))) == .none)
        }
        return bench.takePackets()
    }

    private func linear(_ packets: [MediaPacket]) -> [Int16] {
        packets.flatMap { packet in (0..<Int(packet.count)).map { MuLaw.linear(packet.bytes[$0]) } }
    }

    private func sampleRate(of message: JSONValue) -> Int? { message["data"]?["sampleRate"]?.word.flatMap { Int($0) } }

    @Test(arguments: [[8000, 16_000, 8000], [16_000, 8000, 16_000]])
    func theCallerIsHeardAtTheNewRateFromTheNextMessageOn(_ rates: [Int]) {
        let bench = RingoverBench()
        _ = bench.open(Self.metadata(rates[0]))
        var stamps: [Int64] = []
        for (turn, rate) in rates.enumerated() {
            if turn > 0 { #expect(bench.read(Self.metadata(rate)) == .rateChanged) }
            #expect(bench.rate == rate)
            let packets = hear(440, rate: rate, on: bench)
            stamps += packets.map(\.timestampSamples)
            #expect(packets.count == 50 && packets.allSatisfy { $0.count == 160 }, "50 frames in a second")
            let audio = linear(packets).dropFirst(80)
            #expect(abs(amplitude(of: 440, in: audio, rate: 8000) - 8000) < 300, "at \(rate) Hz")
            for wrong in [220.0, 880] { #expect(amplitude(of: wrong, in: audio, rate: 8000) < 200) }
        }
        #expect(stamps == (0..<150).map { Int64($0 * 160) }, "the stream's time goes on")
    }

    @Test func aToneGoesOnOverTheChangesWithOneSpliceAtMost() {
        let bench = RingoverBench()
        _ = bench.open()
        var heard: [Int16] = []
        // Cut near the tone's peak: a filter that began with silence would fall from 8000 to 0.
        for (rate, part) in [(8000, 0..<810), (16_000, 810..<1610), (8000, 1610..<2410)] {
            if rate != bench.rate { #expect(bench.read(Self.metadata(rate)) == .rateChanged) }
            let pcm = sine(200, rate: rate, from: part.lowerBound * rate / 8000, count: part.count * rate / 8000)
            #expect(bench.read(RingoverBench.bytes(pcm)) == .none)
            heard += bench.takeAudio().map { MuLaw.linear($0) }
        }
        #expect(heard.count == 2410)
        let steps = zip(heard, heard.dropFirst()).map { abs(Int($1) - Int($0)) }
        // The tone itself moves 1257 a sample at most, mu-law's steps add to that. At the way back the filter's delay of 3 ms
        // lies between the streams.
        #expect(steps.indices.allSatisfy { $0 == 1609 || steps[$0] < 2500 })
    }

    @Test func halfASampleOfTheOldRateIsNoneOfTheNew() {
        let bench = RingoverBench()
        _ = bench.open()
        #expect(bench.read([1, 2, 3]) == .odd("odd_length"))
        #expect(bench.read(Self.metadata(16_000)) == .rateChanged)
        #expect(bench.read(Self.metadata(8000)) == .rateChanged)
        _ = bench.takeAudio()
        #expect(bench.read([0x10, 0x20, 0x30]) == .odd("odd_length"))
        #expect(bench.takeAudio() == [MuLaw.byte(0x2010)])
    }

    @Test(arguments: [#"{"sampleRate":44100}"#, #"{"rate":24000}"#, #"{"sampleRate":16000,"channels":2}"#])
    func aRateNobodyDecodesIsRefusedAndTheOldOneGoesOn(_ text: String) throws {
        let bench = RingoverBench()
        _ = bench.open()
        _ = hear(440, rate: 8000, on: bench)
        #expect(bench.read(text) == .odd("wrong_format"))
        #expect(bench.rate == 8000)
        let packets = hear(440, rate: 8000, on: bench)
        #expect(packets.count == 50)
        #expect(abs(amplitude(of: 440, in: linear(packets), rate: 8000) - 8000) < 300)
        bench.say(frames: 10)
        #expect(try bench.takeMessages().map { sampleRate(of: $0) } == [8000])
    }

    @Test func whatIsHeldGoesOutAtItsOwnRateAndWhatFollowsAtTheNew() throws {
        let bench = RingoverBench()
        _ = bench.open()
        func spoken(_ frames: Range<Int>) {
            for frame in frames {
                var message = OutboundMessage(kind: .audio)
                for (index, sample) in sine(440, rate: 8000, from: frame * 160, count: 160).enumerated() {
                    message.bytes[index] = MuLaw.byte(sample)
                }
                bench.write(message)
            }
        }
        spoken(0..<13)
        #expect(bench.read(Self.metadata(16_000)) == .rateChanged)
        spoken(13..<23)
        bench.write(.mark, 1)
        #expect(bench.read(Self.metadata(8000)) == .rateChanged)
        spoken(23..<33)
        bench.flush(isEnd: true)
        let messages = try bench.takeMessages()
        #expect(messages.map { sampleRate(of: $0) } == [8000, 8000, 16_000, 8000])
        #expect(messages.map { RingoverBench.pcm($0).count } == [1600, 480, 3200, 1600], "nothing held is lost")
        for message in messages {
            let rate = try #require(sampleRate(of: message))
            let pcm = RingoverBench.pcm(message).dropFirst(rate / 100)
            #expect(pcm.count < 800 || abs(amplitude(of: 440, in: pcm, rate: rate) - 8000) < 400)
        }
        let joined = messages.map(RingoverBench.pcm)
        let before = try #require(joined[1].last)
        let after = try #require(joined[2].first)
        #expect(abs(Int(before) - Int(after)) < 1500, "the filter does not begin with silence")
        // 660 ms were sent at once; the mark lies behind 460 of them.
        let start = bench.now
        bench.now = start + 459 * RingoverBench.millisecond
        bench.wake()
        #expect(bench.takePackets().isEmpty)
        bench.now = start + 460 * RingoverBench.millisecond
        bench.wake()
        #expect(bench.takePackets().map(\.value) == [1])
    }

    @Test func anInterruptionAtTheChangeDropsWhatIsHeld() throws {
        let bench = RingoverBench()
        _ = bench.open()
        bench.say(frames: 10)
        bench.say(frames: 3)
        #expect(bench.read(Self.metadata(16_000)) == .rateChanged)
        bench.write(.clear, 5)
        bench.say(frames: 10)
        let messages = try bench.takeMessages()
        #expect(messages.map { sampleRate(of: $0) } == [8000, nil, 16_000])
        #expect(messages.map { $0["event"]?.word } == [nil, "break", nil])
    }
}
