import CFloor
import Engine

/// A ring between two threads: wall time per packet, engine and floor in turns. It depends on how the two threads fall on
/// the cores, so only the medians are compared.
enum RingTransfer {
    private static let packets = 100_000
    private static let rounds = 41

    private final class Transfer {
        var writer: RingWriter<MediaPacket>
        var reader: RingReader<MediaPacket>
        var sum: Int64 = 0

        init() {
            var ends = RingEnds(capacity: 256, initial: MediaPacket(kind: .audio))
            writer = ends.takeWriter()
            reader = ends.takeReader()
        }

        func write() {
            var packet = MediaPacket(kind: .audio, count: 160)
            for value in 0..<RingTransfer.packets {
                packet.value = Int64(value)
                while writer.space == 0 { floor_pause() }
                writer.push(packet)
            }
        }

        func read() {
            let seen = UnsafeMutablePointer<MediaPacket>.allocate(capacity: 1)
            defer { seen.deallocate() }
            var sum: Int64 = 0
            var left = RingTransfer.packets
            while left > 0 {
                guard let packet = reader.pop() else {
                    floor_pause()
                    continue
                }
                seen.initialize(to: packet)
                floor_keep(seen)
                sum += seen.pointee.value
                left -= 1
            }
            self.sum = sum
        }
    }

    private final class FloorTransfer {
        let ring = floor_ring_make()
        var sum: Int64 = 0
        deinit { floor_ring_free(ring) }
    }

    static func measure() -> Row {
        var engine: [Double] = []
        var floor: [Double] = []
        let expected = Int64(packets) * Int64(packets - 1) / 2
        for _ in 0..<rounds {
            let transfer = Transfer()
            let nanoseconds = floor_two_threads(
                { Unmanaged<Transfer>.fromOpaque($0!).takeUnretainedValue().write() },
                { Unmanaged<Transfer>.fromOpaque($0!).takeUnretainedValue().read() },
                Unmanaged.passUnretained(transfer).toOpaque()
            )
            let floorTransfer = FloorTransfer()
            let floorNanoseconds = floor_two_threads(
                {
                    floor_ring_write(
                        Unmanaged<FloorTransfer>.fromOpaque($0!).takeUnretainedValue().ring,
                        RingTransfer.packets
                    )
                },
                {
                    let transfer = Unmanaged<FloorTransfer>.fromOpaque($0!).takeUnretainedValue()
                    transfer.sum = floor_ring_read(transfer.ring, RingTransfer.packets)
                },
                Unmanaged.passUnretained(floorTransfer).toOpaque()
            )
            precondition(transfer.sum == expected && floorTransfer.sum == expected, "every packet arrives once")
            engine.append(Double(nanoseconds) / Double(packets))
            floor.append(Double(floorNanoseconds) / Double(packets))
        }
        let (engineTiming, floorTiming) = (Timing(engine), Timing(floor))
        return Row(
            name: "Engine:Ring:transfer:192",
            floorWork: "the same between two threads, acquire and release; wall time",
            engine: engineTiming,
            floor: floorTiming,
            ratio: engineTiming.median / floorTiming.median,
            allocations: nil,
            isHot: true
        )
    }
}
