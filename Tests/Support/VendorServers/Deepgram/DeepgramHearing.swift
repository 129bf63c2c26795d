import Codecs

/// Where the sound is in what a live connection received, and which words it is taken for. A value.
struct DeepgramHearing {
    typealias Word = (text: String, start: Double, end: Double)

    /// Of 16-bit samples: a window whose loudest sample lies below is silence.
    private static let loud = 1000
    /// Seconds that are loud or silent together.
    private static let window = 0.01

    private var heard: [Word] = []
    private var count = 0
    /// Seconds received, and those of them that were loud.
    private var position = 0.0
    private var sound = 0.0
    private var wordStart: Double?
    /// Where the latest sound ended.
    private var soundEnd = 0.0

    mutating func hear(_ bytes: [UInt8], isMuLaw: Bool, bytesPerSecond: Double, _ words: [String], each: Double) {
        let step = max(2, Int(bytesPerSecond * Self.window) & ~1)
        for start in stride(from: 0, to: bytes.count, by: step) {
            let part = bytes[start..<min(start + step, bytes.count)]
            let length = Double(part.count) / bytesPerSecond
            position += length
            guard Self.isLoud(part, isMuLaw: isMuLaw) else { continue }
            wordStart = wordStart ?? position - length
            soundEnd = position
            sound += length
            guard sound >= Double(count + 1) * each, !words.isEmpty else { continue }
            heard.append((words[count % words.count], wordStart ?? position, position))
            wordStart = nil
            count += 1
            if heard.count > 256 { heard.removeFirst(128) }
        }
    }

    /// Words that end in this stretch, in seconds of the audio.
    func words(from start: Double, to end: Double) -> [Word] { heard.filter { $0.end > start && $0.end <= end } }

    /// Words came since then, and silence of this length behind them.
    func isOver(after silence: Double, since start: Double) -> Bool {
        position - soundEnd >= silence && heard.last.map { $0.end > start } ?? false
    }

    private static func isLoud(_ bytes: ArraySlice<UInt8>, isMuLaw: Bool) -> Bool {
        guard !isMuLaw else { return bytes.contains { abs(Int(MuLaw.linear($0))) >= loud } }
        var index = bytes.startIndex
        while index + 1 < bytes.endIndex {
            let sample = Int16(bitPattern: UInt16(bytes[index]) | UInt16(bytes[index + 1]) << 8)
            if abs(Int(sample)) >= loud { return true }
            index += 2
        }
        return false
    }
}
