import Codecs
import Testing

/// A voice-like signal: a 150 Hz pulse train through two resonances would be overkill; harmonics of one pitch suffice.
private func voice(rate: Int, count: Int) -> [Int16] {
    let partials = (1...10).map {
        Signals.sine(150 * Double($0), rate: rate, count: count, amplitude: 6_000 / Double($0))
    }
    return (0..<count).map { i in Int16(clamping: partials.reduce(0) { $0 + Int($1[i]) }) }
}

private func encodeAll(_ samples: [Int16], with encoder: inout OpusEncoder, frame: Int) throws -> [[UInt8]] {
    var packets: [[UInt8]] = []
    for start in stride(from: 0, to: samples.count - frame + 1, by: frame) {
        var buffer = [UInt8](repeating: 0, count: 4_000)
        var span = buffer.mutableSpan
        let input = Array(samples[start..<(start + frame)])
        let count = try encoder.encode(input.span, into: &span)
        packets.append(Array(buffer[..<count]))
    }
    return packets
}

private func decodePacket(_ packet: [UInt8]?, with decoder: inout OpusDecoder, room: Int) throws -> [Int16] {
    var buffer = [Int16](repeating: 0, count: room)
    var span = buffer.mutableSpan
    let count =
        if let packet { try decoder.decode(packet.span, into: &span) } else { try decoder.decode(nil, into: &span) }
    return Array(buffer[..<(count * decoder.channels)])
}

@Suite("Opus")
struct OpusTests {
    @Test(arguments: [(16_000, 16_000), (16_000, 8_000), (8_000, 8_000), (48_000, 48_000), (24_000, 16_000)])
    func aRoundTripKeepsTheSignal(encoded: Int, decoded: Int) throws {
        let input = voice(rate: encoded, count: encoded)
        var encoder = try OpusEncoder(sampleRate: encoded)
        var decoder = try OpusDecoder(sampleRate: decoded)
        let packets = try encodeAll(input, with: &encoder, frame: encoded / 50)
        #expect(packets.count == 50)
        // 24 kbit/s are 60 bytes per 20 ms; the rate varies around that.
        #expect(packets.allSatisfy { $0.count < 200 })
        var output: [Int16] = []
        for packet in packets { output += try decodePacket(packet, with: &decoder, room: decoder.maximumOutput) }
        #expect(output.count == decoded)

        let expected = voice(rate: decoded, count: decoded)
        let half = decoded / 2
        let energy = Signals.energy(output[half...]) / Signals.energy(expected[half...])
        #expect((0.7...1.4).contains(energy))
        // The codec's delay depends on the rates, so the best alignment within 15 ms counts.
        let window = half..<(half + decoded / 20)
        let best = (0...(decoded * 15 / 1_000)).map { shift in
            Signals.ratio(output[window], to: expected[(window.lowerBound - shift)..<(window.upperBound - shift)])
        }.max()
        // libopus 1.3.1 gives 6.4 to 8.5 dB: a speech codec keeps the spectrum, not the waveform.
        #expect(try #require(best) > 4)
        for harmonic in stride(from: 150.0, through: 750, by: 150) {
            let level = Signals.amplitude(of: harmonic, in: output[half...], rate: decoded)
            let wanted = Signals.amplitude(of: harmonic, in: expected[half...], rate: decoded)
            #expect((0.65...1.35).contains(level / wanted), "\(harmonic) Hz")
        }
    }

    @Test func stereoKeepsItsSides() throws {
        let (left, right) = (voice(rate: 16_000, count: 16_000), [Int16](repeating: 0, count: 16_000))
        var encoder = try OpusEncoder(sampleRate: 16_000, channels: 2)
        var decoder = try OpusDecoder(sampleRate: 16_000, channels: 2)
        let interleaved = zip(left, right).flatMap { [$0, $1] }
        var output: [Int16] = []
        for packet in try encodeAll(interleaved, with: &encoder, frame: 640) {
            output += try decodePacket(packet, with: &decoder, room: decoder.maximumOutput)
        }
        let sides = (0...1).map { side in
            Signals.energy(stride(from: 16_000 + side, to: output.count, by: 2).map { output[$0] })
        }
        #expect(sides[0] > 20 * sides[1])
    }

    @Test func aLostPacketIsConcealedWithSoundOfSimilarLevel() throws {
        var encoder = try OpusEncoder(sampleRate: 16_000)
        var decoder = try OpusDecoder(sampleRate: 16_000)
        let packets = try encodeAll(voice(rate: 16_000, count: 16_000), with: &encoder, frame: 320)
        var good = 0.0
        for packet in packets[..<40] { good = Signals.energy(try decodePacket(packet, with: &decoder, room: 320)) }
        let concealed = try decodePacket(nil, with: &decoder, room: 320)
        #expect(concealed.count == 320)
        #expect((0.2...2).contains(Signals.energy(concealed) / good))
    }

