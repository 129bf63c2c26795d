/// One setting of the pipeline in a capture's header.
///
/// A new setting gets the next free tag, which never changes its meaning again. A capture made before it existed leaves it
/// at its default, so the default must be how the pipeline behaved then; otherwise raise `CaptureFormat.version`. A capture
/// made after it existed is refused by readers that do not know it.
struct CapturedSetting: Sendable {
    typealias Path<Value> = WritableKeyPath<PipelineConfiguration, Value> & Sendable

    let tag: UInt64
    let read: @Sendable (PipelineConfiguration) -> Int64
    /// - Returns: false when the value is impossible.
    let write: @Sendable (inout PipelineConfiguration, Int64) -> Bool

    static let all: [CapturedSetting] = [
        count(1, \.turn.startFrames, 0...32),
        count(2, \.turn.startWindow, 0...31),
        duration(3, \.turn.endSilence),
        duration(4, \.turn.maximumTurn),
        duration(5, \.turn.minimumSpeech),
        count(6, \.bargeIn.stopFrames, 0...1_000_000),
        count(7, \.bargeIn.windowFrames, 0...127),
        count(8, \.bargeIn.duckFrames, 0...126),
        count(9, \.bargeIn.restoreFrames, 0...1_000_000),
        duration(10, \.lead),
        count(11, \.markEveryFrames, 1...1_000_000),
        duration(12, \.protectedStart),
        duration(13, \.idleAfter),
        duration(14, \.maximumCall),
        duration(15, \.closingTime),
        duration(16, \.stallIsSilence),
        count(17, \.packetsPerTick, 0...1_000_000),
        flag(18, \.isRecorded),
        count(19, \.bargeIn.noisyStopFrames, 0...1_000_000),
        count(20, \.bargeIn.noisyWindowFrames, 0...127),
        level(21, \.bargeIn.noisyWithinDecibels),
        count(22, \.echo.mode.number, 0...2),
        count(23, \.echo.tailMilliseconds, 20...500),
        whole(24, \.noise.noiseDecibels),
        whole(25, \.noise.echoDecibels),
        whole(26, \.noise.echoWhileTalkingDecibels),
        whole(27, \.noise.targetLevel),
        whole(28, \.noise.largestGainDecibels),
        whole(29, \.noise.riseDecibelsPerSecond),
        whole(30, \.noise.fallDecibelsPerSecond),
        flag(31, \.noise.levels),
        flag(32, \.hearsTones),
        count(33, \.framesPerSend, 1...50),
        level(34, \.comfortNoise),
        duration(35, \.turn.pauseSilence),
        duration(36, \.turn.shortestEndSilence),
        duration(37, \.turn.longestEndSilence),
        flag(38, \.bargeIn.stopsBySound),
        duration(39, \.turn.longestDoubt),
        level(40, \.onsetDecibels),
        duration(41, \.leadUnderPressure),
    ]

    /// In nanoseconds, up to a year.
    static func duration(_ tag: UInt64, _ path: Path<Duration>) -> CapturedSetting {
        CapturedSetting(tag: tag, read: { $0[keyPath: path].nanoseconds }) { configuration, value in
            guard (0...31_536_000_000_000_000).contains(value) else { return false }
            configuration[keyPath: path] = .nanoseconds(value)
            return true
        }
    }

    static func count(_ tag: UInt64, _ path: Path<Int>, _ range: ClosedRange<Int64>) -> CapturedSetting {
        CapturedSetting(tag: tag, read: { Int64($0[keyPath: path]) }) { configuration, value in
            guard range.contains(value) else { return false }
            configuration[keyPath: path] = Int(value)
            return true
        }
    }

    static func whole(_ tag: UInt64, _ path: Path<Int32>) -> CapturedSetting {
        CapturedSetting(tag: tag, read: { Int64($0[keyPath: path]) }) { configuration, value in
            guard (-100_000...100_000).contains(value) else { return false }
            configuration[keyPath: path] = Int32(value)
            return true
        }
    }

    static func flag(_ tag: UInt64, _ path: Path<Bool>) -> CapturedSetting {
        CapturedSetting(tag: tag, read: { $0[keyPath: path] ? 1 : 0 }) { configuration, value in
            guard value == 0 || value == 1 else { return false }
            configuration[keyPath: path] = value == 1
            return true
        }
    }

    /// By its bits, so that it comes back exactly. Not a number is refused.
    static func level(_ tag: UInt64, _ path: Path<Float>) -> CapturedSetting {
        CapturedSetting(tag: tag, read: { Int64($0[keyPath: path].bitPattern) }) { configuration, value in
            guard let bits = UInt32(exactly: value), Float(bitPattern: bits).isFinite else { return false }
            configuration[keyPath: path] = Float(bitPattern: bits)
            return true
        }
    }

    private init(
        tag: UInt64,
        read: @escaping @Sendable (PipelineConfiguration) -> Int64,
        write: @escaping @Sendable (inout PipelineConfiguration, Int64) -> Bool
    ) {
        self.tag = tag
        self.read = read
        self.write = write
    }
}

extension EchoConfiguration.Mode {
    /// A number that never changes its meaning.
    fileprivate var number: Int {
        get {
            switch self {
            case .auto: 0
            case .always: 1
            case .off: 2
            }
        }
        set { self = newValue == 1 ? .always : newValue == 2 ? .off : .auto }
    }
}
