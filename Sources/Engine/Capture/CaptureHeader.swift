/// What a capture says first: how the pipeline was made.
public struct CaptureHeader: Sendable, Equatable {
    public var configuration: PipelineConfiguration
    public var sampleRate: Int
    /// Which recordings the call could play.
    public var shelfFingerprint: Int64

    public init(
        configuration: PipelineConfiguration,
        shelf: RecordingShelf = .empty,
        sampleRate: Int = Frame.sampleRate
    ) {
        self.configuration = configuration
        self.sampleRate = sampleRate
        shelfFingerprint = shelf.fingerprint
    }

    /// Tags of what is no setting; the others are those of `CapturedSetting.all`.
    static let sampleRateTag: UInt64 = 0
    static let shelfTag: UInt64 = 1000

    /// Magic, version, length, fields, check.
    var encoded: [UInt8] {
        var fields: [UInt8] = []
        Self.append(Self.sampleRateTag, Int64(sampleRate), to: &fields)
        Self.append(Self.shelfTag, shelfFingerprint, to: &fields)
        for setting in CapturedSetting.all {
            Self.append(setting.tag, setting.read(configuration), to: &fields)
        }
        var bytes = CaptureFormat.magic + [CaptureFormat.version]
        Self.append(UInt64(fields.count), to: &bytes)
        bytes += fields
        let check = Self.check(fields[...])
        return bytes + (0..<4).map { UInt8(truncatingIfNeeded: check >> (8 * $0)) }
    }

    init(reading cursor: inout CaptureCursor) throws(CaptureError) {
        guard cursor.take(CaptureFormat.magic) else { throw .notACapture }
        let version = try cursor.byte()
        guard version == CaptureFormat.version else {
            throw .unsupportedVersion(found: version, known: CaptureFormat.version)
        }
        let at = cursor.position
        let length = try cursor.number()
        guard length <= CaptureFormat.maximumHeaderBytes else { throw .badValue(.headerLength, at: at) }
        var fields = try cursor.part(Int(length))
        let check = Self.check(cursor.bytes[fields.position..<cursor.position])
        for shift in stride(from: 0 as UInt32, to: 32, by: 8) where try cursor.byte() != UInt8(check >> shift & 0xFF) {
            throw .badValue(.headerCheck, at: at)
        }
        var configuration = PipelineConfiguration()
        var sampleRate = 0
        var fingerprint: Int64 = 0
        while !fields.isAtEnd {
            let at = fields.position
            let tag = try fields.number()
            let value = try fields.signed()
            if tag == Self.sampleRateTag {
                guard value == Int64(Frame.sampleRate) else { throw .badValue(.sampleRate, at: at) }
                sampleRate = Int(value)
            } else if tag == Self.shelfTag {
                fingerprint = value
            } else {
                guard let setting = CapturedSetting.all.first(where: { $0.tag == tag }) else {
                    throw .unknownSetting(tag: tag, at: at)
                }
                guard setting.write(&configuration, value) else { throw .badValue(.setting(tag), at: at) }
            }
        }
        guard sampleRate > 0 else { throw .badValue(.sampleRate, at: at) }
        self.init(configuration: configuration, sampleRate: sampleRate)
        shelfFingerprint = fingerprint
    }

    private static func check(_ fields: ArraySlice<UInt8>) -> UInt32 {
        var digest = CaptureDigest()
        for byte in fields { digest.add(UInt64(byte)) }
        return UInt32(truncatingIfNeeded: digest.value)
    }

    private static func append(_ tag: UInt64, _ value: Int64, to bytes: inout [UInt8]) {
        append(tag, to: &bytes)
        append(CaptureFormat.zigzag(value), to: &bytes)
    }

    private static func append(_ value: UInt64, to bytes: inout [UInt8]) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }
}