    @Test func errorCorrectionRebuildsALostFrameBetterThanConcealment() throws {
        var configuration = OpusEncoder.Configuration()
        configuration.usesForwardErrorCorrection = true
        configuration.expectedLossPercent = 30
        var encoder = try OpusEncoder(sampleRate: 16_000, configuration: configuration)
        // 400 ms of one pitch, then another: concealment cannot know the change, the next packet does.
        let low = Signals.sine(200, rate: 16_000, count: 6_400)
        let high = Signals.sine(600, rate: 16_000, count: 6_400)
        let packets = try encodeAll(low + high, with: &encoder, frame: 320)
        let lost = 20

        func afterGoodPackets() throws -> OpusDecoder {
            var decoder = try OpusDecoder(sampleRate: 16_000)
            for packet in packets[..<lost] { _ = try decodePacket(packet, with: &decoder, room: 320) }
            return decoder
        }
        var recovering = try afterGoodPackets()
        var recovered = [Int16](repeating: 0, count: 320)
        var span = recovered.mutableSpan
        let next = packets[lost + 1]
        #expect(try recovering.recover(before: next.span, into: &span) == 320)
        var concealing = try afterGoodPackets()
        let concealed = try decodePacket(nil, with: &concealing, room: 320)
        let tail = 160..<320
        let inRecovered = Signals.amplitude(of: 600, in: recovered[tail], rate: 16_000)
        let inConcealed = Signals.amplitude(of: 600, in: concealed[tail], rate: 16_000)
        #expect(inRecovered > 3 * inConcealed)
    }

    @Test func silenceIsNextToNothingWithDiscontinuousTransmission() throws {
        var configuration = OpusEncoder.Configuration()
        configuration.usesDiscontinuousTransmission = true
        var encoder = try OpusEncoder(sampleRate: 16_000, configuration: configuration)
        let packets = try encodeAll([Int16](repeating: 0, count: 48_000), with: &encoder, frame: 320)
        #expect(packets.suffix(50).filter { $0.count <= 2 }.count > 40)
    }

    @Test func resetMakesADecoderFresh() throws {
        var encoder = try OpusEncoder(sampleRate: 16_000)
        let packets = try encodeAll(voice(rate: 16_000, count: 3_200), with: &encoder, frame: 320)
        var decoder = try OpusDecoder(sampleRate: 16_000)
        let first = try decodePacket(packets[0], with: &decoder, room: 320)
        for packet in packets.dropFirst() { _ = try decodePacket(packet, with: &decoder, room: 320) }
        decoder.reset()
        #expect(try decodePacket(packets[0], with: &decoder, room: 320) == first)
    }

    @Test(arguments: [0, 1, 159, 161, 321, 5_000]) func framesOpusDoesNotHaveAreRefused(count: Int) throws {
        var encoder = try OpusEncoder(sampleRate: 16_000)
        var buffer = [UInt8](repeating: 0, count: 4_000)
        var span = buffer.mutableSpan
        let input = [Int16](repeating: 0, count: count)
        let error = OpusError.badFrameSize(samplesPerChannel: count, sampleRate: 16_000)
        #expect(throws: error) { try encoder.encode(input.span, into: &span) }
    }

