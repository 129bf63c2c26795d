import Actors

/// The keypad menu, and every place where a profile says where a call goes.
extension ProfileReader {
    func menu(in section: ProfileSection, ways: ProfileWays) -> TenantProfile.Menu? {
        guard let part = section.section("menu") else { return nil }
        part.allow(["say", "keys", "timeout", "attempts", "otherwise"])
        var menu = TenantProfile.Menu(
            say: part.spoken("say", fix: "write what the keys do: For appointments, press one."),
            choices: choices(in: part, ways: ways)
        )
        menu.timeoutSeconds = part.seconds("timeout", in: ProfileLimits.menuTimeout, or: menu.timeoutSeconds)
        menu.attempts = part.whole("attempts", in: ProfileLimits.menuAttempts, or: menu.attempts)
        menu.otherwise = ways.read("otherwise", in: part, or: menu.otherwise)
        if menu.otherwise == .menu {
            part.fault("otherwise", "goes to the menu again", fix: "raise `attempts`, and write where callers go then")
        }
        return menu
    }

    private func choices(in part: ProfileSection, ways: ProfileWays) -> [Character: TenantProfile.Menu.Choice] {
        let fix = "write what each key does: \"1\": {go: agent}"
        guard part.entry("keys") != nil else {
            part.missing("keys", fix: fix)
            return [:]
        }
        guard let keys = part.section("keys") else { return [:] }
        if keys.entries.isEmpty { part.fault("keys", "has no key", fix: fix) }
        var choices: [Character: TenantProfile.Menu.Choice] = [:]
        for entry in keys.entries {
            let name = String(entry.key.prefix(40))
            guard entry.key.count == 1, let key = entry.key.first, "0123456789*#".contains(key) else {
                keys.log.add(keys.at(name), at: entry.mark, "is not a key", fix: "use one of 0 to 9, \"*\" and \"#\"")
                continue
            }
            // `1` and `"1"` are different keys to YAML.
            if choices[key] != nil {
                keys.log.add(keys.at(name), at: entry.mark, "is given twice", fix: "keep one of them")
            }
            guard let choice = ProfileSection(entry.node, path: keys.at(name), log: keys.log) else { continue }
            choice.allow(["say", "go"])
            choices[key] = TenantProfile.Menu.Choice(
                say: choice.spoken("say", or: "", fix: "write what is said when the key was pressed, or leave it out"),
                way: ways.read("go", in: choice, or: nil)
            )
        }
        return choices
    }
}

/// Reads where a call goes, and checks that the profile has what is there: `agent`, `voicemail`, `{transfer: events}`.
struct ProfileWays {
    private static let words = ["agent", "menu", "voicemail", "transfer", "hang_up"]
    let root: ProfileSection
    let named: [String: TenantProfile.Transfer]

    /// - Parameter fallback: for a key that is not there; nil makes that a fault.
    func read(_ key: String, in part: ProfileSection, or fallback: TenantProfile.Way?) -> TenantProfile.Way {
        guard let entry = part.entry(key) else {
            guard let fallback else {
                part.missing(key, fix: "write one of: \(Self.words.joined(separator: ", "))")
                return .hangUp
            }
            check(fallback, key, in: part, isDefault: true)
            return fallback
        }
        if case .mapping = entry.node { return transfer(key, in: part) }
        let text = part.text(key, or: "", fix: "write one of: \(Self.words.joined(separator: ", "))")
        let way: TenantProfile.Way
        switch text {
        case "agent": way = .agent
        case "menu": way = .menu
        case "voicemail": way = .voicemail
        case "transfer": way = .transfer(nil)
        case "hang_up": way = .hangUp
        case "": return fallback ?? .hangUp
        default:
            let guess = Spelling.nearest(to: text, in: Self.words).map { "did you mean `\($0)`?" }
            part.fault(
                key,
                "is not one of: \(Self.words.joined(separator: ", "))",
                fix: guess ?? "write one of them, or {transfer: name}"
            )
            return fallback ?? .hangUp
        }
        check(way, key, in: part, isDefault: false)
        return way
    }

    /// `{transfer: events}` or `{transfer: "+12025550142"}`.
    private func transfer(_ key: String, in part: ProfileSection) -> TenantProfile.Way {
        guard let section = part.section(key) else { return .hangUp }
        section.allow(["transfer"])
        guard section.entry("transfer") != nil else {
            if section.entries.isEmpty { part.fault(key, "is empty", fix: "write {transfer: name}") }
            return .hangUp
        }
        let text = section.text("transfer", or: "", fix: "write a name of `transfers`, or a number as \"+12025550142\"")
        if text.isEmpty { return .hangUp }
        if let known = named[text] { return .transfer(known.number) }
        if PhoneNumberText.isE164(text) { return .transfer(text) }
        if text.contains(where: \.isNumber), !Identifier.isPlain(text) {
            section.fault("transfer", "is not an E.164 number", fix: "write it as \"+12025550142\"")
        } else {
            let names = named.keys.sorted()
            let fix =
                Spelling.nearest(to: text, in: names).map { "did you mean `\($0)`?" }
                ?? (names.isEmpty ? "add it under `transfers`" : "known: \(names.joined(separator: ", "))")
            section.fault("transfer", "names no transfer of this profile", fix: fix)
        }
        return .hangUp
    }

    private func check(_ way: TenantProfile.Way, _ key: String, in part: ProfileSection, isDefault: Bool) {
        let need: (what: String, part: String, fix: String)? =
            switch way {
            case .agent, .hangUp, .transfer(.some): nil
            case .menu: ("a menu", "menu", "add `menu:` with `say` and `keys`")
            case .voicemail: ("voicemail", "voicemail", "add `voicemail:` with `say`")
            case .transfer(nil): ("a transfer", "transfer", "add `transfer:` with a `number`")
            }
        guard let need, root.entry(need.part) == nil else { return }
        if isDefault {
            part.fault(key, "is \(need.what) when left out, but the profile has none", fix: "\(need.fix), or set it")
        } else {
            part.fault(key, "leads to \(need.what), but the profile has none", fix: need.fix)
        }
    }
}
