/// The words of one call that the agent holds, as they come. A pure value.
struct HeldWords {
    struct Line {
        var turn: Int
        var speaker: CallTranscript.Speaker
        var text: String
        /// All of a reply that was interrupted after it had been told whole.
        var whole: String?
        var isCut = false
        /// It goes on; its end is told later, with all of it.
        var goesOn = false
        var start: Double
    }

    private static let maximumLines = 4096

    /// Who transcribes.
    var provider: String
    /// What the caller answered when asked whether the call may be recorded.
    var consent: Bool?
    private let asksConsent: Bool
    private var lines: [Line] = []
    private var bytes = 0

    init(provider: String, asksConsent: Bool) {
        self.provider = provider
        self.asksConsent = asksConsent
    }

    mutating func add(_ line: Line) {
        bytes += line.text.utf8.count
        // The transcript cuts at its limit; beyond it nothing is collected.
        guard bytes <= CallTranscript.maximumBytes + line.text.utf8.count, lines.count < Self.maximumLines else {
            return
        }
        lines.append(line)
    }

    private func reply(_ turn: Int, isCut: Bool) -> Int? {
        lines.lastIndex { $0.speaker == .agent && $0.turn == turn && $0.isCut == isCut }
    }

    /// A reply is told once all of it is known: also the one that was interrupted before, and went on.
    mutating func said(_ line: Line) {
        guard let index = reply(line.turn, isCut: true), lines[index].goesOn else { return add(line) }
        lines[index].text = line.text
        lines[index].goesOn = false
        lines[index].isCut = false
    }

    mutating func interrupted(_ line: Line) {
        guard let index = reply(line.turn, isCut: false) else { return add(line) }
        lines[index].whole = lines[index].text
        lines[index].text = line.text
        lines[index].isCut = true
    }

    mutating func resumed(_ turn: Int) {
        guard let index = reply(turn, isCut: true) else { return }
        if let whole = lines[index].whole {
            lines[index].text = whole
            lines[index].isCut = false
        } else {
            lines[index].goesOn = true
        }
    }

    var transcript: CallTranscript? {
        guard consent ?? !asksConsent else { return nil }
        var transcript = CallTranscript(lines: [], provider: provider)
        for line in lines { transcript.append(.init(line.speaker, line.text, start: line.start)) }
        return transcript
    }
}
