/// What a voice can do with a scalar.
enum SpeechScalar {
    case said
    /// Belongs to the letter before it.
    case mark
    case picture
    case dropped

    init(_ scalar: Unicode.Scalar, after previous: Unicode.Scalar?) {
        guard !scalar.isASCII else {
            self = scalar.value < 0x20 || scalar.value == 0x7F ? .dropped : .said
            return
        }
        let properties = scalar.properties
        switch scalar.value {
        case 0x200C, 0x200D: self = previous?.properties.isAlphabetic == true ? .mark : .dropped
        case 0xFE00...0xFE0F, 0x20E3, 0xE0000...0xE0FFF: self = .dropped
        case 0x2190...0x21FF, 0x1F3FB...0x1F3FF: self = .picture
        default:
            switch properties.generalCategory {
            case .control, .format, .surrogate, .unassigned, .privateUse: self = .dropped
            case .nonspacingMark, .enclosingMark, .spacingMark: self = previous == nil ? .dropped : .mark
            case .otherSymbol where scalar.value >= 0x2190: self = .picture
            default: self = properties.isEmojiPresentation ? .picture : .said
            }
        }
    }
}
