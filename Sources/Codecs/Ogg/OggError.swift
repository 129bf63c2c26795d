/// Why bytes are not an Ogg Opus file that can be read, or cannot become one.
public enum OggError: Error, Equatable, Sendable, CustomStringConvertible {
    /// No page begins where one must.
    case noPage(offset: Int)
    case unsupportedVersion(Int, offset: Int)
    /// The file ends inside the page that begins here.
    case truncated(offset: Int)
    /// The page that begins here was damaged.
    case badChecksum(offset: Int)
    /// Pages of one stream are numbered without gaps.
    case missingPage(expected: UInt32, found: UInt32)
    /// A packet goes on where none was begun, or stops where it was to go on.
    case badContinuation(offset: Int)
    /// More than one stream side by side: video, or several languages.
    case multiplexed
    /// Streams one after the other.
    case chained
    /// The header packets are missing, damaged or contradict themselves; the text says how.
    case badHeader(String)
    /// A channel mapping other than family 0 (mono and stereo).
    case unsupportedMapping(family: Int)
    /// A time stamp that runs backwards.
    case badGranule(offset: Int)
    case badPacket(index: Int)
    case tooLarge(bytes: Int, limit: Int)
    case tooLong(seconds: Int, limit: Int)
    case opus(OpusError)

    public var description: String {
        switch self {
        case .noPage(let offset): "no Ogg page at byte \(offset): not an Ogg file, or a damaged one"
        case .unsupportedVersion(let version, let offset): "Ogg version \(version) at byte \(offset) is unknown"
        case .truncated(let offset): "the file ends inside the Ogg page at byte \(offset)"
        case .badChecksum(let offset): "the Ogg page at byte \(offset) is damaged: its checksum is wrong"
        case .missingPage(let expected, let found): "Ogg page \(expected) is missing: page \(found) follows"
        case .badContinuation(let offset): "the Ogg page at byte \(offset) does not continue the one before it"
        case .multiplexed: "several streams side by side: extract the audio stream"
        case .chained: "several streams one after the other: split the file"
        case .badHeader(let what): "no Ogg Opus header: \(what)"
        case .unsupportedMapping(let family): "channel mapping family \(family): convert to mono or stereo"
        case .badGranule(let offset): "the Ogg page at byte \(offset) goes back in time"
        case .badPacket(let index): "Opus packet \(index) is damaged"
        case .tooLarge(let bytes, let limit): "the file has \(bytes) bytes, the limit is \(limit)"
        case .tooLong(let seconds, let limit): "the audio lasts \(seconds) s, the limit is \(limit) s"
        case .opus(let error): error.description
        }
    }
}
