import Foundation

/// The installed pronunciation dictionary, cut down to the words somebody needs.
///
/// PocketSphinx keeps tables as long as its dictionary for every language model. With all 134 000 words a tenant's five
/// models take 3 s of CPU and 100 MB to load; with its own 1 500 entries they take 0.15 s and 17 MB.
package struct PronunciationDictionary: Sendable {
    private let text: Data

    /// - Throws: what reading the file throws.
    init(contentsOf path: String) throws {
        text = try Data(contentsOf: URL(filePath: path), options: .alwaysMapped)
    }

    package init(_ text: String) { self.text = Data(text.utf8) }

    /// The dictionary text for these words, alternative pronunciations included. A word it does not hold gets a guessed
    /// one.
    ///
    /// - Source: the CMU dictionary's format, one `word PHONE PHONE ...` a line, alternatives as `word(2)`.
    package func excerpt(for words: [String]) -> String {
        let wanted = Set(words)
        var found: Set<String> = []
        var lines: [String] = []
        text.withUnsafeBytes { bytes in
            for line in bytes.split(separator: UInt8(ascii: "\n")) {
                let entry = String(decoding: line.prefix { $0 != UInt8(ascii: " ") }, as: UTF8.self)
                let word = SpokenForm.spelling(entry)
                guard wanted.contains(word) else { continue }
                found.insert(word)
                lines.append(String(decoding: line, as: UTF8.self))
            }
        }
        for word in words where !found.contains(word) {
            lines.append("\(word) \(Pronunciation.phones(of: word).joined(separator: " "))")
        }
        return lines.sorted().joined(separator: "\n") + "\n"
    }
}
