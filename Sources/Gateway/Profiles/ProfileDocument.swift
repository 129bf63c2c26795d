import Yams

/// Turns a file's text into a tree of nodes that is safe to walk: bounded in size, without anchors and aliases.
enum ProfileDocument {
    static func compose(_ text: String, file: String) throws(ProfileFaults) -> Node {
        guard text.utf8.count <= ProfileLimits.maximumFileBytes else {
            throw ProfileFaults([tooLarge(file: file, bytes: text.utf8.count)])
        }
        try checkAliasMarks(text, file: file)
        // Nodes hold their anchors weakly; the parser owns them.
        let parser: Parser
        let root: Node?
        do {
            parser = try Parser(yaml: text, encoding: .utf8)
            root = try parser.singleRoot()
        } catch {
            throw ProfileFaults([fault(of: error, text: text, file: file)])
        }
        guard let root, !root.isNull else {
            throw ProfileFaults([
                ProfileFault(
                    file: file,
                    problem: "the file is empty",
                    fix: "copy a profile from profiles/tenants and change it"
                )
            ])
        }
        let log = FaultLog(file: file)
        withExtendedLifetime(parser) { findAnchors(root, path: "", log: log) }
        guard log.isEmpty else { throw ProfileFaults(log.sorted()) }
        return root
    }

    static func tooLarge(file: String, bytes: Int) -> ProfileFault {
        ProfileFault(
            file: file,
            problem: "the file has \(bytes) bytes",
            fix: "keep a profile under \(ProfileLimits.maximumFileBytes) bytes (64 KiB)"
        )
    }

    /// Aliases let a small file stand for a tree too large to walk. Composing is bounded only while there are few, so
    /// what may be an alias is counted in the raw text first: `*` and a letter, where a value can begin.
    private static func checkAliasMarks(_ text: String, file: String) throws(ProfileFaults) {
        var marks = 0
        var before: Unicode.Scalar = "\n"
        var isStar = false
        for scalar in text.unicodeScalars {
            if isStar, scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || scalar == "_" || scalar == "-"
            {
                marks += 1
            }
            isStar = scalar == "*" && (before.properties.isWhitespace || "[]{},:?-\"'".unicodeScalars.contains(before))
            before = scalar
        }
        guard marks > ProfileLimits.maximumAliasMarks else { return }
        throw ProfileFaults([
            ProfileFault(file: file, problem: "the file uses aliases (`*name`)", fix: "write the values out")
        ])
    }

    /// Does not look inside an anchored node: what an alias repeats is that same node.
    private static func findAnchors(_ node: Node, path: String, log: FaultLog) {
        guard node.anchor == nil else {
            log.add(path, at: node.mark, "has an anchor (`&name`)", fix: "write the value out wherever it is needed")
            return
        }
        switch node {
        case .mapping(let mapping):
            for (key, value) in mapping {
                let name = key.scalar.map { String($0.string.prefix(40)) } ?? "?"
                findAnchors(key, path: path, log: log)
                findAnchors(value, path: path.isEmpty ? name : "\(path).\(name)", log: log)
            }
        case .sequence(let sequence):
            for (index, item) in sequence.enumerated() { findAnchors(item, path: "\(path)[\(index)]", log: log) }
        case .scalar, .alias:
            break
        }
    }

    private static func fault(of error: any Error, text: String, file: String) -> ProfileFault {
        let fix = "check quotes, colons and indentation on this line and the one before"
        func fault(_ mark: Mark, _ problem: String, fix: String = fix) -> ProfileFault {
            ProfileFault(file: file, line: mark.line, column: mark.column, problem: problem, fix: fix)
        }
        switch error {
        case YamlError.scanner(let context, let problem, let mark, _),
            YamlError.parser(let context, let problem, let mark, _):
            return fault(mark, "not valid YAML: \(context.map { "\($0.text) " } ?? "")\(problem)")
        case YamlError.composer(_, let problem, let mark, _):
            return fault(
                mark,
                "not valid YAML: \(problem)",
                fix: "a profile is one document without anchors and aliases"
            )
        case YamlError.duplicatedKeysInMapping(let keys, let context):
            let names = keys.map { "`\($0.prefix(40))`" }.joined(separator: ", ")
            return fault(context.mark, "the same key is given twice: \(names)", fix: "keep one of them")
        case YamlError.reader(let problem, let offset, _, _):
            let place = place(ofCharacter: offset ?? 0, in: text)
            return ProfileFault(
                file: file,
                line: place.line,
                column: place.column,
                problem: "not valid YAML: \(problem)",
                fix: "remove the control character; save the file as UTF-8"
            )
        default:
            return ProfileFault(file: file, problem: "not valid YAML", fix: fix)
        }
    }

    private static func place(ofCharacter offset: Int, in text: String) -> (line: Int, column: Int) {
        let before = text.prefix(offset)
        let line = before.count(where: \.isNewline) + 1
        return (line, before.reversed().prefix { !$0.isNewline }.count + 1)
    }
}
