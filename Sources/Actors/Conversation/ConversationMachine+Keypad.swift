import Engine

/// Keys: they need no recogniser and no model.
extension ConversationMachine {
    /// The tenant's menu was said and waits for a key.
    struct OpenMenu: Sendable {
        /// How often it may still be said again.
        var repeats: Int
        /// When it is; nil while it is being said.
        var until: MediaInstant?
    }

    /// An open menu waits from now on.
    mutating func awaitKey(now: MediaInstant) {
        let patience = Duration.seconds(profile.menu?.timeoutSeconds ?? 0)
        menu?.until = now.advanced(by: patience)
    }

    mutating func pressed(_ key: Character, now: MediaInstant) -> [ConversationOutput] {
        if isAskingConsent { return consentPressed(key, now: now) }
        if canConverse, answersOpenQuestion(key) { return stopAnd(.ask(.digit(key), nil), now: now) }
        if let choice = profile.menu?.choices[key] {
            let said = announcement(for: choice.way, saying: choice.say)
            return stopAnd(.say(said), now: now)
        }
        if menu != nil || !canConverse, profile.menu != nil {
            // A key that is not on the menu: the menu is said again, as long as it may be.
            return stopAnd(.say(menuAgain()), now: now)
        }
        guard canConverse else { return current == nil ? fallBack(saying: "", now: now) : [] }
        return stopAnd(.ask(.digit(key), nil), now: now)
    }

    /// A question of the dialogue that is answered with this key comes before the menu.
    private func answersOpenQuestion(_ key: Character) -> Bool {
        switch openQuestion {
        case .digits: return true
        case .yesNo: return key == "1" || key == "2"
        case .choice(let options):
            return key.wholeNumberValue.map { (1...9).contains($0) && $0 <= options.count } ?? false
        case .intents, .dayTime, .name, .anything, nil: return false
        }
    }

    // MARK: The menu

    /// - Parameter repeats: how often it is said again for a caller who presses nothing.
    mutating func openMenu(saying words: String, repeats: Int) -> Announcement {
        menu = OpenMenu(repeats: repeats)
        return Announcement(text: joined(words, profile.menu?.say ?? ""), purpose: .menu)
    }

    /// Nobody pressed a key that is on the menu.
    mutating func menuAgain() -> Announcement {
        guard let open = menu, let settings = profile.menu else { return lastResort(saying: "") }
        guard open.repeats > 0 else {
            menu = nil
            return announcement(for: settings.otherwise == .menu ? .transfer(nil) : settings.otherwise, saying: "")
        }
        return openMenu(saying: "", repeats: open.repeats - 1)
    }

    /// What is said on the way to where a key leads.
    mutating func announcement(for way: TenantProfile.Way, saying words: String) -> Announcement {
        switch way {
        case .agent:
            guard canConverse else { return lastResort(saying: words) }
            menu = nil
            return words.isEmpty ? greeting() : Announcement(text: words, expect: .intents)
        case .menu:
            guard let settings = profile.menu else { return lastResort(saying: words) }
            return openMenu(saying: words, repeats: max(0, settings.attempts - 1))
        case .voicemail:
            guard profile.voicemail != nil else { return lastResort(saying: words) }
            return Announcement(text: words, action: .voicemail, isBinding: !canConverse)
        case .transfer(let name):
            guard let transfer = transfer(named: name) else { return lastResort(saying: words) }
            return announcement(of: transfer, saying: words.isEmpty ? transfer.say : words)
        case .hangUp:
            return Announcement(text: words.isEmpty ? profile.goodbye : words, action: .hangUp, isBinding: !canConverse)
        }
    }
}
