import Codecs
import Testing

/// The ITU's algorithms (G.191 software tool library, `g711.c`), written down sample by sample as independent oracles.
private enum Reference {
    static func muLawCompress(_ sample: Int16) -> UInt8 {
        let linear = Int(sample)
        var magnitude = (linear < 0 ? ((~linear) >> 2) : (linear >> 2)) + 33
        if magnitude > 0x1FFF { magnitude = 0x1FFF }
        var segment = 1
        var rest = magnitude >> 6
        while rest != 0 {
            segment += 1
            rest >>= 1
        }
        let high = 0x8 - segment
        let low = 0xF - ((magnitude >> segment) & 0xF)
        return UInt8((high << 4) | low | (linear >= 0 ? 0x80 : 0))
    }

    static func muLawExpand(_ byte: UInt8) -> Int16 {
        let sign = byte < 0x80 ? -1 : 1
        let inverted = Int(~byte)
        let exponent = (inverted >> 4) & 0x7
        let step = 4 << (exponent + 1)
        let value = (0x80 << exponent) + step * (inverted & 0xF) + step / 2 - 4 * 33
        return Int16(sign * value)
    }

    static func aLawCompress(_ sample: Int16) -> UInt8 {
        let linear = Int(sample)
        var code = linear < 0 ? (~linear) >> 4 : linear >> 4
        if code > 15 {
            var exponent = 1
            while code > 16 + 15 {
                code >>= 1
                exponent += 1
            }
            code = code - 16 + (exponent << 4)
        }
        if linear >= 0 { code |= 0x80 }
        return UInt8(code ^ 0x55)
    }

    static func aLawExpand(_ byte: UInt8) -> Int16 {
        let code = Int(byte ^ 0x55)
        let exponent = (code & 0x7F) >> 4
        var mantissa = code & 0xF
        if exponent > 0 { mantissa += 16 }
        mantissa = (mantissa << 4) + 8
        if exponent > 1 { mantissa <<= exponent - 1 }
        return Int16(code > 127 ? mantissa : -mantissa)
    }
}

private typealias FrameOf160 = InlineArray<160, Int16>
private typealias FrameBytesOf160 = InlineArray<160, UInt8>

@Suite("G.711")
struct G711Tests {
    private static let allBytes = (0...255).map { UInt8($0) }
    private static let allSamples = (Int(Int16.min)...Int(Int16.max)).map { Int16($0) }

    @Test func everyMuLawByteDecodesAsTheITUsSoftwareDoes() throws {
        var output = [Int16](repeating: 0, count: 256)
        var span = output.mutableSpan
        #expect(try MuLaw.decode(Self.allBytes.span, into: &span) == 256)
        #expect(output == Self.allBytes.map(Reference.muLawExpand))
        #expect(Self.allBytes.map(MuLaw.linear) == output)
    }

    @Test func everySampleEncodesToMuLawAsTheITUsSoftwareDoes() throws {
        var output = [UInt8](repeating: 0, count: 65_536)
        var span = output.mutableSpan
        #expect(try MuLaw.encode(Self.allSamples.span, into: &span) == 65_536)
        #expect(output == Self.allSamples.map(Reference.muLawCompress))
        #expect(Self.allSamples.map(MuLaw.byte) == output)
    }

    @Test func everyALawByteDecodesAsTheITUsSoftwareDoes() throws {
        var output = [Int16](repeating: 0, count: 256)
        var span = output.mutableSpan
        #expect(try ALaw.decode(Self.allBytes.span, into: &span) == 256)
        #expect(output == Self.allBytes.map(Reference.aLawExpand))
        #expect(Self.allBytes.map(ALaw.linear) == output)
    }

    @Test func everySampleEncodesToALawAsTheITUsSoftwareDoes() throws {
        var output = [UInt8](repeating: 0, count: 65_536)
        var span = output.mutableSpan
        #expect(try ALaw.encode(Self.allSamples.span, into: &span) == 65_536)
        #expect(output == Self.allSamples.map(Reference.aLawCompress))
        #expect(Self.allSamples.map(ALaw.byte) == output)
    }

    @Test func decodedBytesEncodeBackExceptMuLawsNegativeZero() {
        #expect(Self.allBytes.allSatisfy { ALaw.byte(ALaw.linear($0)) == $0 })
        #expect(Self.allBytes.filter { MuLaw.byte(MuLaw.linear($0)) != $0 } == [0x7F])
    }

    @Test func knownValuesOfTheRecommendation() {
        // G.711 tables 2a and 1a: the extreme and the smallest decoder outputs, scaled to 16 bits.
        #expect(MuLaw.linear(0x80) == 32_124)
        #expect(MuLaw.linear(0x00) == -32_124)
        #expect(MuLaw.linear(MuLaw.silence) == 0)
        #expect(ALaw.linear(0xAA) == 32_256)
        #expect(ALaw.linear(ALaw.silence) == 8)
        #expect(MuLaw.byte(.max) == 0x80)
        #expect(MuLaw.byte(.min) == 0x00)
    }

    @Test(arguments: [0, 1, 7, 8, 9, 15, 16, 17, 31, 159, 160, 161])
    func everyLengthIsHandledToItsLastSample(count: Int) throws {
        var random = SeededGenerator(seed: UInt64(count) + 1)
        let payload = random.bytes(count)
        var output = [Int16](repeating: 77, count: count + 3)
        var span = output.mutableSpan
        #expect(try MuLaw.decode(payload.span, into: &span) == count)
        #expect(output == payload.map(Reference.muLawExpand) + [77, 77, 77])
    }

    @Test func wholeFramesAreConvertedAsTheirSamplesAre() {
        for start in stride(from: 0, to: 65_536, by: 128) {
            let samples = FrameOf160 { Int16(truncatingIfNeeded: start + $0) }
            let payload = FrameBytesOf160 { UInt8(truncatingIfNeeded: start + $0) }
            var (mu, a) = (FrameBytesOf160(repeating: 0), FrameBytesOf160(repeating: 0))
            var (fromMu, fromA) = (FrameOf160(repeating: 0), FrameOf160(repeating: 0))
            MuLaw.encode(samples.span, into: &mu)
            ALaw.encode(samples.span, into: &a)
            MuLaw.decode(payload.span, into: &fromMu)
            ALaw.decode(payload.span, into: &fromA)
            let isRight = (0..<160).allSatisfy {
                mu[$0] == Reference.muLawCompress(samples[$0]) && a[$0] == Reference.aLawCompress(samples[$0])
                    && fromMu[$0] == Reference.muLawExpand(payload[$0])
                    && fromA[$0] == Reference.aLawExpand(payload[$0])
            }
            #expect(isRight, "from \(start)")
        }
    }

    @Test func aShortOutputIsRefusedAndNothingIsWritten() {
        var samples = [Int16](repeating: 5, count: 159)
        var span = samples.mutableSpan
        let payload = [UInt8](repeating: 0, count: 160)
        let error = G711Error.outputTooSmall(needed: 160, capacity: 159)
        #expect(throws: error) { try MuLaw.decode(payload.span, into: &span) }
        #expect(throws: error) { try ALaw.decode(payload.span, into: &span) }
        #expect(samples == [Int16](repeating: 5, count: 159))
        var bytes = [UInt8](repeating: 9, count: 2)
        var room = bytes.mutableSpan
        #expect(throws: G711Error.outputTooSmall(needed: 159, capacity: 2)) {
            try MuLaw.encode(samples.span, into: &room)
        }
        #expect(bytes == [9, 9])
    }
}