    @Test func settingsOutsideTheirRangeAreNamed() {
        var configuration = OpusEncoder.Configuration()
        configuration.complexity = 11
        #expect(throws: OpusError.badSetting(name: "complexity", value: 11)) {
            _ = try OpusEncoder(sampleRate: 16_000, configuration: configuration)
        }
        #expect(throws: OpusError.unsupportedFormat(sampleRate: 44_100, channels: 1)) {
            _ = try OpusEncoder(sampleRate: 44_100)
        }
        #expect(throws: OpusError.unsupportedFormat(sampleRate: 8_000, channels: 3)) {
            _ = try OpusDecoder(sampleRate: 8_000, channels: 3)
        }
    }

    @Test func aPacketThatNeedsMoreRoomIsRefused() throws {
        var encoder = try OpusEncoder(sampleRate: 16_000)
        var decoder = try OpusDecoder(sampleRate: 16_000)
        let packets = try encodeAll(voice(rate: 16_000, count: 320), with: &encoder, frame: 320)
        #expect(throws: OpusError.outputTooSmall(needed: 1_920, capacity: 319)) {
            try decodePacket(packets[0], with: &decoder, room: 319)
        }
        #expect(throws: OpusError.badPacket) { try decodePacket([], with: &decoder, room: 320) }
        #expect(throws: OpusError.badFrameSize(samplesPerChannel: 13, sampleRate: 16_000)) {
            try decodePacket(nil, with: &decoder, room: 13)
        }
    }

    @Test(arguments: [1, 2] as [UInt64]) func bytesThatAreNoPacketNeverDoMoreThanThrow(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var decoder = try OpusDecoder(sampleRate: 8_000)
        for _ in 0..<500 {
            let bytes = random.bytes(Int.random(in: 1...80, using: &random))
            guard let samples = try? decodePacket(bytes, with: &decoder, room: decoder.maximumOutput) else { continue }
            #expect(samples.count <= decoder.maximumOutput && samples.count % 20 == 0, "seed \(seed)")
        }
    }

    @Test(arguments: [8_000, 12_000, 16_000, 24_000, 48_000], [1, 2]) func everyRateAndLayoutWorks(
        rate: Int,
        channels: Int
    ) throws {
        let mono = voice(rate: rate, count: rate / 2)
        var encoder = try OpusEncoder(sampleRate: rate, channels: channels)
        var decoder = try OpusDecoder(sampleRate: rate, channels: channels)
        let input = mono.flatMap { [Int16](repeating: $0, count: channels) }
        var output: [Int16] = []
        for packet in try encodeAll(input, with: &encoder, frame: rate / 50 * channels) {
            #expect(OpusPacket.samplesAt48k(packet.span) == 960)
            output += try decodePacket(packet, with: &decoder, room: decoder.maximumOutput)
        }
        #expect(output.count == input.count)
        let level = Signals.amplitude(
            of: 150,
            in: stride(from: rate / 4 * channels, to: output.count, by: channels).map { output[$0] },
            rate: rate
        )
        let wanted = Signals.amplitude(of: 150, in: mono[(rate / 4)...], rate: rate)
        #expect((0.65...1.35).contains(level / wanted))
    }

    @Test(arguments: [8_000, 16_000, 48_000]) func theLookaheadIsTheDelayOfAClick(rate: Int) throws {
        // A burst in silence: its centre of energy comes out later by the lookahead. CELT keeps it in place to under 1 ms.
        var configuration = OpusEncoder.Configuration()
        configuration.use = .music
        configuration.bitrate = 128_000
        var encoder = try OpusEncoder(sampleRate: rate, configuration: configuration)
        var decoder = try OpusDecoder(sampleRate: rate)
        var input = [Int16](repeating: 0, count: rate / 5)
        for (index, sample) in Signals.sine(1_000, rate: rate, count: rate / 100).enumerated() {
            input[rate / 10 + index] = sample
        }
        var output: [Int16] = []
        for packet in try encodeAll(input, with: &encoder, frame: rate / 50) {
            output += try decodePacket(packet, with: &decoder, room: decoder.maximumOutput)
        }
        func centre(_ samples: [Int16]) -> Double {
            samples.enumerated().reduce(0) { $0 + Double($1.offset) * Double($1.element) * Double($1.element) }
                / Signals.energy(samples)
        }
        #expect(abs(centre(output) - centre(input) - Double(encoder.lookahead)) < Double(rate) / 1_000)
    }

    /// Packets that begin as real ones: every truncation, and mutations, between good ones and lost ones.
    @Test(arguments: [1, 2, 3] as [UInt64]) func damagedPacketsBetweenGoodOnesNeverDoMoreThanThrow(seed: UInt64) throws
    {
        var random = SeededGenerator(seed: seed)
        var configuration = OpusEncoder.Configuration()
        configuration.usesForwardErrorCorrection = true
        configuration.expectedLossPercent = 20
        var encoder = try OpusEncoder(sampleRate: 16_000, configuration: configuration)
        var decoder = try OpusDecoder(sampleRate: 8_000)
        let packets = try encodeAll(voice(rate: 16_000, count: 16_000), with: &encoder, frame: 320)
        for packet in packets {
            for _ in 0..<20 {
                var bad = Array(packet.prefix(Int.random(in: 1...packet.count, using: &random)))
                bad[Int.random(in: bad.indices, using: &random)] = UInt8.random(in: .min ... .max, using: &random)
                var room = [Int16](repeating: 0, count: 160)
                var span = room.mutableSpan
                switch Int.random(in: 0...2, using: &random) {
                case 0: _ = try? decoder.recover(before: bad.span, into: &span)
                case 1: _ = try decoder.decode(nil, into: &span)
                default:
                    guard let heard = try? decodePacket(bad, with: &decoder, room: decoder.maximumOutput) else {
                        continue
                    }
                    #expect(heard.count <= decoder.maximumOutput, "seed \(seed)")
                }
            }
        }
        // After all that, good packets sound again.
        var output: [Int16] = []
        for packet in packets { output += try decodePacket(packet, with: &decoder, room: decoder.maximumOutput) }
        let expected = voice(rate: 8_000, count: 8_000)
        #expect((0.5...2).contains(Signals.energy(output[4_000...]) / Signals.energy(expected[4_000...])))
    }
}
