import Yams

extension ProfileSection {
    /// A line the agent says: bounded, and with placeholders only for the slots given.
    func spoken(_ key: String, or fallback: String? = nil, slots: [String] = [], fix: String) -> String {
        let text = text(key, or: fallback, fix: fix)
        if entry(key) != nil { check(spoken: text, path: at(key), mark: place(key), slots: slots) }
        return text
    }

    /// A list of lines the agent says.
    func spokenLines(_ key: String, or fallback: [String], fix: String) -> [String] {
        guard entry(key) != nil else { return fallback }
        let lines = texts(key, maximum: 20, fix: fix)
        if lines.isEmpty, case .sequence? = entry(key)?.node { fault(key, "has no line", fix: fix) }
        for (index, line) in lines.enumerated() {
            check(spoken: line.text, path: "\(at(key))[\(index)]", mark: line.mark, slots: [])
        }
        return lines.isEmpty ? fallback : lines.map(\.text)
    }

    private func check(spoken text: String, path: String, mark: Mark?, slots: [String]) {
        if text.count > ProfileLimits.maximumSpokenCharacters {
            log.add(
                path,
                at: mark,
                "has \(text.count) characters",
                fix: "keep what is spoken at once under \(ProfileLimits.maximumSpokenCharacters)"
            )
        }
        for placeholder in Placeholder.all(in: text) {
            switch placeholder {
            case .open:
                log.add(path, at: mark, "has a brace without its partner", fix: "write a slot's value as {slot}")
            case .slot(let name) where !slots.contains(name):
                let shown = String(name.prefix(40))
                let known = slots.isEmpty ? "no slot can be named here" : "slots here: \(slots.joined(separator: ", "))"
                let fix = Spelling.nearest(to: shown, in: slots).map { "did you mean {\($0)}?" } ?? known
                log.add(path, at: mark, "names {\(shown)}, which is not a slot here", fix: fix)
            case .slot:
                break
            }
        }
    }
}

/// The `{slot}` marks of a spoken line.
enum Placeholder: Equatable {
    case slot(String)
    /// A brace that does not close, or closes nothing.
    case open

    static func all(in text: String) -> [Placeholder] {
        var found: [Placeholder] = []
        var name: String?
        for character in text {
            switch (character, name) {
            case ("{", nil): name = ""
            case ("{", .some): found.append(.open)
            case ("}", let inside?):
                found.append(.slot(inside))
                name = nil
            case ("}", nil): found.append(.open)
            case (_, .some): name?.append(character)
            case (_, nil): break
            }
        }
        return name == nil ? found : found + [.open]
    }
}
