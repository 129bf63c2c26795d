import Actors

/// What was understood of one turn so far: finished pieces, and what may still change after them.
struct DeepgramTurnText: Equatable {
    private(set) var finished: [String] = []
    private(set) var interim = ""
    private(set) var language: String?
    private var bytes = 0
    private var confidences = 0.0
    private var weight = 0.0

    /// The words of the whole turn, the unstable ones included.
    var words: String { (finished + (interim.isEmpty ? [] : [interim])).joined(separator: " ") }

    /// - Parameter limit: UTF-8 bytes that are kept.
    mutating func take(_ text: String, isFinal: Bool, from alternative: DeepgramResults.Alternative?, limit: Int) {
        interim = ""
        guard !text.isEmpty, bytes + text.utf8.count <= limit else { return }
        guard isFinal else { return interim = text }
        finished.append(text)
        bytes += text.utf8.count
        language = alternative?.languages?.first ?? language
        if let confidence = alternative?.confidence {
            let words = Double(text.split(separator: " ").count)
            confidences += words * confidence
            weight += words
        }
    }

    func transcript(provider: String) -> Transcript {
        let text = words
        let confidence = weight > 0 ? min(1, max(0, confidences / weight)) : 1
        return Transcript(
            text: text,
            confidence: text.isEmpty ? 0 : confidence,
            provider: provider,
            language: language
        )
    }
}
