import Yams

/// One mapping of a profile file, read key by key. A fault is logged and a harmless value returned, so that reading
/// goes on and finds every fault.
struct ProfileSection {
    struct Entry {
        let key: String
        let mark: Mark?
        let node: Node
    }

    let path: String
    let mark: Mark?
    let entries: [Entry]
    let log: FaultLog

    /// Logs a fault and returns nil when the node is no mapping.
    init?(_ node: Node, path: String, log: FaultLog) {
        guard case .mapping(let mapping) = node else {
            log.add(
                path,
                at: node.mark,
                "must be a group of keys, but is \(node.kindName)",
                fix: path.isEmpty ? "start the file with `name: ...`" : "write its keys below it, indented"
            )
            return nil
        }
        self.path = path
        self.mark = mapping.mark
        self.log = log
        var entries: [Entry] = []
        for (key, value) in mapping {
            guard case .scalar(let scalar) = key else {
                log.add(path, at: key.mark, "has a key that is \(key.kindName)", fix: "use a plain word as the key")
                continue
            }
            entries.append(Entry(key: scalar.string, mark: scalar.mark, node: value))
        }
        self.entries = entries
    }

    func at(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

    func entry(_ key: String) -> Entry? { entries.first { $0.key == key } }

    /// Where to point for a key: its value, or the section when it is missing.
    func place(_ key: String) -> Mark? { entry(key)?.node.mark ?? entry(key)?.mark ?? mark }

    func fault(_ key: String, _ problem: String, fix: String) {
        log.add(at(key), at: place(key), problem, fix: fix)
    }

    /// Logs every key that is not in the list, with the one that was probably meant.
    func allow(_ known: [String]) {
        for entry in entries where !known.contains(entry.key) {
            let name = String(entry.key.prefix(40))
            let fix =
                Spelling.nearest(to: name, in: known).map { "did you mean `\($0)`?" }
                ?? "known keys here: \(known.joined(separator: ", "))"
            log.add(at(name), at: entry.mark, "is not a known key", fix: fix)
        }
    }

    func missing(_ key: String, fix: String) {
        log.add(at(key), at: mark, "is missing", fix: fix)
    }

    // MARK: Text

    /// A text; `fallback` when the key is absent, a fault when there is no fallback either.
    func text(_ key: String, or fallback: String? = nil, fix: String) -> String {
        guard let entry = entry(key) else {
            if let fallback { return fallback }
            missing(key, fix: fix)
            return ""
        }
        return text(of: entry.node, path: at(key), fix: fix) ?? fallback ?? ""
    }

    /// A list of texts, none of them empty. Empty when the key is absent.
    func texts(_ key: String, maximum: Int = ProfileLimits.maximumListItems, fix: String) -> [(
        text: String, mark: Mark?
    )] {
        items(key, maximum: maximum, fix: fix).enumerated().compactMap { index, node in
            text(of: node, path: "\(at(key))[\(index)]", fix: fix).map { ($0, node.mark) }
        }
    }

    private func text(of node: Node, path: String, fix: String) -> String? {
        guard case .scalar(let scalar) = node else {
            log.add(path, at: node.mark, "must be text, but is \(node.kindName)", fix: fix)
            return nil
        }
        let text = scalar.string.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        guard !node.isNull, !text.isEmpty else {
            log.add(path, at: node.mark, "is empty", fix: fix)
            return nil
        }
        return text
    }

    // MARK: Numbers

    func whole(_ key: String, in range: ClosedRange<Int>, or fallback: Int) -> Int {
        whole(key, in: range) ?? fallback
    }

    func whole(_ key: String, in range: ClosedRange<Int>) -> Int? {
        guard let entry = entry(key) else { return nil }
        let fix = "write a whole number from \(range.lowerBound) to \(range.upperBound)"
        guard case .scalar(let scalar) = entry.node, let value = Int(scalar.string) else {
            fault(key, "must be a whole number", fix: fix)
            return nil
        }
        guard range.contains(value) else {
            fault(key, "is out of range", fix: fix)
            return nil
        }
        return value
    }

    /// - Returns: milliseconds.
    func duration(_ key: String, in range: ClosedRange<Int>, or fallback: Int) -> Int {
        guard let entry = entry(key) else { return fallback }
        let lower = DurationText.text(milliseconds: range.lowerBound)
        let upper = DurationText.text(milliseconds: range.upperBound)
        let fix = "write a duration from \(lower) to \(upper), with its unit (ms, s, min)"
        guard case .scalar(let scalar) = entry.node, let value = DurationText.milliseconds(scalar.string) else {
            fault(key, "must be a duration", fix: fix)
            return fallback
        }
        guard range.contains(value) else {
            fault(key, "is out of range", fix: fix)
            return fallback
        }
        return value
    }

    /// - Parameters and result: whole seconds; the range in milliseconds.
    func seconds(_ key: String, in range: ClosedRange<Int>, or fallback: Int) -> Int {
        let milliseconds = duration(key, in: range, or: fallback * 1000)
        if milliseconds % 1000 != 0 {
            fault(key, "must be whole seconds", fix: "write it with the unit s or min")
        }
        return milliseconds / 1000
    }

    // MARK: Choices

    func flag(_ key: String, or fallback: Bool) -> Bool {
        guard entry(key) != nil else { return fallback }
        switch text(key, or: "", fix: "write true or false").lowercased() {
        case "true", "yes", "on": return true
        case "false", "no", "off": return false
        case "": return fallback
        default:
            fault(key, "is neither true nor false", fix: "write true or false")
            return fallback
        }
    }

    func choice<Choice: CaseIterable & RawRepresentable<String>>(_ key: String, or fallback: Choice) -> Choice {
        guard entry(key) != nil else { return fallback }
        let text = text(key, or: "", fix: "write one of: \(Choice.list)")
        guard !text.isEmpty else { return fallback }
        guard let choice = Choice(rawValue: text) else {
            let guess = Spelling.nearest(to: text, in: Choice.allCases.map(\.rawValue))
            fault(
                key,
                "is not one of: \(Choice.list)",
                fix: guess.map { "did you mean `\($0)`?" } ?? "write one of them"
            )
            return fallback
        }
        return choice
    }

    /// A name that becomes a log value and a placeholder: `speak_to_person`.
    func identifier(_ key: String) -> String {
        let text = text(key, fix: Identifier.fix)
        if !text.isEmpty, !Identifier.isPlain(text) { fault(key, "is not a plain name", fix: Identifier.fix) }
        return text
    }

    // MARK: Parts

    func section(_ key: String) -> ProfileSection? {
        entry(key).flatMap { ProfileSection($0.node, path: at(key), log: log) }
    }

    func sections(_ key: String, maximum: Int, fix: String) -> [ProfileSection] {
        items(key, maximum: maximum, fix: fix).enumerated().compactMap { index, node in
            ProfileSection(node, path: "\(at(key))[\(index)]", log: log)
        }
    }

    private func items(_ key: String, maximum: Int, fix: String) -> [Node] {
        guard let entry = entry(key) else { return [] }
        guard case .sequence(let sequence) = entry.node else {
            fault(key, "must be a list, but is \(entry.node.kindName)", fix: fix)
            return []
        }
        if sequence.count > maximum {
            fault(key, "has \(sequence.count) entries", fix: "keep it to \(maximum)")
        }
        return Array(sequence.prefix(maximum))
    }
}

extension CaseIterable where Self: RawRepresentable<String> {
    static var list: String { allCases.map(\.rawValue).joined(separator: ", ") }
}

/// Names that profiles give to their own parts.
enum Identifier {
    static let fix = "write a name with a-z, 0-9 and _, at most 40 characters: book_visit"

    static func isPlain(_ text: String) -> Bool {
        text.allSatisfy { $0.isASCII && ($0.isLowercase || $0.isNumber || $0 == "_") } && text.count <= 40
            && text.first?.isLowercase == true
    }
}

extension Node {
    /// For faults: "a list".
    var kindName: String {
        switch self {
        case .scalar: isNull ? "empty" : "plain text"
        case .mapping: "a group of keys"
        case .sequence: "a list"
        case .alias: "an alias"
        }
    }

    /// An unquoted scalar that YAML reads as "nothing".
    var isNull: Bool {
        guard case .scalar(let scalar) = self, scalar.style == .plain || scalar.style == .any else { return false }
        return ["", "~", "null", "Null", "NULL"].contains(scalar.string)
    }
}
