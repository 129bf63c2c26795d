import Foundation

/// Each notification is sent once: when a call's last one is lost, its end has to be asked for.
extension TelephonySessions {
    /// A call nothing was heard of for this long may be over.
    package static let quiet = Duration.seconds(900)
    /// Asked about at a time: one request each, of the fifty a minute.
    static let maximumQuestions = 10

    /// Makes work of the calls to ask about. Goes through all of them, so it is called every minute at most.
    package func askAboutQuiet(now: ContinuousClock.Instant = .now) {
        let ids = state.withLock { state -> [String] in
            let quiet = state.order.filter { id in
                guard let entry = state.entries[id], !entry.session.isEnded, let heardAt = entry.heardAt else {
                    return false
                }
                return heardAt.advanced(by: Self.quiet) <= now
            }.prefix(Self.maximumQuestions)
            for id in quiet { state.entries[id]?.heardAt = now }
            return Array(quiet)
        }
        for id in ids { work(.ask(session: id)) }
    }

    /// The vendor knows this call no more: its end was not delivered.
    package func vanished(_ session: String, now: ContinuousClock.Instant = .now, date: Date = Date()) {
        let result = state.withLock { state -> Result in
            var result = Result()
            guard var entry = state.entries[session] else { return result }
            apply(entry.session.vanish(), nil, to: &entry, now, date, &result)
            Self.store(entry, in: &state)
            return result
        }
        deliver(result, date)
    }
}
