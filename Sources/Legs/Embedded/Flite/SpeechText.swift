import Foundation

/// Written text as the ASCII that flite can read, and the way back from each ASCII byte to the written text.
///
/// Flite takes every byte above 127 for a word of its own, so accents are dropped, signs are spelled out, and what has no
/// ASCII form becomes a space.
package struct SpeechText: Sendable {
    /// What flite is given. Holds no control character and no zero.
    package private(set) var ascii: [UInt8] = []
    /// The UTF-8 range of the written character behind each byte of `ascii`.
    private var sources: [Range<Int>] = []

    package init(_ written: String) {
        ascii.reserveCapacity(written.utf8.count)
        sources.reserveCapacity(written.utf8.count)
        var offset = 0
        for character in written {
            let source = offset..<(offset + character.utf8.count)
            offset = source.upperBound
            for byte in Self.folded(character) {
                ascii.append(byte)
                sources.append(source)
            }
        }
    }

    /// True when there is a letter or a digit to speak.
    package var hasWords: Bool {
        ascii.contains { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
            case UInt8(ascii: "0")...UInt8(ascii: "9"): true
            default: false
            }
        }
    }

    /// The UTF-8 range, in the written text, of a range of `ascii` that is not empty.
    package func written(_ range: Range<Int>) -> Range<Int> {
        sources[range.lowerBound].lowerBound..<sources[range.upperBound - 1].upperBound
    }

    private static let space: [UInt8] = [UInt8(ascii: " ")]

    private static func folded(_ character: Character) -> [UInt8] {
        // Flite leaves a lone ampersand out in one sentence and spells it out in the next.
        if character == "&" { return Array(" and ".utf8) }
        if let byte = character.asciiValue, character.utf8.count == 1 {
            // Flite makes a word without sound of a backslash.
            return 0x20...0x7E ~= byte && byte != UInt8(ascii: "\\") ? [byte] : space
        }
        if let spelled = spelled[character] { return Array(spelled.utf8) }
        let bytes = String(character).decomposedStringWithCompatibilityMapping.unicodeScalars.flatMap { scalar in
            spelled[Character(scalar)].map { Array($0.utf8) } ?? (scalar.isASCII ? [UInt8(scalar.value)] : [])
        }
        let printable = bytes.filter { 0x20...0x7E ~= $0 && $0 != UInt8(ascii: "\\") }
        return printable.isEmpty ? space : printable
    }

    /// Letters that do not decompose to ASCII, punctuation, and signs that have a spoken name.
    private static let spelled: [Character: String] = [
        "ß": "ss", "ẞ": "SS", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L",
        "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "þ": "th", "Þ": "Th", "ı": "i",
        "‘": "'", "’": "'", "‚": "'", "ʼ": "'", "“": "\"", "”": "\"", "„": "\"", "«": "\"", "»": "\"",
        "‐": "-", "‑": "-", "–": " - ", "—": ", ", "−": "-", "…": "...", "⁄": "/", "•": ", ",
        "€": " euro ", "£": " pound ", "¥": " yen ", "°": " degrees ", "×": " times ", "÷": " divided by ",
        "±": " plus or minus ", "½": " half ", "¼": " quarter ", "¾": " three quarters ",
    ]
}
