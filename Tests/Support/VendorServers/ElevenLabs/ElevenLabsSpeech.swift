import Foundation

/// One text as the server speaks it: audio, and when each character sounds, as written and as read.
struct ElevenLabsSpeech: Sendable {
    private struct Character: Sendable {
        var text: String
        /// Milliseconds from the start of the text.
        var start: Double
        var duration: Double
    }

    let text: String
    private let audio: [UInt8]
    private let bytesPerMillisecond: Double
    private var written: [Character] = []
    private var read: [Character] = []

    init(_ text: String, reads: [String: String], format: (rate: Int, isMuLaw: Bool)) {
        self.text = text
        let words = text.split(separator: " ").map(String.init)
        let spoken = words.map { reads[$0] ?? $0 }
        audio = VoiceTone.bytes(spoken.joined(separator: " "), rate: format.rate, isMuLaw: format.isMuLaw)
        bytesPerMillisecond = Double(format.rate) * (format.isMuLaw ? 1 : 2) / 1000
        let each = Double(VoiceTone.millisecondsPerCharacter)
        var time = 0.0
        for (index, word) in words.enumerated() {
            let length = Double(spoken[index].count) * each
            append(word, &written, time, length)
            append(spoken[index], &read, time, length)
            time += length
            append(" ", &written, time, each)
            append(" ", &read, time, each)
            time += each
        }
    }

    private func append(_ word: String, _ characters: inout [Character], _ start: Double, _ length: Double) {
        for (index, character) in word.enumerated() {
            let each = length / Double(word.count)
            characters.append(Character(text: String(character), start: start + each * Double(index), duration: each))
        }
    }

    func chunkDuration(_ settings: VoiceServerSettings) -> Duration {
        .seconds(Double(settings.chunkBytes) / bytesPerMillisecond / 1000)
    }

    /// A message with a single byte of audio.
    var drop: String { message(audio.prefix(1), nil, nil) }

    /// Messages that the text's audio takes.
    func count(_ settings: VoiceServerSettings) -> Int {
        (audio.count + settings.chunkBytes - 1) / settings.chunkBytes
    }

    /// One of them. Times count from the start of its audio.
    func message(
        _ number: Int,
        _ settings: VoiceServerSettings,
        _ alignment: ElevenLabsServer.Settings.Alignment
    ) -> String {
        let offset = number * settings.chunkBytes
        let chunk = audio[offset..<min(audio.count, offset + settings.chunkBytes)]
        let from = Double(offset) / bytesPerMillisecond
        let to = chunk.endIndex == audio.count ? .infinity : Double(chunk.endIndex) / bytesPerMillisecond
        return message(
            chunk,
            alignment == .both ? object(written, from, to) : nil,
            alignment == .none ? nil : object(read, from, to)
        )
    }

    private func object(_ characters: [Character], _ from: Double, _ to: Double) -> [String: Any] {
        let inside = characters.filter { (from..<to).contains($0.start) }
        return [
            "chars": inside.map(\.text),
            "charStartTimesMs": inside.map { Int($0.start - from) },
            "charDurationsMs": inside.map { Int($0.duration) },
        ]
    }

    private func message(_ audio: some Collection<UInt8>, _ written: [String: Any]?, _ read: [String: Any]?) -> String {
        let object: [String: Any] = [
            "audio": Data(audio).base64EncodedString(),
            "isFinal": NSNull(),
            "alignment": written ?? NSNull(),
            "normalizedAlignment": read ?? NSNull(),
        ]
        // Strings and numbers always serialise.
        let bytes = (try? JSONSerialization.data(withJSONObject: object)) ?? Data()
        return String(decoding: bytes, as: UTF8.self)
    }
}
