import Engine
import TestSupport
import Testing

/// Captures that are cut, damaged or forged: a typed error that names the place, never a trap, never a wrong replay.
@Suite("Capture faults")
struct CaptureFaultTests {
    private func outcome(_ bytes: [UInt8]) -> (report: CaptureReplay.Report?, error: CaptureError?) {
        do throws(CaptureError) {
            var replay = try CaptureReplay(bytes)
            return (replay.run(), nil)
        } catch {
            return (nil, error)
        }
    }

    @Test func aFileThatIsNoCaptureIsNamedSo() {
        #expect(outcome([]).error == .notACapture)
        #expect(outcome(Array("RIFF....WAVE".utf8)).error == .notACapture)
    }

    @Test func anotherVersionIsRefusedWithBothNumbers() throws {
        var bytes = try CapturedCase.silence.run()
        bytes[9] = 9
        #expect(outcome(bytes).error == .unsupportedVersion(found: 9, known: CaptureFormat.version))
    }

    @Test func aSettingThisProgramDoesNotKnowIsRefused() throws {
        // Tag 0 (the sample rate) and tag 120, with the check that belongs to them.
        let fields: [UInt8] = [0, 0x80, 0x7D, 120, 2]
        var digest = FieldDigest()
        for byte in fields { digest.add(byte) }
        let bytes = Array("PARLEYCAP".utf8) + [CaptureFormat.version, UInt8(fields.count)] + fields + digest.check
        #expect(outcome(bytes).error == .unknownSetting(tag: 120, at: 14))
    }

    @Test func aCutAtAnyPlaceIsToldWithItsPlace() throws {
        let bytes = try CapturedCase.interruption.run()
        var generator = SeededGenerator(seed: 5)
        var cuts = Array(10..<200)
        for _ in 0..<200 { cuts.append(Int.random(in: 200..<bytes.count, using: &generator)) }
        for cut in cuts {
            let (report, error) = outcome(Array(bytes[..<cut]))
            #expect((error ?? report?.fault) == .truncated(at: cut), "cut at \(cut)")
            #expect(report?.firstDifference == nil, "cut at \(cut)")
            #expect(report?.isIdentical != true)
        }
    }

    @Test(arguments: [CapturedCase.interruption, .burst, .stalledSocket])
    func oneChangedByteIsAlwaysFoundOut(kind: CapturedCase) throws {
        let bytes = try kind.run()
        var generator = SeededGenerator(seed: 12)
        print("capture fuzzing seed 12")
        for _ in 0..<300 {
            let place = Int.random(in: 0..<bytes.count, using: &generator)
            let change = UInt8.random(in: 1...255, using: &generator)
            var damaged = bytes
            damaged[place] ^= change
            let (report, error) = outcome(damaged)
            #expect(error != nil || report?.isIdentical == false, "byte \(place) changed by \(change)")
        }
    }

    @Test func aChangedInputIsToldApartFromAChangedPipeline() throws {
        let bytes = try CapturedCase.silence.run()
        var damaged = bytes
        let middle = bytes.count / 2
        // In a quiet call nearly every byte is audio; this one is.
        #expect(damaged[middle] == 0xFF)
        damaged[middle] = 0x10
        let fault = try #require(outcome(damaged).report?.fault)
        guard case .altered(let at, let second) = fault else {
            Issue.record("\(fault)")
            return
        }
        #expect(at > middle && at < middle + 10_000)
        #expect((4...6).contains(second))
    }

    @Test func noiseBehindAHeaderNeverTraps() throws {
        let bytes = try CapturedCase.silence.run()
        let header = Array(bytes[..<Captures.headerLength(bytes)])
        for seed in 0..<400 as Range<UInt64> {
            var generator = SeededGenerator(seed: seed)
            var noise = header
            // Records of the format's own tags with random bodies reach further than plain noise.
            let tags: [UInt8] = [0x01, 0x02, 0x03, 0x10, 0x11, 0x12, 0x20, 0x21, 0x22, 0x30, 0x40, 0x41, 0x42]
            for _ in 0..<40 {
                noise.append(tags.randomElement(using: &generator) ?? 1)
                for _ in 0..<Int.random(in: 0...40, using: &generator) {
                    noise.append(UInt8.random(in: 0...255, using: &generator))
                }
            }
            let (report, error) = outcome(noise)
            #expect(error != nil || report?.isIdentical == false || report?.ending == .broken, "seed \(seed)")
        }
    }

    @Test func absurdRunsAndLengthsAreRefusedBeforeMemoryIsTaken() throws {
        let bytes = try CapturedCase.silence.run()
        let header = Array(bytes[..<Captures.headerLength(bytes)])
        let huge: [UInt8] = [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F]
        for record in [0x03, 0x12, 0x22] as [UInt8] {
            let fault = outcome(header + [0x01, 0x00, record] + huge).report?.fault
            #expect(fault == .badValue(.tickInputs, at: header.count + 3))
        }
        let length = Array("PARLEYCAP".utf8) + [CaptureFormat.version] + huge
        #expect(outcome(length).error == .badValue(.headerLength, at: 10))
        let overlong = header + [0x01] + [UInt8](repeating: 0xFF, count: 12)
        #expect(outcome(overlong).report?.fault == .badValue(.number, at: header.count + 1))
        #expect(throws: CaptureError.tooLarge(bytes: bytes.count, limit: 10)) {
            _ = try CaptureReader(bytes, maximumBytes: 10)
        }
    }

    @Test func bytesBehindTheEndAreNamed() throws {
        let bytes = try CapturedCase.silence.run()
        #expect(outcome(bytes + [0]).report?.fault == .trailing(at: bytes.count))
    }
}

/// The header's check, written down a second time.
private struct FieldDigest {
    private var value: UInt64 = 0xCBF2_9CE4_8422_2325

    mutating func add(_ byte: UInt8) {
        value = (value ^ UInt64(byte)) &* 0x9E37_79B9_7F4A_7C15
        value ^= value >> 32
    }

    var check: [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
}
