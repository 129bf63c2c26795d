import CFloor
import Codecs

/// What Codecs asks of libraries: how much the wrapper adds to the library's own work.
public enum LibraryCases {
    public static func all() -> [Case] {
        [resample(8000, 16_000), resample(8000, 24_000), opusEncode(), opusDecode()]
    }

    private static func resample(_ from: Int, _ to: Int) -> Case {
        final class State {
            var resampler: Resampler
            init(_ from: Int, _ to: Int) { resampler = must { try Resampler(from: from, to: to) } }
        }
        let input = Recording.shared
        let state = State(from, to)
        let floor = floor_resampler_make(Int32(from), Int32(to), 3)
        let count = 160 * to / from
        let output = UnsafeMutablePointer<Int16>.allocate(capacity: count)
        let expected = UnsafeMutablePointer<Int16>.allocate(capacity: count)
        func engine(_ repetitions: Int) {
            for index in 0..<repetitions {
                var samples = MutableSpan(_unsafeStart: output, count: count)
                _ = must {
                    try state.resampler.process(Span(_unsafeStart: input.linear(index), count: 160), into: &samples)
                }
                floor_keep(output)
            }
        }
        return Case(
            "Codecs:Resampler:\(from / 1000)to\(to / 1000)k:160",
            floorWork: "speex_resampler_process_int, quality 3",
            engine: engine,
            floor: { floor_resampler_run(floor, input.samples, Recording.mask, $0, expected) },
            difference: {
                for count in 1...8 {
                    engine(count)
                    floor_resampler_run(floor, input.samples, Recording.mask, count, expected)
                    if let sample = (0..<160 * to / from).first(where: { output[$0] != expected[$0] }) {
                        return "sample \(sample) after \(count) frames"
                    }
                }
                return nil
            }
        )
    }

    /// The recording at 16 kHz: 128 frames of 320 samples.
    private static func wide() -> UnsafeMutablePointer<Int16> {
        let input = Recording.shared
        let wide = UnsafeMutablePointer<Int16>.allocate(capacity: Recording.frameCount * 320)
        let resampler = floor_resampler_make(8000, 16_000, 3)
        for frame in 0..<Recording.frameCount {
            floor_resampler_run(resampler, input.linear(frame), 0, 1, wide + frame * 320)
        }
        floor_resampler_free(resampler)
        return wide
    }

    private final class Encoder {
        var value = must { try OpusEncoder(sampleRate: 16_000) }
    }
    private final class Decoder {
        var value = must { try OpusDecoder(sampleRate: 16_000) }
    }

    private static func makeFloor() -> OpaquePointer? {
        let settings = OpusEncoder.Configuration()
        return floor_opus_make(Int32(settings.bitrate), Int32(settings.complexity))
    }

    private static func opusEncode() -> Case {
        let frames = wide()
        let encoder = Encoder()
        let floor = makeFloor()
        let output = UnsafeMutablePointer<UInt8>.allocate(capacity: 1275)
        let expected = UnsafeMutablePointer<UInt8>.allocate(capacity: 1275)
        @discardableResult func engine(_ repetitions: Int) -> Int {
            var length = 0
            for index in 0..<repetitions {
                var packet = MutableSpan(_unsafeStart: output, count: 1275)
                let frame = Span(_unsafeStart: UnsafePointer(frames + (index & Recording.mask) * 320), count: 320)
                length = must { try encoder.value.encode(frame, into: &packet) }
                floor_keep(output)
            }
            return length
        }
        return Case(
            "Codecs:Opus:encode:320",
            floorWork: "opus_encode at 16 kHz with the same settings",
            loop: Recording.frameCount,
            engine: { engine($0) },
            floor: { _ = floor_opus_encode(floor, frames, Recording.mask, $0, expected) },
            difference: {
                for count in 1...16 {
                    let length = engine(count)
                    let same =
                        floor_opus_encode(floor, frames, Recording.mask, count, expected) == length
                        && (0..<length).allSatisfy { output[$0] == expected[$0] }
                    if !same { return "packet after \(count) frames" }
                }
                return nil
            }
        )
    }

    private static func opusDecode() -> Case {
        let frames = wide()
        let packets = UnsafeMutablePointer<UInt8>.allocate(capacity: Recording.frameCount * 256)
        packets.initialize(repeating: 0, count: Recording.frameCount * 256)
        let encoder = makeFloor()
        for frame in 0..<Recording.frameCount {
            let slot = packets + frame * 256
            let packet = UnsafeMutablePointer<UInt8>.allocate(capacity: 1275)
            defer { packet.deallocate() }
            let length = floor_opus_encode(encoder, frames + frame * 320, 0, 1, packet)
            precondition(length <= 254, "a packet of 24 kbit/s fits its slot")
            slot[0] = UInt8(length & 0xFF)
            slot[1] = UInt8(length >> 8)
            (slot + 2).update(from: packet, count: length)
        }
        let decoder = Decoder()
        let floor = makeFloor()
        let output = UnsafeMutablePointer<Int16>.allocate(capacity: 320)
        let expected = UnsafeMutablePointer<Int16>.allocate(capacity: 320)
        func engine(_ repetitions: Int) {
            for index in 0..<repetitions {
                let slot = packets + (index & Recording.mask) * 256
                let length = Int(slot[0]) | Int(slot[1]) << 8
                var samples = MutableSpan(_unsafeStart: output, count: 320)
                _ = must {
                    try decoder.value.decode(Span(_unsafeStart: UnsafePointer(slot + 2), count: length), into: &samples)
                }
                floor_keep(output)
            }
        }
        return Case(
            "Codecs:Opus:decode:320",
            floorWork: "opus_decode of the same packets",
            loop: Recording.frameCount,
            engine: { engine($0) },
            floor: { floor_opus_decode(floor, packets, Recording.mask, $0, expected) },
            difference: {
                for count in 1...16 {
                    engine(count)
                    floor_opus_decode(floor, packets, Recording.mask, count, expected)
                    if let sample = (0..<320).first(where: { output[$0] != expected[$0] }) {
                        return "sample \(sample) after \(count) packets"
                    }
                }
                return nil
            }
        )
    }
}
