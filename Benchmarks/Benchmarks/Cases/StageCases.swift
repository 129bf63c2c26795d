import CFloor
import Codecs
import Engine

/// The pipeline's stages one by one.
public enum StageCases {
    public static func all() -> [Case] {
        [frameDecode(), frameEncode(), repair(), echo(), reducer(), tones(), toneWriter()]
    }

    /// Frames of the conversation as the pipeline passes them.
    private static func frames(of samples: UnsafeMutablePointer<Int16>) -> UnsafeMutablePointer<FrameSamples> {
        let frames = UnsafeMutablePointer<FrameSamples>.allocate(capacity: Conversation.frameCount)
        for frame in 0..<Conversation.frameCount {
            (frames + frame).initialize(to: FrameSamples { samples[frame * 160 + $0] })
        }
        return frames
    }

    private static func space() -> UnsafeMutablePointer<FrameSamples> {
        let space = UnsafeMutablePointer<FrameSamples>.allocate(capacity: 1)
        space.initialize(to: FrameSamples(repeating: 0))
        return space
    }

    private static func same(_ frame: UnsafeMutablePointer<FrameSamples>, _ samples: UnsafeMutablePointer<Int16>)
        -> Bool
    {
        (0..<160).allSatisfy { frame.pointee[$0] == samples[$0] }
    }

    // MARK: Mu-law of a frame

    private static func frameDecode() -> Case {
        let conversation = Conversation.shared
        let output = space()
        let expected = UnsafeMutablePointer<Int16>.allocate(capacity: 160)
        let bytes = UnsafeMutablePointer<UInt8>.allocate(capacity: Conversation.frameCount * 160)
        for index in 0..<Conversation.frameCount * 160 {
            (bytes + index).initialize(to: conversation.packets[index / 160].bytes[index % 160])
        }
        func engine(_ count: Int) {
            for index in 0..<count {
                MuLaw.decode(conversation.packets[index & Conversation.mask].bytes.span, into: &output.pointee)
                floor_keep(output)
            }
        }
        return Case(
            "Codecs:MuLaw:decodeFrame:160",
            floorWork: "table of 256",
            engine: engine,
            floor: { floor_mulaw_decode(bytes, Conversation.mask, $0, expected) },
            difference: {
                engine(100)
                floor_mulaw_decode(bytes, Conversation.mask, 100, expected)
                return same(output, expected) ? nil : "frame 99"
            }
        )
    }

    private static func frameEncode() -> Case {
        let conversation = Conversation.shared
        let input = frames(of: conversation.far)
        let output = UnsafeMutablePointer<FrameBytes>.allocate(capacity: 1)
        output.initialize(to: FrameBytes(repeating: 0))
        let expected = UnsafeMutablePointer<UInt8>.allocate(capacity: 160)
        func engine(_ count: Int) {
            for index in 0..<count {
                MuLaw.encode(input[index & Conversation.mask].span, into: &output.pointee)
                floor_keep(output)
            }
        }
        return Case(
            "Codecs:MuLaw:encodeFrame:160",
            floorWork: "table of 16 384",
            engine: engine,
            floor: { floor_mulaw_encode(conversation.far, Conversation.mask, $0, expected) },
            difference: {
                engine(100)
                floor_mulaw_encode(conversation.far, Conversation.mask, 100, expected)
                return (0..<160).allSatisfy { output.pointee[$0] == expected[$0] } ? nil : "frame 99"
            }
        )
    }

    // MARK: The caller's way

    private final class Repairs {
        var stage = StreamRepair()
        var position = 0
        var now = MediaInstant.zero
    }

    private static func repair() -> Case {
        let conversation = Conversation.shared
        let repairs = Repairs()
        let output = space()
        let bytes = UnsafeMutablePointer<UInt8>.allocate(capacity: Conversation.frameCount * 160)
        for index in 0..<Conversation.frameCount * 160 {
            (bytes + index).initialize(to: conversation.packets[index / 160].bytes[index % 160])
        }
        let expected = UnsafeMutablePointer<Int16>.allocate(capacity: 160)
        let packet = UnsafeMutablePointer<MediaPacket>.allocate(capacity: 1)
        packet.initialize(to: MediaPacket(kind: .audio))
        func engine(_ count: Int) {
            for _ in 0..<count {
                packet.pointee = conversation.packets[repairs.position & Conversation.mask]
                packet.pointee.value = Int64(repairs.position + 1)
                packet.pointee.timestampSamples = Int64(repairs.position * 160)
                repairs.position += 1
                repairs.now = repairs.now.advanced(by: Frame.duration)
                repairs.stage.insert(packet.pointee, now: repairs.now)
                while repairs.stage.next(now: repairs.now, into: &output.pointee) != nil { floor_keep(output) }
            }
        }
        return Case(
            "Engine:StreamRepair:steady:160",
            floorWork: "mu-law decode by table: a stream without gaps needs no more",
            engine: engine,
            floor: { floor_mulaw_decode(bytes, Conversation.mask, $0, expected) },
            difference: {
                engine(100)
                let last = (repairs.position - 1) & Conversation.mask
                floor_mulaw_decode(bytes + last * 160, 0, 1, expected)
                return same(output, expected) ? nil : "the last of 100 frames"
            }
        )
    }

    private final class Echo {
        var stage: EchoStage
        var position = 0

        init() {
            var configuration = EchoConfiguration()
            configuration.mode = .always
            stage = EchoStage(configuration: configuration)
        }
    }

