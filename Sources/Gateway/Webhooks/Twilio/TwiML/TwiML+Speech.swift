extension TwiML {
    /// Text that the vendor speaks.
    package struct Say: Equatable, Sendable {
        /// Characters one element may hold, counted as UTF-16, which is the most any count gives.
        package static let textLimit = 4096

        package var content: [Speech]
        /// BCP 47.
        package var language: String?
        /// A voice of the vendor's; a pair of voice and language that does not fit fails the verb.
        package var voice: String?
        /// 0 repeats until the call ends.
        package var loop: Int?

        package init(_ text: String, language: String? = nil, voice: String? = nil, loop: Int? = nil) {
            self.init([.text(text)], language: language, voice: voice, loop: loop)
        }

        package init(_ content: [Speech], language: String? = nil, voice: String? = nil, loop: Int? = nil) {
            self.content = content
            self.language = language
            self.voice = voice
            self.loop = loop
        }

        /// A long plain text becomes several elements. One that is repeated, or marked up, is cut at a word instead: its parts
        /// would be repeated one by one.
        var elements: [Markup.Element] {
            if case .text(let text)? = content.first, content.count == 1, loop ?? 1 == 1 {
                return TextPieces.split(text, limit: Self.textLimit).map { element([.text($0)]) }
            }
            var room = Self.textLimit
            return [element(Speech.cut(content, room: &room))]
        }

        private func element(_ content: [Speech]) -> Markup.Element {
            Markup.Element(
                "Say",
                ["language": language, "voice": voice, "loop": loop.map { min($0, 1000) }],
                content.map(\.node)
            )
        }
    }

    /// Marked-up speech (SSML).
    package indirect enum Speech: Equatable, Sendable {
        case text(String)
        /// `time` as `100ms` or `2s`.
        case pause(strength: String? = nil, time: String? = nil)
        case prosody(rate: String? = nil, pitch: String? = nil, volume: String? = nil, [Speech])
        case emphasis(level: String, [Speech])
        case inLanguage(String, [Speech])
        /// `digits`, `telephone`, `date`, ...
        case sayAs(String, String)

        var node: Markup.Node {
            switch self {
            case .text(let text): .text(text)
            case .pause(let strength, let time):
                .element(Markup.Element("break", ["strength": strength, "time": time]))
            case .prosody(let rate, let pitch, let volume, let content):
                .element(
                    Markup.Element(
                        "prosody",
                        ["rate": rate, "pitch": pitch, "volume": volume],
                        content.map(\.node)
                    )
                )
            case .emphasis(let level, let content):
                .element(Markup.Element("emphasis", ["level": level], content.map(\.node)))
            case .inLanguage(let language, let content):
                .element(Markup.Element("lang", ["xml:lang": language], content.map(\.node)))
            case .sayAs(let kind, let text):
                .element(Markup.Element("say-as", ["interpret-as": kind], [.text(text)]))
            }
        }

        /// The parts that fit into `room` characters of text.
        static func cut(_ parts: [Speech], room: inout Int) -> [Speech] {
            var kept: [Speech] = []
            for part in parts where room > 0 {
                switch part {
                case .text(let text):
                    let piece = text.utf16.count > room ? TextPieces.first(of: text, limit: room) : text
                    room -= text.utf16.count
                    kept.append(.text(piece))
                case .sayAs(_, let text):
                    // A number that is cut is another number.
                    if text.utf16.count <= room { kept.append(part) }
                    room -= text.utf16.count
                case .pause: kept.append(part)
                case .prosody(let rate, let pitch, let volume, let content):
                    kept.append(.prosody(rate: rate, pitch: pitch, volume: volume, cut(content, room: &room)))
                case .emphasis(let level, let content):
                    kept.append(.emphasis(level: level, cut(content, room: &room)))
                case .inLanguage(let language, let content):
                    kept.append(.inLanguage(language, cut(content, room: &room)))
                }
            }
            return kept
        }
    }

    /// A sound file, or keys.
    package enum Play: Equatable, Sendable {
        /// - Parameter loop: 0 repeats until the call ends.
        case file(String, loop: Int? = nil)
        /// `0-9 * # w`; `w` waits half a second.
        case digits(String)

        var element: Markup.Element {
            switch self {
            case .file(let url, let loop):
                Markup.Element("Play", ["loop": loop.map { min($0, 1000) }], [.text(url)])
            case .digits(let digits): Markup.Element("Play", ["digits": digits])
            }
        }
    }
}
