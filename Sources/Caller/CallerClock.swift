import NIOCore

/// Something that does 20 ms of work at a time. Called on the clock's event loop only.
protocol CallerClockMember: AnyObject {
    /// - Parameters:
    ///   - due: when this tick was due, on the absolute clock.
    ///   - late: whether it runs a whole frame late or more.
    func tick(due: NIODeadline, late: Bool)
}

/// One absolute 20 ms clock per event loop, shared by all calls on it.
///
/// A timer per call would drift and wake the loop fifty times a second for each. Here one timer serves ten slots, 2
/// ms apart, over which calls are spread so that their work does not come in one burst. Deadlines are counted from
/// the clock's start, so lateness never adds up; a tick that was missed is made up for at once, like the frames of a
/// line that was held up.
///
/// `@unchecked Sendable`: every stored property is touched on `eventLoop` only; `add` and `remove` check it.
final class CallerClock: @unchecked Sendable {
    let eventLoop: any EventLoop
    private var slots: [[any CallerClockMember]] = Array(repeating: [], count: slotCount)
    /// Number of the next slot since `epoch`; nil while nobody is on the clock.
    private var position: Int?
    private var epoch = NIODeadline.now()

    private static let slotCount = 10
    private static let slotLength = TimeAmount.milliseconds(2)

    init(eventLoop: any EventLoop) { self.eventLoop = eventLoop }

    /// Puts a member on the clock, in the emptiest slot.
    func add(_ member: any CallerClockMember) {
        eventLoop.preconditionInEventLoop()
        let slot = slots.indices.min { slots[$0].count < slots[$1].count } ?? 0
        slots[slot].append(member)
        if position == nil {
            epoch = .now()
            // The first slot in turn is the member's own.
            position = slot
            epoch = epoch - Self.slotLength * slot
            schedule()
        }
    }

    func remove(_ member: any CallerClockMember) {
        eventLoop.preconditionInEventLoop()
        for index in slots.indices { slots[index].removeAll { $0 === member } }
    }

    private func deadline(_ position: Int) -> NIODeadline { epoch + Self.slotLength * position }

    private func schedule() {
        guard let position else { return }
        guard let ahead = (0..<Self.slotCount).first(where: { !slots[(position + $0) % Self.slotCount].isEmpty }) else {
            self.position = nil
            return
        }
        self.position = position + ahead
        eventLoop.assumeIsolated().scheduleTask(deadline: deadline(position + ahead)) { self.run() }
    }

    private func run() {
        while let position, deadline(position) <= .now() {
            let due = deadline(position)
            let late = NIODeadline.now() - due >= .milliseconds(Int64(PhoneFrame.milliseconds))
            for member in slots[position % Self.slotCount] { member.tick(due: due, late: late) }
            self.position = position + 1
        }
        schedule()
    }
}
