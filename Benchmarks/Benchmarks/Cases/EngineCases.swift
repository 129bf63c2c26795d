import CFloor
import Engine

/// The ring, the voice activity detector and a whole frame of a call.
public enum EngineCases {
    public static func all() -> [Case] {
        ChainCases.checkSizes()
        return [ring(), ringInPlace(), voiceActivity(), ChainCases.crowd(1).asCase, ChainCases.captured()]
            + StageCases.all()
    }

    private final class RingPair {
        var writer: RingWriter<MediaPacket>
        var reader: RingReader<MediaPacket>

        init() {
            var ends = RingEnds(capacity: 256, initial: MediaPacket(kind: .audio))
            writer = ends.takeWriter()
            reader = ends.takeReader()
        }
    }

    private static func ring() -> Case {
        let ring = RingPair()
        let packet = UnsafeMutablePointer<MediaPacket>.allocate(capacity: 1)
        let output = UnsafeMutablePointer<MediaPacket>.allocate(capacity: 1)
        let floorPacket = UnsafeMutablePointer<floor_packet>.allocate(capacity: 1)
        let floorOutput = UnsafeMutablePointer<floor_packet>.allocate(capacity: 1)
        packet.initialize(to: MediaPacket(kind: .audio, value: 7, count: 160))
        output.initialize(to: MediaPacket(kind: .mark))
        floorPacket.initialize(to: floor_packet())
        floorPacket.pointee.value = 7
        floorOutput.initialize(to: floor_packet())
        return Case(
            "Engine:Ring:pushPop:192",
            floorWork: "memcpy into a slot and out, plain positions",
            engine: { count in
                for _ in 0..<count {
                    ring.writer.push(packet.pointee)
                    floor_keep(output)
                    if let next = ring.reader.pop() { output.pointee = next }
                    floor_keep(output)
                }
            },
            floor: { floor_ring(floorPacket, $0, floorOutput) },
            difference: {
                ring.writer.push(packet.pointee)
                floor_ring(floorPacket, 1, floorOutput)
                return ring.reader.pop()?.value == floorOutput.pointee.value ? nil : "the packet's value"
            }
        )
    }

    private static func ringInPlace() -> Case {
        let ring = RingPair()
        let packet = UnsafeMutablePointer<MediaPacket>.allocate(capacity: 1)
        let value = UnsafeMutablePointer<Int64>.allocate(capacity: 1)
        let floorPacket = UnsafeMutablePointer<floor_packet>.allocate(capacity: 1)
        let floorValue = UnsafeMutablePointer<Int64>.allocate(capacity: 1)
        packet.initialize(to: MediaPacket(kind: .audio, value: 7, count: 160))
        floorPacket.initialize(to: floor_packet())
        floorPacket.pointee.value = 7
        return Case(
            "Engine:Ring:inPlace:192",
            floorWork: "memcpy into a slot, one field read from it, plain positions",
            engine: { count in
                for _ in 0..<count {
                    ring.writer.push { $0 = packet.pointee }
                    floor_keep(value)
                    _ = ring.reader.pop { value.pointee = $0.value }
                    floor_keep(value)
                }
            },
            floor: { floor_ring_in_place(floorPacket, $0, floorValue) },
            difference: {
                ring.writer.push { $0 = packet.pointee }
                floor_ring_in_place(floorPacket, 1, floorValue)
                return ring.reader.pop { value.pointee = $0.value } && value.pointee == floorValue.pointee
                    ? nil : "the packet's value"
            }
        )
    }

    private final class Detector {
        var value = BandEnergyDetector(sampleRate: Frame.sampleRate)
    }

    private static func voiceActivity() -> Case {
        let input = Recording.shared
        let detector = Detector()
        let floor = floor_voice_make()
        let output = UnsafeMutablePointer<VoiceActivity>.allocate(capacity: 1)
        let levels = UnsafeMutablePointer<Float>.allocate(capacity: 2)
        return Case(
            "Engine:VoiceActivity:process:160",
            floorWork: "the same filters and pitch correlation, no decisions",
            engine: { count in
                for index in 0..<count {
                    output.initialize(to: detector.value.process(Span(_unsafeStart: input.linear(index), count: 160)))
                    floor_keep(output)
                }
            },
            floor: { floor_voice_run(floor, input.samples, Recording.mask, $0, levels, levels + 1) },
            difference: { VoiceAgreement.difference(input) }
        )
    }
}
