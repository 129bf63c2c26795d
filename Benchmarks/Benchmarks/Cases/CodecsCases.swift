import CFloor
import Codecs

/// Mu-law and base64 of one 20 ms frame.
public enum CodecsCases {
    public static func all() -> [Case] {
        [muLawDecode(), muLawEncode(), base64Decode(), base64Encode()] + LibraryCases.all()
    }

    private static func muLawDecode() -> Case {
        let input = Recording.shared
        let output = UnsafeMutablePointer<Int16>.allocate(capacity: 160)
        let expected = UnsafeMutablePointer<Int16>.allocate(capacity: 160)
        return Case(
            "Codecs:MuLaw:decode:160",
            floorWork: "table of 256",
            engine: { count in
                for index in 0..<count {
                    var samples = MutableSpan(_unsafeStart: output, count: 160)
                    _ = must { try MuLaw.decode(Span(_unsafeStart: input.frame(index), count: 160), into: &samples) }
                    floor_keep(output)
                }
            },
            floor: { floor_mulaw_decode(input.bytes, Recording.mask, $0, expected) },
            difference: {
                for byte in UInt8.min...UInt8.max {
                    var frame = [UInt8](repeating: byte, count: 160)
                    floor_mulaw_decode(&frame, 0, 1, expected)
                    if MuLaw.linear(byte) != expected[0] { return "byte \(byte)" }
                }
                return nil
            }
        )
    }

    private static func muLawEncode() -> Case {
        let input = Recording.shared
        let output = UnsafeMutablePointer<UInt8>.allocate(capacity: 160)
        let expected = UnsafeMutablePointer<UInt8>.allocate(capacity: 160)
        return Case(
            "Codecs:MuLaw:encode:160",
            floorWork: "table of 16 384",
            engine: { count in
                for index in 0..<count {
                    var bytes = MutableSpan(_unsafeStart: output, count: 160)
                    _ = must { try MuLaw.encode(Span(_unsafeStart: input.linear(index), count: 160), into: &bytes) }
                    floor_keep(output)
                }
            },
            floor: { floor_mulaw_encode(input.samples, Recording.mask, $0, expected) },
            difference: {
                for sample in Int16.min...Int16.max {
                    var frame = [Int16](repeating: sample, count: 160)
                    floor_mulaw_encode(&frame, 0, 1, expected)
                    if MuLaw.byte(sample) != expected[0] { return "sample \(sample)" }
                }
                return nil
            }
        )
    }

    private static func base64Decode() -> Case {
        let input = Recording.shared
        let output = UnsafeMutablePointer<UInt8>.allocate(capacity: 160)
        let expected = UnsafeMutablePointer<UInt8>.allocate(capacity: 160)
        return Case(
            "Codecs:Base64:decode:160",
            floorWork: "table of 256",
            engine: { count in
                for index in 0..<count {
                    var bytes = MutableSpan(_unsafeStart: output, count: 160)
                    _ = must { try Base64.decode(Span(_unsafeStart: input.text(index), count: 216), into: &bytes) }
                    floor_keep(output)
                }
            },
            floor: { _ = floor_base64_decode(input.texts, Recording.mask, $0, expected) },
            difference: {
                for index in 0..<Recording.frameCount {
                    var bytes = MutableSpan(_unsafeStart: output, count: 160)
                    _ = must { try Base64.decode(Span(_unsafeStart: input.text(index), count: 216), into: &bytes) }
                    let good = floor_base64_decode(input.texts + index * 216, 0, 1, expected)
                    let same = (0..<160).allSatisfy {
                        output[$0] == expected[$0] && output[$0] == input.frame(index)[$0]
                    }
                    if !good || !same { return "frame \(index)" }
                }
                return nil
            }
        )
    }

    private static func base64Encode() -> Case {
        let input = Recording.shared
        let output = UnsafeMutablePointer<UInt8>.allocate(capacity: 216)
        let expected = UnsafeMutablePointer<CChar>.allocate(capacity: 216)
        return Case(
            "Codecs:Base64:encode:160",
            floorWork: "table of 64",
            engine: { count in
                for index in 0..<count {
                    var text = MutableSpan(_unsafeStart: output, count: 216)
                    _ = must { try Base64.encode(Span(_unsafeStart: input.frame(index), count: 160), into: &text) }
                    floor_keep(output)
                }
            },
            floor: { floor_base64_encode(input.bytes, Recording.mask, $0, expected) },
            difference: {
                for index in 0..<Recording.frameCount {
                    var text = MutableSpan(_unsafeStart: output, count: 216)
                    _ = must { try Base64.encode(Span(_unsafeStart: input.frame(index), count: 160), into: &text) }
                    let same = (0..<216).allSatisfy { output[$0] == input.text(index)[$0] }
                    if !same { return "frame \(index)" }
                }
                return nil
            }
        )
    }
}
