/// Which written forms are spelled out before a voice gets them. What is not in it, the voice's vendor reads itself.
public struct SpeechStyle: OptionSet, Sendable, Hashable {
    public let rawValue: UInt16

    public init(rawValue: UInt16) { self.rawValue = rawValue }

    /// Cardinals, ordinals, decimals, ranges.
    public static let numbers = SpeechStyle(rawValue: 1 << 0)
    /// Digit by digit, in groups.
    public static let telephone = SpeechStyle(rawValue: 1 << 1)
    public static let dates = SpeechStyle(rawValue: 1 << 2)
    public static let times = SpeechStyle(rawValue: 1 << 3)
    public static let money = SpeechStyle(rawValue: 1 << 4)
    /// Units of measure and percent.
    public static let units = SpeechStyle(rawValue: 1 << 5)
    /// E-mail and web addresses.
    public static let addresses = SpeechStyle(rawValue: 1 << 6)
    public static let abbreviations = SpeechStyle(rawValue: 1 << 7)
    /// Capitals that are spelled letter by letter.
    public static let acronyms = SpeechStyle(rawValue: 1 << 8)

    /// The text passes as it is written: for vendors that normalise well.
    public static let written: SpeechStyle = []
    /// Everything is spelled out: for the embedded voice.
    public static let spoken: SpeechStyle = [
        .numbers, .telephone, .dates, .times, .money, .units, .addresses, .abbreviations, .acronyms,
    ]
}
