/// Why a capture cannot be read, and where. Positions are bytes from the start of the file.
public enum CaptureError: Error, Equatable, Sendable, CustomStringConvertible {
    public enum Part: Equatable, Sendable {
        case headerLength, headerCheck, sampleRate
        case setting(UInt64)
        case number, command, packetKind, packetCount, speech, samples, tickInputs, tickCount
    }

    case notACapture
    case unsupportedVersion(found: UInt8, known: UInt8)
    /// Made by an engine that has a setting this one does not know.
    case unknownSetting(tag: UInt64, at: Int)
    /// The call plays recordings that are not those given for its replay.
    case otherRecordings
    /// The file ends in the middle: the engine was killed, or the file was cut.
    case truncated(at: Int)
    case unknownRecord(UInt8, at: Int)
    case badValue(Part, at: Int)
    /// The inputs between the checkpoint before and this one are not those that were written.
    case altered(at: Int, second: Int64)
    /// Bytes after the end.
    case trailing(at: Int)
    case tooLarge(bytes: Int, limit: Int)

    public var description: String {
        switch self {
        case .notACapture: "not a capture: it does not begin with PARLEYCAP"
        case .unsupportedVersion(let found, let known):
            "a capture of format version \(found); this program reads version \(known)"
        case .unknownSetting(let tag, let at):
            "byte \(at): setting \(tag) is not known to this program; replay it with the one that made it, or a newer one"
        case .otherRecordings:
            "the call plays recordings that are not those given; name the folder of its tenant's profile with --profiles,"
                + " with the sounds as they were then"
        case .truncated(let at): "byte \(at): the file ends here, in the middle of the call"
        case .unknownRecord(let tag, let at): "byte \(at): no record begins with \(tag); the file is damaged"
        case .badValue(let part, let at): "byte \(at): impossible value (\(part)); the file is damaged"
        case .altered(let at, let second):
            "byte \(at): the inputs up to second \(second) are not those that were captured; the file is damaged"
        case .trailing(let at): "byte \(at): the capture ends here, the file goes on"
        case .tooLarge(let bytes, let limit): "the file has \(bytes) bytes, the limit is \(limit)"
        }
    }
}
