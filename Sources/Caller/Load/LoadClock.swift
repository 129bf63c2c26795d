import NIOCore

/// The clock of a run's calls: twenty slots of 1 ms in every 20 ms, so that the frames of hundreds of calls arrive spread as
/// they do from hundreds of phones.
///
/// Deadlines are counted from the start, so lateness never adds up; a missed tick is made up for at once. Used on its event
/// loop only; `@unchecked Sendable` by that confinement, which `add` and `remove` check.
final class LoadClock: @unchecked Sendable {
    static let slotCount = 20
    private static let slotLength = TimeAmount.milliseconds(1)

    let eventLoop: any EventLoop
    private let meter: LoadMeter
    private var slots: [[LoadLine]] = Array(repeating: [], count: slotCount)
    private var position: Int?
    private var epoch = NIODeadline.now()

    init(eventLoop: any EventLoop, meter: LoadMeter) {
        self.eventLoop = eventLoop
        self.meter = meter
    }

    func add(_ line: LoadLine) {
        eventLoop.preconditionInEventLoop()
        let slot = slots.indices.min { slots[$0].count < slots[$1].count } ?? 0
        slots[slot].append(line)
        guard position == nil else { return }
        position = slot
        epoch = .now() - Self.slotLength * slot
        schedule()
    }

    func remove(_ line: LoadLine) {
        eventLoop.preconditionInEventLoop()
        for index in slots.indices { slots[index].removeAll { $0 === line } }
    }

    private func schedule() {
        guard let position else { return }
        guard let ahead = (0..<Self.slotCount).first(where: { !slots[(position + $0) % Self.slotCount].isEmpty }) else {
            self.position = nil
            return
        }
        self.position = position + ahead
        eventLoop.assumeIsolated().scheduleTask(deadline: epoch + Self.slotLength * (position + ahead)) { self.run() }
    }

    private func run() {
        while let position {
            let due = epoch + Self.slotLength * position
            let now = NIODeadline.now()
            guard due <= now else { break }
            let lines = slots[position % Self.slotCount]
            let lateMs = Double((now - due).nanoseconds) / 1e6
            let isLate = lateMs >= Double(PhoneFrame.milliseconds)
            if !lines.isEmpty, meter.isOpen {
                if isLate { meter.lateTicks += 1 }
                meter.worstLateMs = max(meter.worstLateMs, lateMs)
            }
            for line in lines { line.tick(isLate: isLate) }
            self.position = position + 1
        }
        schedule()
    }
}
