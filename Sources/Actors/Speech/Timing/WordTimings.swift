/// When the words of a text sound, modelled: for voices that do not tell.
///
/// A word takes time by its syllables and letters, a comma or a stop inside the text some more. The whole is stretched as
/// audio comes, and is exact in length once the audio is over; silence before the first and after the last sound belongs to
/// no word. How long a text takes is right to about 10 % (root mean square over 30 sentences of the embedded voice slt), which
/// matters only until the audio is there.
public struct WordTimings: Sendable {
    private struct Word: Sendable {
        var range: Range<Int>
        /// Seconds at the modelled rate.
        var start: Double
        var end: Double
    }

    /// Least squares over 30 sentences of flite's slt: seconds for each syllable and each letter.
    private static let syllable = 0.0875
    private static let letter = 0.0399
    /// From the same fit, with the commas as a variable of their own.
    private static let comma = 0.13
    /// A stop inside a piece; one comma and a half, as nothing in the fit had one.
    private static let stop = 0.2
    /// A comma's length more than the model expects: beyond, it is stretched by this share at once, not for every frame.
    private static let headroom = 1.1
    /// About -50 dBFS: less is no sound.
    private static let silence: Int16 = 100

    private let words0: [Word]
    private let modelled: Double
    private let sampleRate: Int
    /// Samples that came, and where sound begins and ends in them.
    public private(set) var count = 0
    private var firstSound: Int?
    private var lastSound = 0
    /// Samples the whole is taken to have.
    private var total: Int
    private var isWhole = false

    /// - Parameters:
    ///   - language: BCP 47.
    ///   - sampleRate: of the audio, samples per second.
    public init(_ text: String, language: String, sampleRate: Int) {
        let rate = Self.rate(language)
        var words: [Word] = []
        var time = 0.0
        for token in SpokenToken.tokens(of: text) {
            let length = Self.seconds(token.text, language) * rate
            if length > 0 {
                words.append(Word(range: token.core, start: time, end: time + length))
                time += length
            }
            if token.closing.contains(where: { ",;:".contains($0) }) { time += Self.comma }
            if token.closing.contains(where: { ".!?\u{2026}".contains($0) }) { time += Self.stop }
        }
        words0 = words
        modelled = words.last?.end ?? 0
        self.sampleRate = sampleRate
        total = Int(modelled * Double(sampleRate))
    }

    /// Seconds a syllable takes, against English: Pellegrino, Coupé, Marsico, "A cross-language perspective on speech
    /// information rate", Language 87 (2011): syllables per second 6.19 English, 7.18 French, 5.97 German, 7.82 Spanish.
    private static func rate(_ language: String) -> Double {
        switch language.prefix(while: { $0 != "-" && $0 != "_" }).lowercased() {
        case "fr": 6.19 / 7.18
        case "de": 6.19 / 5.97
        case "es": 6.19 / 7.82
        default: 1
        }
    }

    private static func seconds(_ word: String, _ language: String) -> Double {
        var syllables = 0
        var letters = 0
        var isInVowel = false
        var previous: Character = " "
        for character in FoldedWords.folded(word) {
            if character.isLetter {
                letters += 1
                let isVowel = "aeiouy".contains(character)
                if isVowel, !isInVowel { syllables += 1 }
                // Scripts without Latin vowels: a letter is a syllable.
                if ClosedScript.contains(String(character)) { syllables += 1 }
                isInVowel = isVowel
            } else {
                isInVowel = false
                if character.isNumber {
                    letters += 4
                    syllables += 1
                }
            }
            previous = character
        }
        guard letters > 0 else { return 0 }
        let isMute =
            previous == "e" && syllables > 1 && !language.lowercased().hasPrefix("de")
            && !language.lowercased().hasPrefix("es")
        return Double(max(1, isMute ? syllables - 1 : syllables)) * syllable + Double(letters) * letter
    }

    /// Takes the next samples of the text's audio.
    /// - Returns: true when the times have changed.
    public mutating func add(_ samples: [Int16]) -> Bool {
        let before = firstSound
        if firstSound == nil, let first = samples.firstIndex(where: { $0 > Self.silence || $0 < -Self.silence }) {
            firstSound = count + first
        }
        if let last = samples.lastIndex(where: { $0 > Self.silence || $0 < -Self.silence }) {
            lastSound = count + last + 1
        }
        count += samples.count
        let needed = lastSound - (firstSound ?? 0)
        if needed > total {
            total = Int(Double(needed) * Self.headroom)
            return true
        }
        return before == nil && (firstSound ?? 0) > 0
    }

    /// The audio is over: its length is the words' length.
    public mutating func finish() {
        isWhole = true
        if let firstSound {
            total = lastSound - firstSound
        } else {
            total = count
        }
    }

    /// All words of the text with their times as far as they are known. UTF-8 offsets of the text, samples at its rate.
    public var words: [SpokenWord] {
        guard modelled > 0 else { return [] }
        let scale = Double(total) / modelled
        let start = firstSound ?? 0
        return words0.map { word in
            let begin = start + Int(word.start * scale)
            let end = start + Int(word.end * scale)
            return SpokenWord(utf8Range: word.range, samples: begin..<max(begin, end), isEstimated: true)
        }
    }
}
