/// A slot's value as it is spoken back, and for a day and time what it was made of, so that a part can be changed.
package struct SlotValue: Equatable, Sendable {
    package var spoken: String
    package var dayTime: DayTime?

    package init(spoken: String, dayTime: DayTime? = nil) {
        self.spoken = spoken
        self.dayTime = dayTime
    }
}

/// What an utterance gave for a slot.
enum SlotReading: Equatable {
    /// `isExact`: the utterance said this and nothing else that counts.
    case value(SlotValue, isExact: Bool)
    /// A day without a time, or a time without a day.
    case partial(DayTime, isExact: Bool)
    /// Understood, but not possible; the text says why.
    case refused(String)
    case nothing

    var isExact: Bool {
        switch self {
        case .value(_, let isExact), .partial(_, let isExact): isExact
        case .refused, .nothing: false
        }
    }
}
