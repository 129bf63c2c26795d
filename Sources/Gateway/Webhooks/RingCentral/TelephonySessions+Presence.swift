extension TelephonySessions {
    /// Presence lists what an extension has now: calls known from it alone that are not listed any more are over.
    /// - Returns: nil when a later list of this extension came before.
    func current(_ changes: [PartyChange], _ extensionID: String, _ sequence: Int64?) -> [PartyChange]? {
        state.withLock { state in
            if let sequence {
                if let last = state.presence[extensionID], sequence <= last { return nil }
                if state.presence.count >= limit { state.presence = [:] }
                state.presence[extensionID] = sequence
            }
            let listed = Set(changes.map(\.session))
            let gone = state.order.compactMap { id -> PartyChange? in
                guard let entry = state.entries[id], entry.presence == extensionID, !entry.session.isEnded,
                    !listed.contains(id), let party = entry.session.actor?.party
                else { return nil }
                var change = PartyChange(session: id, party: party, status: .disconnected)
                change.at = changes.compactMap(\.at).max()
                return change
            }
            return changes + gone
        }
    }
}