    private static func echo() -> Case {
        let conversation = Conversation.shared
        let (near, far) = (frames(of: conversation.near), frames(of: conversation.far))
        let echo = Echo()
        let library = LibraryCalls(1)
        let output = space()
        func engine(_ count: Int) {
            for _ in 0..<count {
                let at = echo.position & Conversation.mask
                echo.position += 1
                output.pointee = near[at]
                let report = echo.stage.process(near: &output.pointee, far: far[at])
                precondition(report.isCancelling, "the mode is to cancel always")
                floor_keep(output)
            }
        }
        return Case(
            "Engine:EchoStage:process:160",
            floorWork: "speex_echo_cancellation alone: no search for the delay, no judgement",
            loop: Conversation.frameCount,
            engine: engine,
            floor: { library.run($0, reduce: false) },
            difference: { EchoAgreement.difference(engine: engine, output: output, library: library) }
        )
    }

    private final class Reducer {
        var stage: EchoStage
        var value: NoiseReducer

        init() {
            var configuration = EchoConfiguration()
            configuration.mode = .always
            stage = EchoStage(configuration: configuration)
            value = NoiseReducer(after: stage)
        }
    }

    /// The canceller has run once on both sides, so that there is a residual to be suppressed.
    private static func reducer() -> Case {
        let conversation = Conversation.shared
        let input = frames(of: conversation.near)
        let far = frames(of: conversation.far)
        let reducer = Reducer()
        let library = LibraryCalls(1)
        let output = space()
        output.pointee = input[0]
        _ = reducer.stage.process(near: &output.pointee, far: far[0])
        library.run(1, reduce: false)
        var position = 1
        func engine(_ count: Int) {
            for _ in 0..<count {
                output.pointee = input[position & Conversation.mask]
                position += 1
                reducer.value.process(&output.pointee)
                floor_keep(output)
            }
        }
        return Case(
            "Engine:NoiseReducer:process:160",
            floorWork: "speex_preprocess_run with the same settings",
            loop: Conversation.frameCount,
            engine: engine,
            floor: { library.run($0, echo: false) },
            difference: {
                for count in [1, 3, 100] {
                    engine(count)
                    library.run(count, echo: false)
                    if !same(output, library.output) { return "a frame after \(count)" }
                }
                return nil
            }
        )
    }

    // MARK: Keypad tones

    private final class Tones {
        var detector = DTMFDetector()
        var tone = Tones.fresh()
        static func fresh() -> DTMFTone {
            DTMFTone([DTMFKey(row: 1, column: 2)], timing: .init(onMilliseconds: 20_000, offMilliseconds: 0))
        }
    }

    private static func tones() -> Case {
        let conversation = Conversation.shared
        let input = frames(of: conversation.near)
        let tones = Tones()
        let output = UnsafeMutablePointer<DTMFReport>.allocate(capacity: 1)
        let heard = UnsafeMutablePointer<floor_tones>.allocate(capacity: 1)
        output.initialize(to: DTMFReport())
        heard.initialize(to: floor_tones())
        return Case(
            "Engine:DTMFDetector:process:160",
            floorWork: "eight Goertzel filters over the frame and the strongest of each group",
            loop: Conversation.frameCount,
            engine: { count in
                for index in 0..<count {
                    output.pointee = tones.detector.process(input[index & Conversation.mask])
                    floor_keep(output)
                }
            },
            floor: { floor_tones_hear(conversation.near, Conversation.mask, $0, heard) },
            difference: {
                let samples = UnsafeMutablePointer<Int16>.allocate(capacity: 160)
                defer { samples.deallocate() }
                for key in DTMFKey.all {
                    var detector = DTMFDetector()
                    var pressed: DTMFKey?
                    for frame in 0..<5 {
                        floor_tone_write(Int32(key.row), Int32(key.column), frame * 160, 1, samples)
                        pressed = detector.process(FrameSamples { samples[$0] }).pressed ?? pressed
                    }
                    floor_tones_hear(samples, 0, 1, heard)
                    let floorKey = DTMFKey(row: Int(heard.pointee.row), column: Int(heard.pointee.column))
                    if pressed != key || floorKey != key { return "key \(key)" }
                }
                return nil
            }
        )
    }

    private static func toneWriter() -> Case {
        let tones = Tones()
        let output = UnsafeMutablePointer<Int16>.allocate(capacity: 160)
        let expected = UnsafeMutablePointer<Int16>.allocate(capacity: 160)
        let heard = UnsafeMutablePointer<floor_tones>.allocate(capacity: 1)
        heard.initialize(to: floor_tones())
        func engine(_ count: Int) {
            for _ in 0..<count {
                if tones.tone.isFinished { tones.tone = Tones.fresh() }
                var samples = MutableSpan(_unsafeStart: output, count: 160)
                _ = tones.tone.write(into: &samples)
                floor_keep(output)
            }
        }
        return Case(
            "Engine:DTMFTone:write:160",
            floorWork: "two sines per sample, no edges and no limit",
            isHot: false,
            engine: engine,
            floor: { floor_tone_write(1, 2, 0, $0, expected) },
            difference: {
                engine(2)
                floor_tone_write(1, 2, 0, 2, expected)
                for samples in [output, expected] {
                    floor_tones_hear(samples, 0, 1, heard)
                    if heard.pointee.row != 1 || heard.pointee.column != 2 { return "the tones" }
                }
                return nil
            }
        )
    }
}
