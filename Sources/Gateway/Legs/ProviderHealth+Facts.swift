import Actors

extension ProviderHealth {
    /// For readiness: each provider of a leg that has others behind it, and whether it is asked at the moment.
    var facts: [EventValue] {
        snapshot().map { status in
            .object([
                "leg": .text(status.leg.rawValue), "provider": .text(status.provider),
                "state": .text(status.state.rawValue),
            ])
        }
    }
}
