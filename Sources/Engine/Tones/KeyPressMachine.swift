/// Turns one judgement per 2.5 ms into key presses.
struct KeyPressMachine {
    enum Output {
        case none
        case released(DTMFPress)
        /// `before` is the key that this one replaced without a pause.
        case pressed(DTMFKey, before: DTMFPress?)
    }

    /// A tone's first and last judged window are this much further apart than its ends: windows that reach over an end
    /// are taken from about two thirds of coverage on. Measured over all keys at 40...200 ms.
    private static let edgeMilliseconds = 5

    private struct Held {
        var key: DTMFKey
        var since: Int
        var last: Int
    }

    private var held: Held?
    private var candidate: DTMFKey?
    private var missed = 0
    private var began = 0
    private var block = 0

    /// Nothing is down and nothing has begun.
    var isIdle: Bool { held == nil && candidate == nil }

    /// Whether this judgement would make its key certain.
    func isDue(_ key: DTMFKey?, limits: DTMFLimits) -> Bool {
        key != nil && key == candidate && key != held?.key && block + 1 - began + 1 >= limits.pressBlocks
    }

    mutating func handle(_ key: DTMFKey?, limits: DTMFLimits) -> Output {
        block &+= 1
        follow(key, limits: limits)
        if let key, key == held?.key {
            held?.last = block
            return .none
        }
        if let key, block - began + 1 >= limits.pressBlocks {
            let before = held.map(Self.press)
            held = Held(key: key, since: began, last: block)
            return .pressed(key, before: before)
        }
        guard let held, block - held.last >= limits.releaseBlocks else { return .none }
        self.held = nil
        return .released(Self.press(held))
    }

    private mutating func follow(_ key: DTMFKey?, limits: DTMFLimits) {
        if let key {
            if key != candidate { (candidate, began) = (key, block) }
            missed = 0
        } else if candidate != nil {
            missed += 1
            if missed > limits.missedBlocks { candidate = nil }
        }
    }

    private static func press(_ held: Held) -> DTMFPress {
        let milliseconds = (held.last - held.since) * ToneBank.blockSamples * 1_000 / Frame.sampleRate
        return DTMFPress(key: held.key, milliseconds: milliseconds + edgeMilliseconds)
    }
}
