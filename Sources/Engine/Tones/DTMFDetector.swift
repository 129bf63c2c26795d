/// What one frame told about the keypad.
public struct DTMFReport: Equatable, Sendable {
    /// A key that went up, with its length. Comes before `pressed` in time if both are set.
    public var released: DTMFPress?
    /// A key that is certainly down: reported once, 30 to 55 ms after its tone began.
    public var pressed: DTMFKey?

    public init(released: DTMFPress? = nil, pressed: DTMFKey? = nil) {
        self.released = released
        self.pressed = pressed
    }
}

/// One completed key press.
public struct DTMFPress: Equatable, Sendable {
    public var key: DTMFKey
    /// How long the tone lasted, to about 5 ms.
    public var milliseconds: Int

    public init(key: DTMFKey, milliseconds: Int) {
        self.key = key
        self.milliseconds = milliseconds
    }
}

/// Hears keypad tones in 8 kHz telephone audio.
///
/// Every 2.5 ms a window of 20 ms is judged: the strongest row and column tone, their level, twist, share of all power and
/// frequency. A key is reported after `Limits.pressBlocks` such windows in a row.
///
/// - Units: frames of 160 samples, 8 000 per second, linear, on the scale of G.711.
/// - Source: ITU-T Q.23 (frequencies), Q.24 (receiver limits).
/// - Cost: no allocation; a quiet frame costs its energy only.
public struct DTMFDetector: ~Copyable, Sendable {
    private var bank = ToneBank()
    private var window = ToneWindow()
    private var machine = KeyPressMachine()
    private var harmonics = HarmonicTest()
    private let limits: DTMFLimits
    private var isClear = true

    public init(limits: DTMFLimits = DTMFLimits()) { self.limits = limits }

    public mutating func process(_ frame: borrowing FrameSamples) -> DTMFReport {
        var report = DTMFReport()
        let samples = frame.span
        if machine.isIdle, isQuiet(samples) {
            if !isClear {
                window.clear()
                harmonics.forget()
                isClear = true
            }
            return report
        }
        isClear = false
        for start in stride(from: 0, to: Frame.samples, by: ToneBank.blockSamples) {
            let block = bank.correlate(samples, from: start)
            let pair = window.add(block, purity: limits.purity, floor: limits.floor)
            let key = accepted(pair, samples, end: start + ToneBank.blockSamples)
            switch machine.handle(key, limits: limits) {
            case .none: break
            case .released(let press): report.released = press
            case .pressed(let key, let before):
                report.pressed = key
                if let before { report.released = before }
            }
        }
        bank.normalize()
        harmonics.remember(samples)
        return report
    }

    /// Mutating, as what it asks is, so that the state is read where it lies: a borrowed value of this size is copied first.
    private mutating func accepted(_ pair: ToneWindow.Pair?, _ frame: Span<Int16>, end: Int) -> DTMFKey? {
        guard let pair, limits.accepts(pair) else { return nil }
        if machine.isDue(pair.key, limits: limits),
            !harmonics.isClean(pair, frame, end: end, limit: limits.harmonic)
        {
            return nil
        }
        return pair.key
    }

    private func isQuiet(_ frame: Span<Int16>) -> Bool {
        var sum: Float = 0
        for index in 0..<Frame.samples {
            let sample = Float(frame[index])
            sum += sample * sample
        }
        return sum < limits.quiet * Float(Frame.samples)
    }
}
